/**
 * How late the adverts of a master are: each is compared with the one before it of the same router.
 */
import { addresses } from "./network.ts";
import type { Frame } from "./pcap.ts";

/** Milliseconds beyond the interval between adverts of the near side. */
export function latenessOf(frames: readonly Frame[], intervalMs: number): number[] {
  const latest = new Map<number, number>();
  const found: number[] = [];
  for (const frame of frames) {
    if (frame.kind !== "advert" || frame.source !== addresses.near) continue;
    const before = latest.get(frame.vrid);
    latest.set(frame.vrid, frame.at);
    if (before !== undefined) found.push((frame.at - before) / 1000 - intervalMs);
  }
  return found;
}
