/**
 * Ethernet addresses: six octets, written `00:00:5e:00:01:33`.
 */
import { fromHex, toHex } from "./bytes.ts";
import type { Brand } from "./result.ts";

/** Six octets of an Ethernet address. */
export type MacAddress = Brand<Uint8Array, "MacAddress">;

/** The address that reaches every station. */
export const broadcastMac: MacAddress = new Uint8Array(6).fill(0xff) as MacAddress;

/** An address from its six octets; `undefined` for any other length. */
export function macFromBytes(bytes: Uint8Array): MacAddress | undefined {
  return bytes.length === 6 ? bytes.slice() as MacAddress : undefined;
}

/** Reads `00:00:5e:00:01:33` or the same with dashes; `undefined` when it is no address. */
export function parseMac(text: string): MacAddress | undefined {
  if (!/^([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$/.test(text)) return undefined;
  return macFromBytes(fromHex(text.replace(/[:-]/g, "")) ?? new Uint8Array());
}

/** Six pairs of lower-case digits with colons between. */
export function formatMac(mac: MacAddress): string {
  return toHex(mac).replace(/..(?!$)/g, "$&:");
}
