/**
 * `DNS_CHECK` and `UDP_CHECK`: names that can be, and octets as people write them.
 */
import type { ConnectionPlan, DnsPlan, MaskedOctets, UdpPlan } from "../check/mod.ts";
import { isDnsName } from "../check/mod.ts";
import { integerIn, lastIn } from "./block_value.ts";
import type { Context } from "./keyword.ts";
import type { Statement } from "./parse.ts";

const root = ".";

/** The plan of a `DNS_CHECK`; the root is asked for when the name can not be. */
export function buildDns(
  block: Statement,
  connection: ConnectionPlan,
  { report, owner }: Pick<Context, "report" | "owner">,
): DnsPlan {
  const type = lastIn(block, "type")?.words[0]?.toUpperCase() ?? "SOA";
  const word = lastIn(block, "name")?.args[0];
  const name = word?.text ?? root;
  const canBe = isDnsName(name);
  if (!canBe) {
    const message = `Cannot use name "${name}" for ${owner}: it is no name of DNS`;
    report.error(
      "bad-value",
      word?.place,
      message,
      "labels have 1 to 63 octets; the root is asked",
    );
  }
  return { kind: "dns", connection, type, name: canBe ? name : root };
}

/** The plan of a `UDP_CHECK`. */
export function buildUdp(block: Statement, connection: ConnectionPlan): UdpPlan {
  const payload = octetsIn(block, "payload");
  const like = octetsIn(block, "require_reply");
  const reply = like === undefined ? undefined : {
    like,
    lengthMin: integerIn(block, "min_reply_length", 0, 65_535) ?? 0,
    lengthMax: integerIn(block, "max_reply_length", 0, 65_535) ?? 255,
  };
  return {
    kind: "udp",
    connection,
    ...(payload === undefined ? {} : { payload: payload.value }),
    ...(reply === undefined ? {} : { reply }),
  };
}

/** keepalived: each word is cut into pairs of digits, and one that is left over is an octet. */
function octetsIn(block: Statement, keyword: string): MaskedOctets | undefined {
  const statement = lastIn(block, keyword);
  if (statement === undefined) return undefined;
  const octets = statement.args.flatMap(({ text }) => text.match(/[\da-fx]{1,2}/gi) ?? [])
    .map((pair) => pair.padStart(2, "0"));
  return {
    value: Uint8Array.from(octets, (pair) => Number.parseInt(pair.replace(/x/gi, "0"), 16)),
    mask: Uint8Array.from(
      octets,
      (pair) => Number.parseInt(pair.replace(/[\da-f]/gi, "f").replace(/x/gi, "0"), 16),
    ),
  };
}
