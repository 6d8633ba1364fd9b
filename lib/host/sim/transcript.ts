/**
 * The transcript of a run: what was sent, what the engines told, which addresses came and went, and
 * what was done to the network, each with its time. It is data, so that tests can look for things
 * in it, and prints as one line for each entry. Two runs from one seed print the same octets.
 */
import { type Instant, unreachable } from "../../base/mod.ts";
import { renderTell, type Tell } from "../../engine/mod.ts";
import { printFrame } from "../../wire/mod.ts";

/** Something that happened. */
export type Entry =
  | {
    readonly kind: "sent";
    readonly at: Instant;
    readonly node: string;
    readonly interfaceName: string;
    readonly frame: Uint8Array;
  }
  | { readonly kind: "told"; readonly at: Instant; readonly node: string; readonly tell: Tell }
  | {
    readonly kind: "address";
    readonly at: Instant;
    readonly node: string;
    readonly interfaceName: string;
    readonly change: "added" | "deleted";
    readonly address: string;
  }
  /** What the scenario did, in words. */
  | { readonly kind: "done"; readonly at: Instant; readonly text: string };

/** An entry as one line. */
export function renderEntry(entry: Entry): string {
  const time = `${(entry.at / 1_000_000).toFixed(6).padStart(12)} s`;
  switch (entry.kind) {
    case "sent":
      return `${time}  ${entry.node} ${entry.interfaceName} ${printFrame(entry.frame)}`;
    case "told":
      return `${time}  ${entry.node} ${renderTell(entry.tell)}`;
    case "address": {
      const sign = entry.change === "added" ? "+" : "-";
      return `${time}  ${entry.node} ${entry.interfaceName} ${sign}${entry.address}`;
    }
    case "done":
      return `${time}  * ${entry.text}`;
    default:
      return unreachable(entry);
  }
}
