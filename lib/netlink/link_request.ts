/**
 * Requests that make, change and remove interfaces (linux/if_link.h). They serve the demo, which
 * builds a network of its own, and virtual router interfaces. Each is acknowledged by the kernel.
 */
import { assert, type IfIndex, type MacAddress, unreachable } from "../base/mod.ts";
import { AttributeWriter } from "./attributes.ts";
import {
  addressFamily,
  addressGenModeAttribute,
  addressGenModeNone,
  ipvlanFlag,
  ipvlanFlagsAttribute,
  ipvlanMode,
  ipvlanModeAttribute,
  linkAttribute,
  linkFlag,
  linkInfoAttribute,
  macvlanMode,
  macvlanModeAttribute,
  messageFlag,
  messageType,
  vethPeerAttribute,
  vlanIdAttribute,
  vrfTableAttribute,
} from "./constants.ts";
import { encodeLinkHeader, type LinkHeader } from "./link.ts";
import { encodeRequest } from "./message.ts";

/** Longest name of an interface (linux/if.h, IFNAMSIZ less its zero octet). */
export const maxLinkNameLength = 15;

/** What can be said of any interface, at its making or later. */
export interface LinkSettings {
  readonly up?: boolean;
  readonly mac?: MacAddress;
  readonly mtu?: number;
  /** The bridge or VRF to join; 0 leaves the present one. */
  readonly master?: IfIndex | 0;
  /** Device group. */
  readonly group?: number;
  /** File descriptor of the network namespace to live in. */
  readonly netnsFd?: number;
  /** Process whose network namespace to live in. */
  readonly netnsPid?: number;
}

/** The other end of a veth pair. */
export interface VethPeer extends LinkSettings {
  readonly name: string;
}

/** A new interface. */
export type CreateLink =
  & LinkSettings
  & { readonly name: string }
  & (
    | { readonly kind: "bridge" | "dummy" }
    | { readonly kind: "veth"; readonly peer: VethPeer }
    | {
      readonly kind: "macvlan";
      readonly link: IfIndex;
      readonly mode?: keyof typeof macvlanMode;
    }
    | {
      readonly kind: "ipvlan";
      readonly link: IfIndex;
      readonly mode?: keyof typeof ipvlanMode;
      readonly flag?: keyof typeof ipvlanFlag;
    }
    | { readonly kind: "vlan"; readonly link: IfIndex; readonly vlanId: number }
    | { readonly kind: "vrf"; readonly table: number }
  );

/** Changes of an interface. */
export interface SetLink extends LinkSettings {
  readonly ifIndex: IfIndex;
  readonly name?: string;
  /** The kernel makes no IPv6 link-local address when it comes up; not to be said with `up`. */
  readonly withoutLinkLocal?: true;
}

/** Makes an interface; refused with EEXIST when the name is taken. */
export function encodeCreateLink(request: CreateLink, sequence: number): Uint8Array {
  const body = new AttributeWriter();
  writeSettings(body, request, {});
  if ("link" in request) body.u32(linkAttribute.link, request.link);
  body.nested(linkAttribute.linkInfo, (info) => {
    info.text(linkInfoAttribute.kind, request.kind);
    info.nested(linkInfoAttribute.data, (data) => writeKindData(data, request));
  });
  const flags = messageFlag.request | messageFlag.ack | messageFlag.create | messageFlag.exclusive;
  return encodeRequest({ type: messageType.newLink, flags, sequence }, body);
}

/** Changes what the request names and leaves the rest. */
export function encodeSetLink(request: SetLink, sequence: number): Uint8Array {
  const body = new AttributeWriter();
  writeSettings(body, request, { ifIndex: request.ifIndex });
  if (request.withoutLinkLocal === true) {
    body.nested(linkAttribute.afSpec, (families) => {
      families.nested(addressFamily.ipv6, (ipv6) => {
        ipv6.u8(addressGenModeAttribute, addressGenModeNone);
      });
    });
  }
  const flags = messageFlag.request | messageFlag.ack;
  return encodeRequest({ type: messageType.newLink, flags, sequence }, body);
}

/** Removes an interface; of a veth pair both ends go. */
export function encodeDeleteLink(ifIndex: IfIndex, sequence: number): Uint8Array {
  const body = new AttributeWriter().raw(encodeLinkHeader({ ifIndex }));
  const flags = messageFlag.request | messageFlag.ack;
  return encodeRequest({ type: messageType.deleteLink, flags, sequence }, body);
}

/** Struct ifinfomsg and the attributes that all kinds share. */
function writeSettings(
  writer: AttributeWriter,
  settings: LinkSettings & { readonly name?: string },
  header: LinkHeader,
): void {
  const { up, name, mac, mtu, master, group, netnsFd, netnsPid } = settings;
  const change = up === undefined ? 0 : linkFlag.up;
  writer.raw(encodeLinkHeader({ ...header, flags: up === true ? linkFlag.up : 0, change }));
  if (name !== undefined) {
    assert(new TextEncoder().encode(name).length <= maxLinkNameLength, "an interface name fits");
    writer.text(linkAttribute.name, name);
  }
  if (mac !== undefined) writer.bytes(linkAttribute.address, mac);
  if (mtu !== undefined) writer.u32(linkAttribute.mtu, mtu);
  if (master !== undefined) writer.u32(linkAttribute.master, master);
  if (group !== undefined) writer.u32(linkAttribute.group, group);
  if (netnsFd !== undefined) writer.u32(linkAttribute.netnsFd, netnsFd);
  if (netnsPid !== undefined) writer.u32(linkAttribute.netnsPid, netnsPid);
}

/** What only one kind has: IFLA_INFO_DATA. */
function writeKindData(
  writer: AttributeWriter,
  request: CreateLink,
): void {
  switch (request.kind) {
    case "bridge":
    case "dummy":
      break;
    case "veth":
      writer.nested(vethPeerAttribute, (peer) => writeSettings(peer, request.peer, {}));
      break;
    case "macvlan":
      writer.u32(macvlanModeAttribute, macvlanMode[request.mode ?? "private"]);
      break;
    case "ipvlan":
      writer.u16(ipvlanModeAttribute, ipvlanMode[request.mode ?? "l2"]);
      if (request.flag !== undefined) writer.u16(ipvlanFlagsAttribute, ipvlanFlag[request.flag]);
      break;
    case "vlan":
      writer.u16(vlanIdAttribute, request.vlanId);
      break;
    case "vrf":
      writer.u32(vrfTableAttribute, request.table);
      break;
    default:
      unreachable(request);
  }
}
