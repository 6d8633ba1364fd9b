/**
 * From a block `track_probe` to its plan. What the probe looks at is said by one keyword; of
 * several the first in the order of the table counts, and that there are several was told before.
 */
import { type Duration, type Family, parseIp, parsePrefix, seconds } from "../base/mod.ts";
import { isDnsName } from "../check/mod.ts";
import type {
  DiskSubject,
  ProbePlan,
  ProbeSource,
  ProbeSubject,
  ProbeTarget,
} from "../track/mod.ts";
import { addressIn, integerIn, lastIn, secondsIn } from "./block_value.ts";
import { statusesOf } from "./build_http.ts";
import { commandOf, type Commands } from "./command_plan.ts";
import { describe, type Statement } from "./parse.ts";
import { probeUrlOf } from "./probe_url.ts";

/** The keywords that say what a probe looks at. */
export const probeKinds = [
  "ping",
  "arp",
  "tcp",
  "http",
  "dns",
  "route",
  "disk",
  "command",
  "at_least",
] as const;

/** Octets in a unit of `disk`. */
const units: Readonly<Record<string, number>> = { K: 1, M: 2, G: 3, T: 4 };

/** The plan of a probe; absent when the block does not say what it looks at. */
export function buildProbe(
  name: string,
  block: Statement,
  commands: Commands,
): ProbePlan | undefined {
  const subject = subjectOf(block, commands);
  if (subject === undefined) return undefined;
  const interval = within(secondsIn(block, "interval"), 0.1, 86_400) ?? seconds(1);
  const timeout = within(secondsIn(block, "timeout"), 0.01, 3600) ?? interval;
  return {
    kind: "probe",
    name,
    subject,
    interval,
    timeout: timeout < interval ? timeout : interval,
    rise: integerIn(block, "rise", 1, 1000) ?? 1,
    fall: integerIn(block, "fall", 1, 1000) ?? 3,
    initFail: lastIn(block, "init_fail") !== undefined,
  };
}

function within(value: Duration | undefined, least: number, most: number): Duration | undefined {
  if (value === undefined) return undefined;
  return value >= seconds(least) && value <= seconds(most) ? value : undefined;
}

function subjectOf(block: Statement, commands: Commands): ProbeSubject | undefined {
  for (const kind of probeKinds) {
    const statement = lastIn(block, kind);
    if (statement === undefined) continue;
    const subject = subjectFrom(kind, statement, block, commands);
    if (subject !== undefined) return subject;
  }
  return undefined;
}

function subjectFrom(
  kind: typeof probeKinds[number],
  statement: Statement,
  block: Statement,
  commands: Commands,
): ProbeSubject | undefined {
  const [first = "", second = "", third] = statement.args.map(({ text }) => text);
  const interfaceName = lastIn(block, "interface")?.args[0]?.text;
  const through = interfaceName === undefined ? {} : { interfaceName };
  switch (kind) {
    case "command":
      return {
        kind,
        command: commandOf(statement, describe(block), { ...commands, repeated: true }),
      };
    case "disk":
      return diskOf(first, second);
    case "route": {
      const prefix = prefixOf(first);
      return prefix === undefined ? undefined : { kind, prefix, ...through };
    }
    case "at_least": {
      const probes = statement.args.slice(1).map(({ text }) => text);
      return { kind: "group", least: Number(first), probes: [...new Set(probes)] };
    }
    case "http":
      return httpOf(first, second, block);
    default: {
      const target = targetOf(first);
      if (target === undefined) return undefined;
      const to = { target, from: sourceOf(block) };
      if (kind === "tcp") {
        const port = Number(second);
        return port >= 1 && port <= 65_535 ? { kind, port, ...to } : undefined;
      }
      if (kind !== "dns") return { kind, ...to };
      return {
        kind,
        name: isDnsName(second) ? second : ".",
        type: (third ?? "SOA").toUpperCase(),
        ...to,
      };
    }
  }
}

function httpOf(url: string, host: string, block: Statement): ProbeSubject | undefined {
  const read = probeUrlOf(url);
  if (read === undefined) return undefined;
  const { address, ...rest } = read;
  return {
    kind: "http",
    ...rest,
    ...(host === "" ? {} : { host }),
    statuses: statusesOf(block),
    target: { kind: "address", address },
    from: sourceOf(block),
  };
}

function sourceOf(block: Statement): ProbeSource {
  const address = addressIn(block, "source");
  const interfaceName = lastIn(block, "interface")?.args[0]?.text;
  return {
    ...(address === undefined ? {} : { address }),
    ...(interfaceName === undefined ? {} : { interfaceName }),
  };
}

function targetOf(text: string): ProbeTarget | undefined {
  const family: Family | undefined = text === "gateway"
    ? "ipv4"
    : text === "gateway6"
    ? "ipv6"
    : undefined;
  if (family !== undefined) return { kind: "gateway", family };
  const address = parseIp(text);
  return address === undefined ? undefined : { kind: "address", address };
}

function prefixOf(text: string): ReturnType<typeof parsePrefix> {
  if (text === "default6") return parsePrefix("::/0");
  return /^(?:default|any|all)$/.test(text) ? parsePrefix("0.0.0.0/0") : parsePrefix(text);
}

function diskOf(path: string, free: string): DiskSubject | undefined {
  const percent = /^(\d{1,2}(?:\.\d+)?)%$/.exec(free)?.[1];
  if (percent !== undefined) {
    return { kind: "disk", path, least: { kind: "percent", value: Number(percent) } };
  }
  const [, size, unit = ""] = /^(\d{1,12})([KMGT]?)$/.exec(free) ?? [];
  if (size === undefined) return undefined;
  const value = Number(size) * 1024 ** (units[unit] ?? 0);
  return { kind: "disk", path, least: { kind: "octets", value } };
}
