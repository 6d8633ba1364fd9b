/**
 * The frame of every netlink message (linux/netlink.h, struct nlmsghdr). One read from the socket
 * brings several messages, one behind the other; one datagram to the kernel may carry several as
 * well. Joining encoded messages needs nothing special: each is padded to four octets.
 */
import { concatBytes, err, ok, type Result, viewOf } from "../base/mod.ts";
import { aligned, type AttributeWriter } from "./attributes.ts";
import type { NetlinkError } from "./error.ts";

/** Length of the header. */
export const messageHeaderLength = 16;

/*
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                      Length, with header                      |
 *  +-------------------------------+-------------------------------+
 *  |             Type              |             Flags             |
 *  +-------------------------------+-------------------------------+
 *  |                            Sequence                           |
 *  +---------------------------------------------------------------+
 *  |                            Port id                            |
 *  +---------------------------------------------------------------+
 */
const field = { length: 0, type: 4, flags: 6, sequence: 8, portId: 12 } as const;

/** One message; the payload is what follows the header. */
export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  /** Of a reply: that of the request. Of what the kernel tells by itself: 0. */
  readonly sequence: number;
  readonly portId: number;
  readonly payload: Uint8Array;
}

/** What was wrong with a buffer, and the messages before that. */
export type SplitError = NetlinkError & { readonly messages: readonly NetlinkMessage[] };

/** The messages of one read, in order. Payloads are views of the buffer, not copies. */
export function splitMessages(buffer: Uint8Array): Result<NetlinkMessage[], SplitError> {
  const messages: NetlinkMessage[] = [];
  const view = viewOf(buffer);
  let at = 0;
  while (at < buffer.length) {
    const left = buffer.length - at;
    if (left < messageHeaderLength) {
      const detail = `Netlink header is cut short: got ${left} octets`;
      return err({ kind: "truncated", detail, messages });
    }
    const length = view.getUint32(at + field.length, true);
    if (length < messageHeaderLength) {
      return err({ kind: "malformed", detail: `Netlink message has length ${length}`, messages });
    }
    if (length > left) {
      const detail = `Netlink message is cut short: expected ${length} octets, got ${left}`;
      return err({ kind: "truncated", detail, messages });
    }
    messages.push({
      type: view.getUint16(at + field.type, true),
      flags: view.getUint16(at + field.flags, true),
      sequence: view.getUint32(at + field.sequence, true),
      portId: view.getUint32(at + field.portId, true),
      payload: buffer.subarray(at + messageHeaderLength, at + length),
    });
    at += aligned(length);
  }
  return ok(messages);
}

/** A message as it goes to the kernel, padded. */
export function encodeMessage(message: NetlinkMessage): Uint8Array {
  const header = new Uint8Array(messageHeaderLength);
  const view = viewOf(header);
  const length = messageHeaderLength + message.payload.length;
  view.setUint32(field.length, length, true);
  view.setUint16(field.type, message.type, true);
  view.setUint16(field.flags, message.flags, true);
  view.setUint32(field.sequence, message.sequence, true);
  view.setUint32(field.portId, message.portId, true);
  return concatBytes(header, message.payload, new Uint8Array(aligned(length) - length));
}

/** A request to the kernel; its payload is what was written. */
export function encodeRequest(
  header: { readonly type: number; readonly flags: number; readonly sequence: number },
  body: AttributeWriter,
): Uint8Array {
  return encodeMessage({ ...header, portId: 0, payload: body.finish() });
}
