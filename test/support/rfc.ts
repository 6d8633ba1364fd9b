/**
 * RFC 9568 and RFC 3768 as tests see them: the timer formulas of §6.1, worked out here once more
 * and in another way than in lib/vrrp, and the rules of §6.4 as a list. A story says which rules it
 * shows with `covers`; test/sim/coverage_test.ts finds the rules that no story shows.
 */
import assert from "node:assert/strict";

/** Skew_Time in microseconds: a fraction of a second in version 2, of the interval in version 3. */
export function skew(version: 2 | 3, priority: number, intervalSeconds: number): number {
  // Exact in whole 256ths of a microsecond; the daemon has whole microseconds, rounded down.
  const numerator = version === 2
    ? (256 - priority) * 1_000_000
    : (256 - priority) * Math.round(intervalSeconds * 100) * 10_000;
  return (numerator - numerator % 256) / 256;
}

/** Master_Down_Interval in microseconds: three intervals and the skew. */
export function downInterval(version: 2 | 3, priority: number, intervalSeconds: number): number {
  return 3 * Math.round(intervalSeconds * 1_000_000) + skew(version, priority, intervalSeconds);
}

/** The rules of RFC 9568 §6.4 that a story can show. */
export const rules: ReadonlyMap<string, string> = new Map([
  ["6.4.1 owner", "start with priority 255: advert, announcements, Adver_Timer, Master"],
  ["6.4.1 not owner", "start with less: Active_Down_Timer, Backup"],
  ["6.4.2 addresses", "a backup does not answer for the virtual addresses, nor accept for them"],
  ["6.4.2 shutdown", "a backup that is shut down goes in silence"],
  ["6.4.2 timer ipv4", "Active_Down_Timer fires: advert, gratuitous ARP, Adver_Timer, Master"],
  ["6.4.2 timer ipv6", "Active_Down_Timer fires: advert, neighbour advertisements, Master"],
  ["6.4.2 priority 0", "the master leaves: Active_Down_Timer is Skew_Time"],
  ["6.4.2 no preemption", "Preempt_Mode is false: an advert of any priority sets the timer"],
  ["6.4.2 not less", "priority not less: learn the interval, set the timer anew"],
  ["6.4.2 less", "Preempt_Mode is true and priority less: the advert is discarded"],
  ["6.4.3 addresses", "a master answers for the virtual addresses and accepts for them"],
  ["6.4.3 shutdown", "a master that is shut down sends priority 0"],
  ["6.4.3 timer", "Adver_Timer fires: advert, Adver_Timer anew"],
  ["6.4.3 priority 0", "another master leaves: advert at once, Adver_Timer anew"],
  ["6.4.3 greater priority", "priority greater: Backup, learn the interval, set the timer"],
  ["6.4.3 greater address", "equal priority and greater address: Backup"],
  ["6.4.3 otherwise", "anything else is discarded and answered with an advert at once"],
]);

/** What §6.4 asks for beside, and why no story shows it. */
export const beyond: ReadonlyMap<string, string> = new Map([
  ["6.4.2 virtual MAC", "virtual Ethernet addresses (use_vmac) are not there yet"],
  ["6.4.2 router advertisements", "router advertisements are not the daemon's"],
  ["6.4.3 solicited-node group", "the kernel joins it with the address"],
  ["6.4.3 virtual MAC", "virtual Ethernet addresses (use_vmac) are not there yet"],
  ["6.4.3 router advertisements", "router advertisements are not the daemon's"],
  ["6.4.3 accept mode", "no_accept is not there yet; addresses are accepted, as in keepalived"],
]);

/** Says that the story that goes on here shows these rules. */
export function covers(...shown: readonly string[]): void {
  for (const rule of shown) assert.ok(rules.has(rule), `RFC 9568 has no rule "${rule}"`);
}
