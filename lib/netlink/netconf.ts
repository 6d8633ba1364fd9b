/**
 * Settings of an interface as the kernel tells of them when somebody changes one
 * (linux/netconf.h): whether it forwards is the only one that we ask for.
 */
import { type IfIndex, ifIndex } from "../base/mod.ts";
import { AttributeReader } from "./attributes.ts";
import { netconfAttribute } from "./constants.ts";
import type { NetlinkMessage } from "./message.ts";

/** struct netconfmsg with its padding. */
const netconfHeaderLength = 4;

/**
 * Reads an RTM_NEWNETCONF; `undefined` when it is about something else, or about the settings of
 * all interfaces, after which the kernel tells of each of them.
 */
export function decodeForwarding(
  { payload }: NetlinkMessage,
): { readonly ifIndex: IfIndex; readonly forwards: boolean } | undefined {
  const attributes = new AttributeReader(payload.subarray(netconfHeaderLength));
  const index = attributes.i32(netconfAttribute.ifIndex);
  const forwarding = attributes.i32(netconfAttribute.forwarding);
  if (attributes.error !== undefined || index === undefined || forwarding === undefined) {
    return undefined;
  }
  return index <= 0 ? undefined : { ifIndex: ifIndex(index), forwards: forwarding !== 0 };
}
