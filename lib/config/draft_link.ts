/**
 * What a file said about the interface that standin makes for an instance.
 */
import type { IpPrefix } from "../base/mod.ts";
import type { Given } from "./draft.ts";
import type { Place } from "./source.ts";

/** The words after `use_vmac` or `use_ipvlan`. */
export interface VirtualLinkDraft {
  readonly kind: "macvlan" | "ipvlan";
  readonly place: Place;
  readonly name?: Given<string>;
  /** Five octets of an Ethernet address, or six. */
  readonly octets?: Given<Uint8Array>;
  /** The number of the device group. */
  readonly group?: number;
  /** `netlink_notify_msg`. */
  readonly notify?: boolean;
  readonly flag?: "bridge" | "private" | "vepa";
  readonly address?: Given<IpPrefix>;
}
