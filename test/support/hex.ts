/**
 * Bytes in tests are written as hexadecimal with a comment behind each field:
 * hex("31 05 64 01  # version 3, type 1, VRID 5, priority 100, count 1").
 */
import { fromHex } from "../../lib/base/mod.ts";

/** Octets from hexadecimal text; `#` starts a comment that ends with its line. */
export function hex(text: string): Uint8Array {
  const bytes = fromHex(text.replace(/#.*$/gm, ""));
  if (bytes === undefined) throw new Error(`Not hexadecimal: ${text}`);
  return bytes;
}
