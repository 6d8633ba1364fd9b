/**
 * `standin sniff [IFACE]`: the adverts on an interface as they come, or on all that are in use,
 * with what is wrong about each, and in the end who spoke for which virtual router. It is no router
 * itself and changes nothing.
 */
import { networkInterfaces } from "node:os";
import process from "node:process";
import { formatIp, inMilliseconds, readMilliseconds } from "../base/mod.ts";
import { openSniffer } from "../host/linux/sniffer.ts";
import { exitCode } from "./exit.ts";
import { complain, print, wantsColours } from "./output.ts";

/** What can be said about listening. */
export interface SniffArguments {
  /** All that are up and have an address if absent. */
  readonly interfaceName: string | undefined;
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
  const places = interfaceName === undefined ? interfacesInUse() : [interfaceName];
  const isOne = places.length === 1;
  const sniffers = await Promise.all(places.map((place) =>
    openSniffer(place, (seen) => {
      if (vrid !== undefined && seen.vrid !== vrid) return;
      const where = isOne ? "" : ` on ${place}`;
      note(speakers, seen, where);
      print(json ? JSON.stringify(toJson(seen, place)) : render(seen, where));
    })
  ));
  const [problem = "no interface is up and has an address"] = sniffers.flatMap((one) =>
    one.ok ? [] : [one.error]
  );
  const listening = sniffers.flatMap((one) => one.ok ? [one.value] : []);
  if (listening.length === 0) {
    complain(`standin sniff: ${problem}`);
    return exitCode.failed;
  }
  const where = places.join(", ");
  if (!json) complain(`listening for VRRP on ${where}; Ctrl-C ends it`);
  await ending(forMs);
  for (const sniffer of listening) sniffer.close();
  if (!json) summarize(speakers, where);
  return exitCode.ok;
}

function interfacesInUse(): string[] {
  return Object.entries(networkInterfaces())
    .flatMap(([name, known = []]) => known.some(({ internal }) => !internal) ? [name] : []);
}

function ending(forMs: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (forMs !== undefined) setTimeout(resolve, forMs);
    // A pending timer is what keeps a process that only listens for signals alive.
    else setInterval(() => {}, 3_600_000);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

function note(speakers: Map<string, Speaker>, seen: Seen, where: string): void {
  const from = formatIp(seen.source);
  const name = `${seen.family} VRID ${seen.vrid ?? "?"} from ${from}${where}`;
  const speaker = speakers.get(name) ?? { name, adverts: 0, priority: 0, problems: new Set() };
  speakers.set(name, speaker);
  speaker.adverts++;
  speaker.priority = seen.priority;
  for (const problem of seen.problems) speaker.problems.add(problem);
}

function render(
  { source, destination, authentication, text, problems }: Seen,
  where: string,
): string {
  const time = new Date().toISOString().slice(11, 23);
  const how = authentication === "none" ? "" : ` ${authentication}`;
  const line = `${time} ${formatIp(source)} → ${formatIp(destination)} ${text}${how}${where}`;
  const [bad, plain] = wantsColours() ? ["\u001b[31m", "\u001b[0m"] : ["", ""];
  return [line, ...problems.map((problem) => `  ${bad}! ${problem}${plain}`)].join("\n");
}

function toJson(seen: Seen, place: string): Record<string, unknown> {
  const { advertInterval, addresses } = seen;
  return {
    at: new Date().toISOString(),
    interface: place,
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
