/**
 * Small helpers over `Uint8Array`: comparison, hexadecimal text, joining. Multi-byte numbers are
 * read and written through `DataView` where they are needed, big-endian on the wire and in the
 * machine's order (little-endian on every target of ours) in the kernel's structures.
 */

/** Negative, zero or positive as `a` sorts before, with or after `b`, octet by octet. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** A view over the same memory as the array. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** One array with the contents of all. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const digits = "0123456789abcdef";

/** Lower-case hexadecimal digits, two for each octet. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const octet of bytes) text += digits.charAt(octet >> 4) + digits.charAt(octet & 15);
  return text;
}

/** Octets from hexadecimal digits; white space is skipped; `undefined` when it is no hex text. */
export function fromHex(text: string): Uint8Array | undefined {
  const digits = text.replace(/\s+/g, "");
  if (digits.length % 2 !== 0 || /[^0-9a-fA-F]/.test(digits)) return undefined;
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
