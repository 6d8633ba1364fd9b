/**
 * `track_probe`: it looks at one thing, and what it looks at must be possible.
 */
import { parseIp } from "../base/mod.ts";
import { probeKinds } from "./build_probe.ts";
import type { Inside } from "./cross_check.ts";

/** Holds the keywords of a probe against each other. */
export function checkProbe({ block, seen, context: { owner, report } }: Inside): void {
  const [kind, ...others] = probeKinds.filter((keyword) => seen.has(keyword));
  if (kind === undefined) {
    const message = `Cannot use ${owner}: it does not say what to look at`;
    report.error("missing-keyword", block.place, message, `write one of ${probeKinds.join(", ")}`);
  }
  for (const other of others) {
    const message = `Cannot use ${other} for ${owner}: it looks at ${kind} already`;
    report.error("excluded-keyword", seen.get(other)?.place, message);
  }
  const [asked] = seen.get("arp")?.args ?? [];
  if (asked?.text === "gateway6" || parseIp(asked?.text ?? "")?.family === "ipv6") {
    const message = `Cannot use arp ${asked?.text} for ${owner}: ARP is for IPv4`;
    report.error("bad-value", asked?.place, message, "ping asks a neighbour of IPv6 as well");
  }
  const [least, ...probes] = seen.get("at_least")?.args ?? [];
  if (least !== undefined && Number(least.text) > probes.length) {
    const message = `Cannot use at_least ${least.text} for ${owner}: there are ${probes.length}`;
    report.error("bad-value", least.place, message);
  }
}
