/**
 * What the process may do: without these capabilities the daemon could start but not work, so it
 * says which one is missing and does not start.
 */
import { readFileSync } from "node:fs";

/** Bits of the capability sets, <linux/capability.h>, and what each is needed for. */
const needed: readonly (readonly [bit: number, name: string, purpose: string])[] = [
  [12, "CAP_NET_ADMIN", "add and remove virtual addresses"],
  [13, "CAP_NET_RAW", "send and receive VRRP packets"],
];

/** The capabilities that are missing, each with what it is needed for. */
export function missingCapabilities(status: string = readStatus()): string[] {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  return needed
    .filter(([bit]) => (effective >> BigInt(bit) & 1n) === 0n)
    .map(([, name, purpose]) => `${name} (to ${purpose})`);
}

function readStatus(): string {
  return readFileSync("/proc/self/status", "latin1");
}
