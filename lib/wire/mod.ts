/**
 * Packet codecs, pure: octets in, values out, and back. Decoders answer a `Result` and never throw,
 * whatever they are given; encoders take values of ours and assert that they fit their fields.
 */
export * from "./ah.ts";
export * from "./arp.ts";
export * from "./auth_trailer.ts";
export * from "./bfd.ts";
export * from "./dns.ts";
export * from "./dns_name.ts";
export type { DecodeError } from "./error.ts";
export * from "./ethernet.ts";
export { type AddressPair } from "./field.ts";
export * from "./icmp.ts";
export * from "./ipv4.ts";
export * from "./ipv6.ts";
export * from "./ndp.ts";
export * from "./print.ts";
export * from "./router.ts";
export * from "./udp.ts";
export * from "./vrrp.ts";
