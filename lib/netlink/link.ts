/**
 * Network interfaces (linux/rtnetlink.h, struct ifinfomsg): what the kernel says of them, and the
 * requests that list them. The requests that change them are in `link_request.ts`.
 *
 * Not every RTM_NEWLINK and RTM_DELLINK is about a link coming or going: those of family `bridge`
 * say that a link joined or left a bridge, so callers look at `family` first.
 */
import {
  type IfIndex,
  ifIndex,
  type MacAddress,
  macFromBytes,
  ok,
  type Result,
  viewOf,
} from "../base/mod.ts";
import { AttributeReader, AttributeWriter } from "./attributes.ts";
import {
  addressFamily,
  ipvlanFlagsAttribute,
  ipvlanModeAttribute,
  linkAttribute,
  linkFlag,
  linkInfoAttribute,
  macvlanModeAttribute,
  messageFlag,
  messageType,
  operStates,
  skipStatistics,
  vrfTableAttribute,
} from "./constants.ts";
import { failure, type NetlinkError } from "./error.ts";
import { encodeRequest, type NetlinkMessage } from "./message.ts";

/*
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+-------------------------------+
 *  |    Family     |      Pad      |   Type of hardware (ARPHRD)   |
 *  +---------------+---------------+-------------------------------+
 *  |                             Index                             |
 *  +---------------------------------------------------------------+
 *  |                             Flags                             |
 *  +---------------------------------------------------------------+
 *  |                 Change: which flags are meant                 |
 *  +---------------------------------------------------------------+
 */
const field = { family: 0, hardwareType: 2, index: 4, flags: 8, change: 12 } as const;

/** Length of struct ifinfomsg. */
const linkHeaderLength = 16;

/** ARPHRD_ETHER (linux/if_arp.h). */
const hardwareEthernet = 1;

/** Whether an interface can carry traffic (RFC 2863 ifOperStatus). */
export type OperState = typeof operStates[number];

/** One interface. */
export interface LinkMessage {
  /** 0, or `addressFamily.bridge` when the message is about membership in a bridge. */
  readonly family: number;
  readonly ifIndex: IfIndex;
  readonly name: string;
  /** Absent where the link layer is not Ethernet. */
  readonly mac?: MacAddress;
  readonly mtu: number;
  /** All IFF_… flags. */
  readonly flags: number;
  readonly up: boolean;
  readonly running: boolean;
  readonly loopback: boolean;
  readonly operState: OperState;
  /** What made it: `veth`, `bridge`, `macvlan`, …; absent for hardware. */
  readonly kind?: string;
  /** MACVLAN_MODE_… of a macvlan. */
  readonly macvlanMode?: number;
  /** IPVLAN_MODE_… and IPVLAN_F_… of an ipvlan. */
  readonly ipvlanMode?: number;
  readonly ipvlanFlags?: number;
  /** Device group. */
  readonly group?: number;
  /** The bridge, bond or VRF that it belongs to. */
  readonly master?: IfIndex;
  /** The link below it, or the other end of a veth pair. */
  readonly linkIndex?: number;
  /** The network namespace in which `linkIndex` counts, when it is another one. */
  readonly netnsId?: number;
}

/** Reads an RTM_NEWLINK or RTM_DELLINK. */
export function decodeLink(message: NetlinkMessage): Result<LinkMessage, NetlinkError> {
  const { payload } = message;
  if (payload.length < linkHeaderLength) {
    return failure("truncated", `Link message is cut short: got ${payload.length} octets`);
  }
  const view = viewOf(payload);
  const attributes = new AttributeReader(payload.subarray(linkHeaderLength));
  const flags = view.getUint32(field.flags, true);
  const name = attributes.text(linkAttribute.name);
  const link = {
    family: view.getUint8(field.family),
    ifIndex: ifIndex(view.getInt32(field.index, true)),
    name: name ?? "",
    mtu: attributes.u32(linkAttribute.mtu) ?? 0,
    flags,
    up: (flags & linkFlag.up) !== 0,
    running: (flags & linkFlag.running) !== 0,
    loopback: (flags & linkFlag.loopback) !== 0,
    operState: operStates[attributes.u8(linkAttribute.operState) ?? 0] ?? "unknown",
    ...decodeMac(attributes, view.getUint16(field.hardwareType, true)),
    ...decodeKind(attributes),
    ...decodeRelations(attributes),
  };
  if (attributes.error !== undefined) return { ok: false, error: attributes.error };
  if (name === undefined) return failure("malformed", `Link ${link.ifIndex} has no name`);
  return ok(link);
}

function decodeMac(attributes: AttributeReader, hardware: number): { mac?: MacAddress } {
  const bytes = attributes.bytes(linkAttribute.address);
  if (hardware !== hardwareEthernet || bytes === undefined) return {};
  const mac = macFromBytes(bytes);
  return mac === undefined ? {} : { mac };
}

function decodeKind(
  attributes: AttributeReader,
): Pick<LinkMessage, "kind" | "macvlanMode" | "ipvlanMode" | "ipvlanFlags"> {
  const info = attributes.nested(linkAttribute.linkInfo);
  const kind = info?.text(linkInfoAttribute.kind);
  if (info === undefined || kind === undefined) return {};
  if (kind === "ipvlan") {
    const data = info.nested(linkInfoAttribute.data);
    const ipvlanMode = data?.u16(ipvlanModeAttribute) ?? 0;
    return { kind, ipvlanMode, ipvlanFlags: data?.u16(ipvlanFlagsAttribute) ?? 0 };
  }
  if (kind !== "macvlan") return { kind };
  const mode = info.nested(linkInfoAttribute.data)?.u32(macvlanModeAttribute);
  return mode === undefined ? { kind } : { kind, macvlanMode: mode };
}

function decodeRelations(
  attributes: AttributeReader,
): Pick<LinkMessage, "master" | "linkIndex" | "netnsId" | "group"> {
  const group = attributes.u32(linkAttribute.group);
  const master = attributes.u32(linkAttribute.master);
  const linkIndex = attributes.u32(linkAttribute.link);
  const netnsId = attributes.i32(linkAttribute.linkNetnsId);
  return {
    ...(master === undefined ? {} : { master: ifIndex(master) }),
    ...(linkIndex === undefined ? {} : { linkIndex }),
    ...(netnsId === undefined ? {} : { netnsId }),
    ...(group === undefined ? {} : { group }),
  };
}

/** What stands in struct ifinfomsg of a request. */
export interface LinkHeader {
  readonly ifIndex?: number;
  readonly flags?: number;
  readonly change?: number;
}

/** Struct ifinfomsg for a request. */
export function encodeLinkHeader(header: LinkHeader): Uint8Array {
  const bytes = new Uint8Array(linkHeaderLength);
  const view = viewOf(bytes);
  view.setUint8(field.family, addressFamily.unspecified);
  view.setInt32(field.index, header.ifIndex ?? 0, true);
  view.setUint32(field.flags, header.flags ?? 0, true);
  view.setUint32(field.change, header.change ?? 0, true);
  return bytes;
}

/** Asks for all interfaces, without their counters. */
export function encodeDumpLinks(sequence: number): Uint8Array {
  const body = new AttributeWriter()
    .raw(encodeLinkHeader({}))
    .u32(linkAttribute.extMask, skipStatistics);
  const flags = messageFlag.request | messageFlag.dump;
  return encodeRequest({ type: messageType.getLink, flags, sequence }, body);
}

/** Asks for one interface by its name. */
export function encodeGetLink(name: string, sequence: number): Uint8Array {
  const body = new AttributeWriter()
    .raw(encodeLinkHeader({}))
    .u32(linkAttribute.extMask, skipStatistics)
    .text(linkAttribute.name, name);
  return encodeRequest({ type: messageType.getLink, flags: messageFlag.request, sequence }, body);
}

/** The routing table of a VRF; `undefined` when the link is none. */
export function decodeVrfTable({ payload }: NetlinkMessage): number | undefined {
  const attributes = new AttributeReader(payload.subarray(linkHeaderLength));
  const info = attributes.nested(linkAttribute.linkInfo);
  if (info?.text(linkInfoAttribute.kind) !== "vrf") return undefined;
  return info.nested(linkInfoAttribute.data)?.u32(vrfTableAttribute);
}
