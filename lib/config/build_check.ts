/**
 * From the checkers of a real server to their plans. What a checker does not say it takes from its
 * server, and that from its virtual server.
 */
import { type Duration, seconds } from "../base/mod.ts";
import type { RealServerPlan } from "../balance/mod.ts";
import type { CheckPlan } from "../check/mod.ts";
import { addressIn, integerIn, lastIn, secondsIn, truthIn } from "./block_value.ts";
import type { Statement } from "./parse.ts";

/** Where a checker stands. */
export interface CheckPlace {
  readonly virtualServer: { readonly name: string; readonly block: Statement };
  readonly realServer: { readonly plan: RealServerPlan; readonly block: Statement };
  /** The port to ask when the server has none of its own. */
  readonly port: number;
}

/** The plans of all checkers of a server that are built. */
export function buildChecks(place: CheckPlace): CheckPlan[] {
  const { realServer, virtualServer } = place;
  const blocks = (realServer.block.children ?? []).filter(({ keyword }) =>
    keyword.text === "TCP_CHECK"
  );
  return blocks.map((block, index): CheckPlan => {
    const chain = [block, realServer.block, virtualServer.block];
    const time = (keyword: string): Duration | undefined =>
      chain.map((level) => secondsIn(level, keyword)).find((found) => found !== undefined);
    const delayLoop = time("delay_loop") ?? seconds(60);
    const retry = chain.map((level) =>
      integerIn(level, "retry", level === block ? 0 : 1, 4_294_967_295)
    ).find((found) => found !== undefined);
    return {
      kind: "tcp",
      name: `${virtualServer.name} ${realServer.plan.name} ${index + 1}`,
      virtualServer: virtualServer.name,
      realServer: realServer.plan.name,
      connection: connectionOf(block, place),
      connectTimeout: time("connect_timeout") ?? seconds(5),
      retry: retry ?? 1,
      delayBeforeRetry: time("delay_before_retry") ?? seconds(1),
      warmup: time("warmup") ?? delayLoop,
      delayLoop,
      alpha: chain.map((level) => truthIn(level, "alpha")).find((found) => found !== undefined) ??
        false,
      tellsAll: truthIn(block, "log_all_failures") ?? false,
    };
  });
}

function connectionOf(
  block: Statement,
  { realServer: { plan }, port }: CheckPlace,
): CheckPlan["connection"] {
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
