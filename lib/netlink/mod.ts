/**
 * Netlink codecs, pure: requests to the kernel as octets, and its answers as values. Sockets are
 * the host's; here nothing waits and nothing throws on what the kernel says.
 */
export * from "./ack.ts";
export { type AddressMessage, decodeAddress, encodeDumpAddresses } from "./address.ts";
export * from "./address_request.ts";
export { aligned, AttributeReader, AttributeWriter } from "./attributes.ts";
export * from "./conntrack.ts";
export * from "./constants.ts";
export type { NetlinkError } from "./error.ts";
export { decodeFamily, encodeGetFamily } from "./generic.ts";
export * from "./ipvs.ts";
export * from "./ipvs_constants.ts";
export * from "./ipvs_settings.ts";
export * from "./ipvs_statistics.ts";
export * from "./ipvs_types.ts";
export {
  decodeLink,
  decodeVrfTable,
  encodeDumpLinks,
  encodeGetLink,
  type LinkMessage,
  type OperState,
} from "./link.ts";
export * from "./link_request.ts";
export * from "./message.ts";
export { decodeForwarding } from "./netconf.ts";
export * from "./nft_counters.ts";
export * from "./route.ts";
export * from "./route_constants.ts";
export * from "./route_decode.ts";
export * from "./route_lookup.ts";
export * from "./rule.ts";
export * from "./rule_decode.ts";
