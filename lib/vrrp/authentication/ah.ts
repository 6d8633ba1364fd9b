/**
 * `auth_type AH`: adverts behind an authentication header (RFC 2338 §5.3.6.3). All routers of a
 * virtual router share one key and, because receivers keep one number for all senders (keepalived),
 * one sequence: whoever sends next goes on from the greatest number that anybody used.
 */
import { equalSecret, isMulticast } from "../../base/mod.ts";
import { ahDigest, decodeAh, writeAh } from "../../wire/mod.ts";
import type { Datagram } from "../receive.ts";
import type { AuthenticationState } from "./state.ts";

/** Moves on to the number of the next advert, which all of its unicast copies have (keepalived). */
export function takeNumber(state: AuthenticationState): void {
  // After 2^32 - 1 (136 years of adverts) it begins anew, and its peers have to be restarted.
  state.ahSequence = (state.ahSequence + 1) % 2 ** 32;
}

/** Signs a packet that has room for the header, with the number that was taken last. */
export function signWithAh(
  { ahSequence: sequence }: AuthenticationState,
  packet: Uint8Array,
  how: { readonly key: Uint8Array; readonly unicast: boolean },
): void {
  writeAh(packet, { ...how, sequence });
}

/**
 * What is wrong with the header of a packet, `undefined` when nothing is: source, then digest, then
 * number. A number only counts as used up when the digest says that it is the sender's.
 */
export function judgeAh(
  state: AuthenticationState,
  datagram: Datagram,
  key: Uint8Array,
): string | undefined {
  const { payload, packet, source, destination } = datagram;
  const decoded = decodeAh(payload);
  if (!decoded.ok) return `authentication header: ${decoded.error.detail}`;
  const { spi, sequence, icv } = decoded.value;
  if (packet === undefined || !equalSecret(spi, source.bytes)) {
    return "authentication header: the security parameters index is not the source";
  }
  const headerLength = payload.byteOffset - packet.byteOffset;
  const whole = packet.subarray(0, headerLength + payload.length);
  const expected = ahDigest(whole, { key, unicast: !isMulticast(destination), headerLength });
  if (!equalSecret(icv, expected)) return "authentication header: wrong digest";
  if (sequence <= state.ahSequence) {
    return `authentication header: sequence number ${sequence}, expected more than ` +
      String(state.ahSequence);
  }
  state.ahSequence = sequence;
  return undefined;
}
