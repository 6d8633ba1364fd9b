/**
 * What a checker looks at, from its block: each kind of checker has its own keywords.
 */
import type { RealServerPlan } from "../balance/mod.ts";
import type { ConnectionPlan, FileCheckPlan, SubjectPlan } from "../check/mod.ts";
import { addressIn, integerIn, lastIn } from "./block_value.ts";
import { definingBlocks } from "./build_trackers.ts";
import { commandOf, type Commands, userOf } from "./command_plan.ts";
import { describe, type Statement } from "./parse.ts";

/** The checkers that are built, and the kinds of what they look at. */
export const checkerKinds: Readonly<Record<string, SubjectPlan["kind"]>> = {
  TCP_CHECK: "tcp",
  MISC_CHECK: "misc",
  FILE_CHECK: "file",
  BFD_CHECK: "bfd",
};

/** What has to be known to build what a checker looks at. */
export interface SubjectPlace {
  readonly realServer: { readonly plan: RealServerPlan; readonly block: Statement };
  /** The port to ask when the server has none of its own. */
  readonly port: number;
  readonly commands: Commands;
  /** The blocks that define something to track. */
  readonly trackers: readonly Statement[];
}

/** What a checker looks at; absent when the block lacks what it can not be without. */
export function buildSubject(block: Statement, place: SubjectPlace): SubjectPlan | undefined {
  switch (checkerKinds[block.keyword.text]) {
    case "tcp":
      return { kind: "tcp", connection: connectionOf(block, place) };
    case "misc": {
      const statement = lastIn(block, "misc_path");
      if (statement === undefined) return undefined;
      const [user, group] = lastIn(block, "user")?.args ?? [];
      const identity = user === undefined ? undefined : userOf(user.text, group?.text);
      const owner = `MISC_CHECK of ${describe(place.realServer.block)}`;
      const command = commandOf(statement, owner, place.commands, identity);
      return { kind: "misc", command, dynamic: lastIn(block, "misc_dynamic") !== undefined };
    }
    case "file":
      return fileOf(block, place);
    case "bfd": {
      const tracker = lastIn(block, "name")?.args[0]?.text;
      if (definition(tracker, "bfd", place) === undefined || tracker === undefined) {
        return undefined;
      }
      return { kind: "bfd", tracker };
    }
    default:
      return undefined;
  }
}

function connectionOf(
  block: Statement,
  { realServer: { plan }, port }: SubjectPlace,
): ConnectionPlan {
  const source = addressIn(block, "bindto");
  const sourcePort = integerIn(block, "bind_port", 1, 65_535);
  const interfaceName = lastIn(block, "bind_if")?.args[0]?.text;
  const mark = integerIn(block, "fwmark", 1, 4_294_967_295);
  return {
    address: addressIn(block, "connect_ip") ?? plan.address,
    port: integerIn(block, "connect_port", 1, 65_535) ?? (plan.port === 0 ? port : plan.port),
    ...(source === undefined ? {} : { source }),
    ...(sourcePort === undefined ? {} : { sourcePort }),
    ...(interfaceName === undefined ? {} : { interfaceName }),
    ...(mark === undefined ? {} : { mark }),
  };
}

/** The weight of the checker, else that of the track_file; a file counts once when nobody says. */
function fileOf(block: Statement, place: SubjectPlace): FileCheckPlan | undefined {
  const tracker = lastIn(block, "track_file")?.args[0]?.text;
  const file = definition(tracker, "file", place);
  if (tracker === undefined || file === undefined) return undefined;
  const words = [block, file].map((one) => lastIn(one, "weight")?.args.map(({ text }) => text))
    .find((found) => /^[+-]?\d{1,10}$/.test(found?.[0] ?? ""));
  const weight = Number(words?.[0] ?? 1);
  return { kind: "file", tracker, weight, reverse: words?.[1] === "reverse" };
}

function definition(
  name: string | undefined,
  kind: string,
  { trackers }: SubjectPlace,
): Statement | undefined {
  return trackers.find(({ keyword, args }) =>
    definingBlocks[keyword.text] === kind && args[0]?.text === name
  );
}
