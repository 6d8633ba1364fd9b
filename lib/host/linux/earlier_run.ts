/**
 * What an earlier run left for this one, and nobody has cleared away: routes and rules, addresses,
 * and what people asked of servers.
 */
import { spawnSync } from "node:child_process";
import { balancerPaths, type HeldAddress, readHeldRouting } from "./held_file.ts";
import { keptOverrides } from "./kept_overrides.ts";
import type { LinuxHost } from "./linux_host.ts";
import type { Log } from "./log.ts";

/** Both an earlier daemon and its guard were killed: what the guard would have done is done now. */
export function removeHeldRouting(log: Log, heldPath: string): void {
  const lines = readHeldRouting(heldPath);
  if (lines.length === 0) return;
  const script = "while read -r words; do ip $words; done";
  const input = lines.map((line) => `${line}\n`).join("");
  spawnSync("/bin/sh", ["-c", script], { input, stdio: ["pipe", "ignore", "ignore"] });
  log.write("warning", `removed ${lines.length} routes and rules that an earlier run left`);
}

/** What people asked of servers, and to be kept. */
export function restoreOverrides(host: LinuxHost, heldPath: string): void {
  const overrides = keptOverrides(balancerPaths(heldPath).overrides);
  if (overrides.length > 0) host.feed({ kind: "overrides-kept", overrides });
}

/** Addresses go unless the engine takes them over. */
export function removeLeftovers(host: LinuxHost, leftovers: readonly HeldAddress[]): void {
  for (const { interfaceName, address, prefixLength, peer } of leftovers) {
    const ifIndex = host.indexOf(interfaceName);
    if (ifIndex === undefined) continue;
    const plan = {
      address,
      prefixLength,
      ...(peer === undefined ? {} : { peer }),
      scope: 0,
      duplicateDetection: true,
      home: false,
      manageTemporary: false,
      noPrefixRoute: false,
      autoJoin: false,
      tracked: false,
    };
    host.feed({ kind: "leftover", ifIndex, plan });
  }
}
