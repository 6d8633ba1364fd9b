/**
 * A network namespace with one Ethernet interface, for a daemon that must not touch this machine.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { ownedPrefix, removeNamespace } from "../support/owned.ts";

/** Why no daemon can be run here; `undefined` when it can. */
export function whyNoNetwork(): string | undefined {
  if (process.getuid?.() !== 0) return "needs root";
  if (spawnSync("ip", ["-V"]).status !== 0) return "needs the ip command";
  if (!existsSync("/proc/self/ns/net")) return "needs network namespaces";
  return undefined;
}

/** A namespace and what can be asked of it. */
export interface Network {
  /** Words before a command that shall run inside. */
  readonly inside: readonly string[];
  /** The addresses of the interface eth0, as `10.77.0.1/24`. */
  addresses(): string[];
}

/** Runs a body with a network; it is gone afterwards, whatever happens. */
export async function withNetwork(
  name: string,
  body: (network: Network) => Promise<void>,
): Promise<void> {
  const namespace = `${ownedPrefix("smoke")}-${name}`;
  function remove(): void {
    removeNamespace(namespace);
  }
  // Also when the body never comes back and the runner gives up.
  process.once("exit", remove);
  execFileSync("ip", ["netns", "add", namespace]);
  try {
    for (
      const words of [
        "link set lo up",
        "link add eth0 type veth peer name other0",
        "address add 10.77.0.1/24 dev eth0",
        "link set other0 up",
        "link set eth0 up",
      ]
    ) execFileSync("ip", ["-n", namespace, ...words.split(" ")]);
    await body({
      inside: ["ip", "netns", "exec", namespace],
      addresses: () => addressesOf(namespace),
    });
  } finally {
    process.off("exit", remove);
    remove();
  }
}

function addressesOf(namespace: string): string[] {
  const words = ["-n", namespace, "-o", "-4", "address", "show", "eth0"];
  const text = execFileSync("ip", words, { encoding: "utf8" });
  return [...text.matchAll(/ inet (\S+)/g)].map(([, address = ""]) => address);
}
