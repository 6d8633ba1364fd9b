/**
 * `keepalived.stats`: what each virtual router counted.
 */
import type { CounterName } from "../vrrp/mod.ts";
import { type DumpView, instancesOf } from "./view.ts";

type Line = readonly [title: string, counter: CounterName];
type Section = readonly [title: string, lines: readonly Line[]];

const layout: readonly (Line | Section)[] = [
  ["Advertisements", [["Received", "advertReceived"], ["Sent", "advertSent"]]],
  ["Became master", "becomeMaster"],
  ["Released master", "releaseMaster"],
  ["Packet Errors", [
    ["Length", "packetLengthErrors"],
    ["TTL", "ipTtlErrors"],
    ["Invalid Type", "invalidTypeReceived"],
    ["Advertisement Interval", "advertIntervalErrors"],
    ["Address List", "addressListErrors"],
  ]],
  ["Authentication Errors", [
    ["Invalid Type", "invalidAuthType"],
    ["Type Mismatch", "authTypeMismatch"],
    ["Failure", "authFailure"],
  ]],
  ["Priority Zero", [["Received", "priorityZeroReceived"], ["Sent", "priorityZeroSent"]]],
];

/** The whole file; empty where there are no virtual routers. */
export function renderStatistics(view: DumpView): string {
  return instancesOf(view).map(({ status: { name, counters } }) => {
    const lines = layout.flatMap(([title, what]) => {
      if (typeof what === "string") return [`  ${title}: ${counters[what]}`];
      return [`  ${title}:`, ...what.map(([one, counter]) => `    ${one}: ${counters[counter]}`)];
    });
    return [`VRRP Instance: ${name}`, ...lines, ""].join("\n");
  }).join("");
}
