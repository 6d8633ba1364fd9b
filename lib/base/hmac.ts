/**
 * Keyed digests (RFC 2104). The implementation is the runtime's; it takes ten milliseconds and
 * eight megabytes to load, so it is loaded when the first configuration asks for it, and most never
 * do. It is synchronous and depends on nothing but its arguments, as the core needs it.
 */
import type { createHmac } from "node:crypto";
import { getBuiltinModule } from "node:process";

/** The digests that authentication of VRRP uses. */
export type DigestName = "md5" | "sha256";

let create: typeof createHmac | undefined;

/** Loads the implementation, so that the first packet need not wait for it. */
export function loadHmac(): void {
  hmac("sha256", new Uint8Array(1), new Uint8Array(1));
}

/** HMAC of the parts, one after the other: 16 octets with MD5, 32 with SHA-256. */
export function hmac(
  digest: DigestName,
  key: Uint8Array,
  ...parts: readonly Uint8Array[]
): Uint8Array {
  create ??= getBuiltinModule("node:crypto").createHmac;
  const running = create(digest, key);
  for (const part of parts) running.update(part);
  return new Uint8Array(running.digest());
}

/** Compares in a time that does not tell how much was right. */
export function equalSecret(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (const [at, octet] of a.entries()) difference |= octet ^ (b[at] ?? 0);
  return difference === 0;
}
