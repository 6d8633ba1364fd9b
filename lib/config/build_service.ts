/**
 * The settings of an IPVS service: scheduler, flags and persistence. keepalived: a service of all
 * ports and one with a granularity are persistent without saying so.
 */
import { parseIp, viewOf } from "../base/mod.ts";
import { type IpvsService, type IpvsServiceId, serviceFlag } from "../balance/mod.ts";
import { lastIn, says } from "./block_value.ts";
import type { Statement } from "./parse.ts";

/** IP_VS_SVC_PERSISTENT_TIMEOUT of keepalived: six minutes. */
const usualTimeout = 360;

const schedulers: ReadonlySet<string> = new Set(
  "rr wrr lc wlc lblc lblcr sh mh dh fo ovf sed nq twos".split(" "),
);

/** Flags of schedulers by their keywords, each with the scheduler that it needs. */
const flags: ReadonlyMap<string, readonly [flag: number, scheduler?: string]> = new Map([
  ["flag-1", [serviceFlag.scheduler1]],
  ["flag-2", [serviceFlag.scheduler2]],
  ["flag-3", [serviceFlag.scheduler3]],
  ["sh-fallback", [serviceFlag.scheduler1, "sh"]],
  ["sh-port", [serviceFlag.scheduler2, "sh"]],
  ["mh-fallback", [serviceFlag.scheduler1, "mh"]],
  ["mh-port", [serviceFlag.scheduler2, "mh"]],
]);

/** One of the services of a block, which have their settings in common. */
export function serviceOf(
  block: Statement,
  id: IpvsServiceId,
  all: readonly IpvsServiceId[],
): IpvsService {
  let set = says(block, ...flags.keys()) ? flagsIn(block) : 0;
  const isUdp = id.kind === "mark" || id.protocol === 17;
  if (lastIn(block, "ops") !== undefined && isUdp) set |= serviceFlag.onePacket;
  const persistence = persistenceOf(block, id, all);
  const engine = lastIn(block, "persistence_engine")?.words[0];
  const lasts = persistence.timeoutSeconds > 0;
  return {
    id,
    scheduler: schedulerOf(lastIn(block, ...schedulerWords)),
    flags: lasts ? set | serviceFlag.persistent : set,
    ...persistence,
    ...(engine === undefined ? {} : { engine }),
  };
}

const schedulerWords = ["lvs_sched", "lb_algo"];

function schedulerOf(statement: Statement | undefined): string {
  const word = statement?.words[0] ?? "";
  return schedulers.has(word) ? word : "wlc";
}

/** A flag counts when its scheduler stands before it. */
function flagsIn({ children = [] }: Statement): number {
  let scheduler = "wlc";
  let set = 0;
  for (const statement of children) {
    const [flag = 0, needed] = flags.get(statement.name) ?? [];
    if (schedulerWords.includes(statement.name)) scheduler = schedulerOf(statement);
    else if (needed === undefined || needed === scheduler) set |= flag;
  }
  return set;
}

function persistenceOf(
  block: Statement,
  id: IpvsServiceId,
  all: readonly IpvsServiceId[],
): Pick<IpvsService, "timeoutSeconds" | "netmask"> {
  const family = id.kind === "mark" ? id.family : id.address.family;
  const written = lastIn(block, "persistence_granularity")?.words[0];
  const netmask = written === undefined ? undefined : maskOf(written, family);
  const statement = lastIn(block, "persistence_timeout");
  const seconds = Number(statement?.words[0] ?? usualTimeout);
  const isWritten = statement !== undefined && seconds >= 1 && seconds <= 2_678_400;
  const hasAllPorts = all.some((one) => one.kind === "address" && one.port === 0);
  const needed = netmask !== undefined || hasAllPorts;
  return {
    timeoutSeconds: isWritten ? seconds : needed ? usualTimeout : 0,
    netmask: netmask ?? (family === "ipv4" ? 0xffff_ffff : 128),
  };
}

function maskOf(text: string, family: "ipv4" | "ipv6"): number | undefined {
  if (family === "ipv6") {
    const length = Number(text);
    return Number.isInteger(length) && length >= 1 && length <= 128 ? length : undefined;
  }
  const mask = parseIp(text);
  return mask?.family === "ipv4" ? viewOf(mask.bytes).getUint32(0, false) : undefined;
}
