/**
 * What a node does for itself once it has started: it gives memory back and rehearses a failover.
 * Each step takes some milliseconds in which nothing else happens, so each waits for a moment in
 * which nothing is due for much longer than that; a node that never has such a moment goes without.
 */
import type { Libc } from "../../../ffi/mod.ts";
import { between, milliseconds } from "../../base/mod.ts";
import type { LinuxHost } from "./linux_host.ts";
import type { ProcessSettings } from "./process_settings.ts";
import { rehearseFailover } from "./rehearsal.ts";
import { releaseStartPages } from "./start_pages.ts";

/** The first packets come first. */
const firstDelayMs = 1000;
/** Between two steps, and before another look when the moment is not right. */
const nextDelayMs = 200;
/** A step takes up to 25 ms on a busy machine. */
const quiet = milliseconds(100);
/** Looks for a right moment; a minute and a half. */
const looks = 450;

/** What the settings of the process make of it. */
export type Settings = Pick<ProcessSettings, "unlocked" | "applyAgain">;

/** Begins to settle in. */
export function settleIn(libc: Libc, host: LinuxHost, settings?: () => Settings | undefined): void {
  function release(): void {
    const locked = settings?.();
    if (locked === undefined) releaseStartPages(libc);
    else locked.unlocked(() => releaseStartPages(libc));
  }
  const steps = [
    (): void => libc.releaseMemory(),
    release,
    (): void => rehearseFailover("ipv4"),
    (): void => rehearseFailover("ipv6"),
    (): void => settings?.()?.applyAgain(),
  ];
  let looked = 0;
  function look(): void {
    if (between(host.now(), host.engine.nextDeadline()) >= quiet) steps.shift()?.();
    if (steps.length > 0 && ++looked < looks) setTimeout(look, nextDelayMs).unref();
  }
  setTimeout(look, firstDelayMs).unref();
}
