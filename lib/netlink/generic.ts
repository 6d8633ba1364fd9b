/**
 * Generic netlink (linux/genetlink.h): families that the kernel numbers when they are loaded. The
 * number of a family is asked for by its name; every message then has a header of its own behind
 * that of netlink.
 */
import { err, ok, type Result } from "../base/mod.ts";
import { AttributeReader, AttributeWriter } from "./attributes.ts";
import { messageFlag } from "./constants.ts";
import type { NetlinkError } from "./error.ts";
import { encodeRequest, type NetlinkMessage } from "./message.ts";

/** Length of struct genlmsghdr: command, version, two octets in reserve. */
export const genericHeaderLength = 4;

/** GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_ID and CTRL_ATTR_FAMILY_NAME. */
const control = { type: 16, getFamily: 3, familyId: 1, familyName: 2 } as const;

/** The beginning of a message of a family: struct genlmsghdr. */
export function genericBody(command: number, version: number): AttributeWriter {
  return new AttributeWriter().raw(Uint8Array.of(command, version, 0, 0));
}

/** Asks which number a family has. */
export function encodeGetFamily(name: string, sequence: number): Uint8Array {
  const flags = messageFlag.request;
  const body = genericBody(control.getFamily, 1).text(control.familyName, name);
  return encodeRequest({ type: control.type, flags, sequence }, body);
}

/** The number of the family in the kernel's answer. */
export function decodeFamily({ payload }: NetlinkMessage): Result<number, NetlinkError> {
  const attributes = new AttributeReader(payload.subarray(genericHeaderLength));
  const id = attributes.u16(control.familyId);
  if (id !== undefined) return ok(id);
  return err(attributes.error ?? { kind: "malformed", detail: "A family has no number" });
}
