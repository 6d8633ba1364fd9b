/**
 * The door to the network lab. The lab itself is loaded when it is asked for: a daemon, which never
 * builds a network, must not carry it.
 */
import type { LabNode, NetworkLab } from "./lab.ts";

export type { LabNode, NetworkLab };
export type { Ping, Pinger } from "./pinger.ts";

/**
 * Opens a network lab, which needs CAP_SYS_ADMIN and CAP_NET_ADMIN, if only within a user
 * namespace. Throws a sentence when the kernel refuses.
 */
export async function openNetworkLab(): Promise<NetworkLab> {
  return (await import("./lab.ts")).NetworkLab.open();
}
