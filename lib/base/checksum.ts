/**
 * The Internet checksum (RFC 1071): the one's complement of the one's complement sum of 16-bit
 * big-endian words, an odd octet at the end counting as the high half of a word.
 */

/**
 * Adds the words of `bytes` to a running sum. Every part but the last must have an even length.
 *
 * @example
 * const sum = addToChecksum(addToChecksum(0, pseudoHeader), payload);
 * const checksum = finishChecksum(sum);
 */
export function addToChecksum(sum: number, bytes: Uint8Array): number {
  const even = bytes.length & ~1;
  let total = sum;
  for (let at = 0; at < even; at += 2) total += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  if (even < bytes.length) total += (bytes[even] ?? 0) << 8;
  return total;
}

/** Folds a running sum to 16 bits and complements it; over correct data the result is 0. */
export function finishChecksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}

/** The checksum of one run of octets. */
export function internetChecksum(bytes: Uint8Array): number {
  return finishChecksum(addToChecksum(0, bytes));
}
