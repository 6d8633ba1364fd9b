/**
 * What a checker looks at, from its block: each kind of checker has its own keywords.
 */
import type { RealServerPlan } from "../balance/mod.ts";
import type {
  AgentPlan,
  CommandCheckPlan,
  ConnectionPlan,
  FileCheckPlan,
  ProbePlan,
  SubjectPlan,
  TlsPlan,
} from "../check/mod.ts";
import { integerIn, lastIn } from "./block_value.ts";
import { connectionOf } from "./build_connection.ts";
import { buildDns, buildUdp } from "./build_datagram.ts";
import { buildHttp } from "./build_http.ts";
import { definingBlocks } from "./build_trackers.ts";
import { commandOf, type Commands, userOf } from "./command_plan.ts";
import { describe, type Statement } from "./parse.ts";

/** The checkers that are built, and the kinds of what they look at. */
export const checkerKinds: Readonly<Record<string, SubjectPlan["kind"]>> = {
  TCP_CHECK: "tcp",
  HTTP_GET: "http",
  SSL_GET: "http",
  SMTP_CHECK: "smtp",
  host: "smtp",
  AGENT_CHECK: "agent",
  DNS_CHECK: "dns",
  UDP_CHECK: "udp",
  PING_CHECK: "ping",
  MISC_CHECK: "misc",
  FILE_CHECK: "file",
  BFD_CHECK: "bfd",
};

/** What mail servers are greeted with when nobody says what; keepalived's. */
const usualHelo = "smtpchecker.keepalived.org";

/** What has to be known to build what a checker looks at. */
export interface SubjectPlace {
  readonly realServer: { readonly plan: RealServerPlan; readonly block: Statement };
  readonly virtualServer: { readonly block: Statement };
  /** The port to ask when the server has none of its own. */
  readonly port: number;
  readonly commands: Commands;
  /** The blocks that define something to track. */
  readonly trackers: readonly Statement[];
  /** What `SSL_GET` can prove. */
  readonly tls: TlsPlan;
}

/** What a checker looks at; absent when the block lacks what it can not be without. */
export function buildSubject(block: Statement, place: SubjectPlace): SubjectPlan | undefined {
  const kind = checkerKinds[block.name];
  switch (kind) {
    case undefined:
      return undefined;
    case "misc":
      return commandCheck(block, place);
    case "file":
      return fileOf(block, place);
    case "bfd": {
      const tracker = lastIn(block, "name")?.words[0];
      if (definition(tracker, "bfd", place) === undefined || tracker === undefined) {
        return undefined;
      }
      return { kind: "bfd", tracker };
    }
    default:
      return buildProbe(kind, block, place);
  }
}

function buildProbe(
  kind: ProbePlan["kind"],
  block: Statement,
  { realServer, virtualServer, port, tls, commands }: SubjectPlace,
): ProbePlan | undefined {
  const connection = connectionOf(block, { plan: realServer.plan, port });
  switch (kind) {
    case "tcp":
    case "ping":
      return { kind, connection };
    case "http": {
      const around = [realServer.block, virtualServer.block];
      const own = block.name === "SSL_GET" ? tls : undefined;
      return buildHttp({ block, around, connection, tls: own });
    }
    case "smtp": {
      const helo = lastIn(block, "helo_name")?.words[0] ?? usualHelo;
      return { kind, connection, helo };
    }
    case "agent":
      return agentOf(block, connection);
    case "dns": {
      const owner = `DNS_CHECK of ${describe(realServer.block)}`;
      return buildDns(block, connection, { report: commands.report, owner });
    }
    case "udp":
      return buildUdp(block, connection);
  }
}

/** An agent has a port of its own, which nobody can guess. */
function agentOf(block: Statement, connection: ConnectionPlan): AgentPlan | undefined {
  if (integerIn(block, "connect_port", 1, 65_535) === undefined) return undefined;
  const send = lastIn(block, "send")?.words[0];
  const plan = { kind: "agent", connection } as const;
  return send === undefined ? plan : { ...plan, send: unescaped(send) };
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\" };

function unescaped(text: string): string {
  return text.replaceAll(/\\([nrt\\])/g, (_, letter: string) => escapes[letter] ?? letter);
}

function commandCheck(block: Statement, place: SubjectPlace): CommandCheckPlan | undefined {
  const statement = lastIn(block, "misc_path");
  if (statement === undefined) return undefined;
  const [user, group] = lastIn(block, "user")?.args ?? [];
  const identity = user === undefined ? undefined : userOf(user.text, group?.text);
  const owner = `MISC_CHECK of ${describe(place.realServer.block)}`;
  const command = commandOf(statement, owner, { ...place.commands, repeated: true }, identity);
  return { kind: "misc", command, dynamic: lastIn(block, "misc_dynamic") !== undefined };
}

/** The weight of the checker, else that of the track_file; a file counts once when nobody says. */
function fileOf(block: Statement, place: SubjectPlace): FileCheckPlan | undefined {
  const tracker = lastIn(block, "track_file")?.words[0];
  const file = definition(tracker, "file", place);
  if (tracker === undefined || file === undefined) return undefined;
  const words = [block, file].map((one) => lastIn(one, "weight")?.words)
    .find((found) => /^[+-]?\d{1,10}$/.test(found?.[0] ?? ""));
  const weight = Number(words?.[0] ?? 1);
  return { kind: "file", tracker, weight, reverse: words?.[1] === "reverse" };
}

function definition(
  name: string | undefined,
  kind: string,
  { trackers }: SubjectPlace,
): Statement | undefined {
  return trackers.find((block) => definingBlocks[block.name] === kind && block.words[0] === name);
}
