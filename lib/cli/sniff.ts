/**
 * `standin sniff IFACE`: the adverts on an interface as they come, with what is wrong about each,
 * and in the end who spoke for which virtual router. It is no router itself and changes nothing.
 */
import process from "node:process";
import { formatIp, inMilliseconds, readMilliseconds } from "../base/mod.ts";
import { openSniffer } from "../host/linux/sniffer.ts";
import { exitCode } from "./exit.ts";
import { complain, print, wantsColours } from "./output.ts";

/** What can be said about listening. */
export interface SniffArguments {
  readonly interfaceName: string;
  /** How long, in the words of the command line; until Ctrl-C if absent. */
  readonly duration: string | undefined;
  /** Only this virtual router. */
  readonly vrid: number | undefined;
  readonly json: boolean;
}

type Seen = Parameters<Parameters<typeof openSniffer>[1]>[0];

/** Who spoke for a virtual router. */
interface Speaker {
  readonly name: string;
  adverts: number;
  priority: number | undefined;
  readonly problems: Set<string>;
}

/** `standin sniff`. */
export async function runSniff(words: SniffArguments): Promise<number> {
  const { interfaceName, duration, vrid, json } = words;
  const forMs = duration === undefined ? undefined : readMilliseconds(duration);
  if (duration !== undefined && forMs === undefined) {
    complain(`standin sniff: expected a while such as 10s or 5m, not "${duration}"`);
    return exitCode.usage;
  }
  const speakers = new Map<string, Speaker>();
  const opened = await openSniffer(interfaceName, (seen) => {
    if (vrid !== undefined && seen.vrid !== vrid) return;
    note(speakers, seen);
    print(json ? JSON.stringify(toJson(seen)) : render(seen));
  });
  if (!opened.ok) {
    complain(`standin sniff: ${opened.error}`);
    return exitCode.failed;
  }
  if (!json) complain(`listening for VRRP on ${interfaceName}; Ctrl-C ends it`);
  await ending(forMs);
  opened.value.close();
  if (!json) summarize(speakers, interfaceName);
  return exitCode.ok;
}

function ending(forMs: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (forMs !== undefined) setTimeout(resolve, forMs);
    // A pending timer is what keeps a process that only listens for signals alive.
    else setInterval(() => {}, 3_600_000);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

function note(speakers: Map<string, Speaker>, seen: Seen): void {
  const from = formatIp(seen.source);
  const name = `${seen.family} VRID ${seen.vrid ?? "?"} from ${from}`;
  const speaker = speakers.get(name) ?? { name, adverts: 0, priority: 0, problems: new Set() };
  speakers.set(name, speaker);
  speaker.adverts++;
  speaker.priority = seen.priority;
  for (const problem of seen.problems) speaker.problems.add(problem);
}

function render({ source, destination, authentication, text, problems }: Seen): string {
  const time = new Date().toISOString().slice(11, 23);
  const how = authentication === "none" ? "" : ` ${authentication}`;
  const line = `${time} ${formatIp(source)} → ${formatIp(destination)} ${text}${how}`;
  const [bad, plain] = wantsColours() ? ["\u001b[31m", "\u001b[0m"] : ["", ""];
  return [line, ...problems.map((problem) => `  ${bad}! ${problem}${plain}`)].join("\n");
}

function toJson(seen: Seen): Record<string, unknown> {
  const { advertInterval, addresses } = seen;
  return {
    at: new Date().toISOString(),
    source: formatIp(seen.source),
    destination: formatIp(seen.destination),
    family: seen.family,
    vrid: seen.vrid ?? null,
    version: seen.version ?? null,
    priority: seen.priority ?? null,
    advertIntervalMs: advertInterval === undefined ? null : inMilliseconds(advertInterval),
    addresses: addresses?.map(formatIp) ?? null,
    authentication: seen.authentication,
    problems: seen.problems,
  };
}

function summarize(speakers: ReadonlyMap<string, Speaker>, interfaceName: string): void {
  if (speakers.size === 0) {
    print(
      `Nothing was heard on ${interfaceName}: no master is there, or a switch or a firewall ` +
        "keeps 224.0.0.18, ff02::12 or IP protocol 112 away.",
    );
    return;
  }
  print("");
  for (const { name, adverts, priority, problems } of speakers.values()) {
    const last = priority === undefined ? "" : `, priority ${priority}`;
    print(`${name}: ${adverts} ${adverts === 1 ? "advert" : "adverts"}${last}`);
    for (const problem of problems) print(`  ! ${problem}`);
  }
}
