/**
 * Where a check goes and comes from: what all checkers that ask something over the network say.
 */
import type { RealServerPlan } from "../balance/mod.ts";
import type { ConnectionPlan } from "../check/mod.ts";
import { addressIn, integerIn, lastIn, says } from "./block_value.ts";
import type { Body } from "./body.ts";
import type { Statement } from "./parse.ts";

/** The server that is asked, and the port when it has none of its own. */
export interface Asked {
  readonly plan: Pick<RealServerPlan, "address" | "port">;
  readonly port: number;
}

/** Keywords of connections. */
export const connectionKeywords: readonly string[] = [
  "connect_ip",
  "connect_port",
  "bindto",
  "bind_port",
  "bind_if",
  "fwmark",
];

/** What checkers say of their connections, by their bodies. */
const known = new WeakMap<Body, Partial<ConnectionPlan>>();

/** The connection of a checker. */
export function connectionOf(block: Statement, { plan, port }: Asked): ConnectionPlan {
  const { body } = block;
  let said = body && known.get(body);
  if (said === undefined) {
    said = connectionIn(block);
    if (body !== undefined) known.set(body, said);
  }
  const usualPort = plan.port === 0 ? port : plan.port;
  const usual = { address: plan.address, port: usualPort };
  return said === nothing ? usual : { ...usual, ...said };
}

/** Most checkers ask their server, and no more is said. */
const nothing: Partial<ConnectionPlan> = {};

function connectionIn(block: Statement): Partial<ConnectionPlan> {
  if (!says(block, ...connectionKeywords)) return nothing;
  const source = addressIn(block, "bindto");
  const sourcePort = integerIn(block, "bind_port", 1, 65_535);
  const interfaceName = lastIn(block, "bind_if")?.words[0];
  const mark = integerIn(block, "fwmark", 1, 4_294_967_295);
  const address = addressIn(block, "connect_ip");
  const port = integerIn(block, "connect_port", 1, 65_535);
  const connection: { -readonly [Key in keyof ConnectionPlan]?: ConnectionPlan[Key] } = {};
  if (address !== undefined) connection.address = address;
  if (port !== undefined) connection.port = port;
  if (source !== undefined) connection.source = source;
  if (sourcePort !== undefined) connection.sourcePort = sourcePort;
  if (interfaceName !== undefined) connection.interfaceName = interfaceName;
  if (mark !== undefined) connection.mark = mark;
  return connection;
}
