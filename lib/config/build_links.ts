/**
 * What is believed of links: `linkbeat_interfaces`, `linkbeat_use_polling` and
 * `interface_up_down_delays` become one plan for each interface that one of them names.
 */
import { type Duration, seconds } from "../base/mod.ts";
import type { LinkMethod, LinkPlan, TrackingPlan } from "../track/mod.ts";
import type { InstancePlan } from "../vrrp/mod.ts";
import type { Draft } from "./draft.ts";
import type { Statement } from "./parse.ts";
import type { Report } from "./report.ts";
import { isInterfaceName } from "./value.ts";

type Entry = { -readonly [Key in keyof LinkPlan]: LinkPlan[Key] };

const methods: Readonly<Record<string, LinkMethod>> = {
  MII: "mii",
  ETHTOOL: "ethtool",
  IOCTL: "ioctl",
};

/** The plans of all links that are not simply what the kernel says. */
export function buildLinks(
  draft: Draft,
  instances: readonly InstancePlan[],
  tracking: readonly TrackingPlan[],
  report: Report,
): LinkPlan[] {
  const entries = new Map<string, Entry>();
  function entry(name: string): Entry {
    const known = entries.get(name) ?? { name, downDelay: seconds(0), upDelay: seconds(0) };
    entries.set(name, known);
    return known;
  }
  for (const line of linesOf(draft, "interface_up_down_delays")) {
    const [down, up] = line.args.map(({ text }) => secondsIn(text));
    const known = entry(line.name);
    known.downDelay = down ?? seconds(0);
    // keepalived: an up delay that nobody wrote is none, whatever its man page says.
    known.upDelay = up ?? seconds(0);
    checkDelays(known, line, instances, report);
  }
  for (const line of linesOf(draft, "linkbeat_interfaces")) {
    entry(line.name).poll = methods[line.words[0] ?? ""] ?? "mii";
  }
  for (const name of polledNames(draft, instances, tracking)) entry(name).poll ??= "mii";
  return [...entries.values()].filter(({ name, downDelay, upDelay, poll }) =>
    isInterfaceName(name) &&
    (downDelay > 0 || upDelay > 0 || poll !== undefined)
  );
}

function linesOf(draft: Draft, keyword: string): Statement[] {
  return draft.links.flatMap((block) => block.name === keyword ? block.children ?? [] : []);
}

function secondsIn(text: string): Duration | undefined {
  return /^\+?\d{1,3}$/.test(text) && Number(text) <= 255 ? seconds(Number(text)) : undefined;
}

/** keepalived: a loss must be believed before the others believe that we are gone. */
function checkDelays(
  entry: Entry,
  { place }: Statement,
  instances: readonly InstancePlan[],
  report: Report,
): void {
  for (const { name, interfaceName, downTimerAdverts, advertInterval } of instances) {
    if (interfaceName !== entry.name) continue;
    const limit = (downTimerAdverts - 1) * advertInterval;
    if (entry.downDelay < limit && entry.upDelay < limit) continue;
    if (entry.downDelay === 0 && entry.upDelay === 0) continue;
    const message = `Cannot use the delays of interface "${entry.name}": they have to be shorter ` +
      `than down_timer_adverts - 1 intervals of vrrp_instance "${name}"; none are used`;
    report.error("long-delay", place, message);
    entry.downDelay = seconds(0);
    entry.upDelay = seconds(0);
  }
}

function polledNames(
  draft: Draft,
  instances: readonly InstancePlan[],
  tracking: readonly TrackingPlan[],
): string[] {
  if (draft.global.linkPolling === true) {
    const tracked = tracking.flatMap(({ uses }) =>
      uses.flatMap(({ kind, name }) => kind === "interface" ? [name] : [])
    );
    return [...instances.map(({ interfaceName }) => interfaceName), ...tracked];
  }
  const names: string[] = [];
  for (const { linkPolling, interfaceName } of draft.instances) {
    if (linkPolling === true && interfaceName !== undefined) names.push(interfaceName.value);
  }
  return names;
}
