/**
 * What an earlier run left that only the host knows of: interfaces that it made, settings of the
 * kernel that it changed. They go before the engine sees the machine, so it starts on a clean one.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Libc } from "../../../ffi/mod.ts";
import { decodeLink, encodeDeleteLink, encodeGetLink } from "../../netlink/mod.ts";
import { clearFirewall } from "./firewall.ts";
import { type BalancerPaths, firewallPath, readHeldLinks, settingsPath } from "./held_file.ts";
import type { RouteNetlink } from "./route_netlink.ts";

/** Deletes the interfaces and puts the settings back that the held file lists. */
export function clearLeftovers(libc: Libc, heldPath: string, requests: RouteNetlink): void {
  clearFirewall(libc, firewallPath(heldPath));
  for (const name of readHeldLinks(heldPath)) {
    const found = requests.ask((sequence) => encodeGetLink(name, sequence));
    const link = found.ok ? decodeLink(found.value) : undefined;
    if (link?.ok !== true || (link.value.kind !== "macvlan" && link.value.kind !== "ipvlan")) {
      continue;
    }
    const { ifIndex } = link.value;
    requests.request((sequence) => encodeDeleteLink(ifIndex, sequence));
  }
  restoreSettings(settingsPath(heldPath));
}

/** Removes the tables of virtual servers. */
export function clearBalance(libc: Libc, { nftTable, markTable }: BalancerPaths): void {
  for (const path of [nftTable, markTable]) clearFirewall(libc, path);
}

function restoreSettings(path: string): void {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return;
  }
  for (const line of text.split("\n")) {
    const [, value, setting] = /^(\d+) (\/proc\/sys\/net\/\S+)$/.exec(line) ?? [];
    if (value === undefined || setting === undefined) continue;
    try {
      writeFileSync(setting, `${value}\n`);
    } catch {
      // The interface is gone.
    }
  }
  rmSync(path, { force: true });
}
