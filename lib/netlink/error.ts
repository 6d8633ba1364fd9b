/**
 * What a decoder says of octets that are not what the kernel's headers promise. A newer kernel adds
 * attributes, which are skipped; it never shortens what was there, so any of these means that a
 * buffer was cut or that we misread, and the caller should ask for the whole table again.
 */
import { err } from "../base/mod.ts";

/** Why octets could not be read as netlink. */
export type NetlinkError =
  /** The octets end before the message or attribute does. */
  | { readonly kind: "truncated"; readonly detail: string }
  /** All octets are there, and a field says something that the format does not allow. */
  | { readonly kind: "malformed"; readonly detail: string };

/** A failure of one kind with its sentence. */
export function failure(
  kind: NetlinkError["kind"],
  detail: string,
): { readonly ok: false; readonly error: NetlinkError } {
  return err({ kind, detail });
}
