/**
 * How the kernel ends what it was asked: an acknowledgement (NLMSG_ERROR, which with number 0 means
 * success) or the end of a dump (NLMSG_DONE). With NETLINK_EXT_ACK set on the socket, both may say
 * in words what was wrong and at which octet of the request (linux/netlink.h, struct nlmsgerr).
 */
import { viewOf } from "../base/mod.ts";
import { aligned, AttributeReader } from "./attributes.ts";
import { ackAttribute, messageFlag } from "./constants.ts";
import { messageHeaderLength } from "./message.ts";

/** How a request ended. */
export interface Ack {
  /** 0 for success, else a positive errno. */
  readonly errno: number;
  /** The kernel's own words. */
  readonly message?: string;
  /** Offset of the offending attribute in the request. */
  readonly offset?: number;
}

/** EBADMSG: what an answer that can not be read counts as. */
const badMessageErrno = 74;

const errnoLength = 4;

/*
 *  NLMSG_ERROR: struct nlmsgerr                 NLMSG_DONE
 *  +--------------------------------------+     +--------------------------+
 *  | Error, negative errno or 0           |     | Error                    |
 *  +--------------------------------------+     +--------------------------+
 *  | Header of the request, 16 octets     |     | Attributes, if flag says |
 *  +--------------------------------------+     +--------------------------+
 *  | Payload of the request, unless capped|
 *  +--------------------------------------+
 *  | Attributes, if the flag says so      |
 *  +--------------------------------------+
 */

/** Reads an NLMSG_ERROR; `flags` are those of its header. */
export function decodeAck(payload: Uint8Array, flags: number): Ack {
  if (payload.length < errnoLength + messageHeaderLength) return unreadable();
  const view = viewOf(payload);
  const requestLength = (flags & messageFlag.capped) !== 0
    ? messageHeaderLength
    : aligned(view.getUint32(errnoLength, true));
  return withAttributes(view.getInt32(0, true), payload, errnoLength + requestLength, flags);
}

/** Reads an NLMSG_DONE, the end of a dump; `flags` are those of its header. */
export function decodeDone(payload: Uint8Array, flags: number): Ack {
  // A dump that ends well may carry no number at all.
  if (payload.length === 0) return { errno: 0 };
  if (payload.length < errnoLength) return unreadable();
  return withAttributes(viewOf(payload).getInt32(0, true), payload, errnoLength, flags);
}

function withAttributes(error: number, payload: Uint8Array, at: number, flags: number): Ack {
  const errno = error < 0 ? -error : 0;
  if ((flags & messageFlag.ackAttributes) === 0 || at > payload.length) return { errno };
  const attributes = new AttributeReader(payload.subarray(at));
  const message = attributes.text(ackAttribute.message);
  const offset = attributes.u32(ackAttribute.offset);
  return {
    errno,
    ...(message === undefined ? {} : { message }),
    ...(offset === undefined ? {} : { offset }),
  };
}

function unreadable(): Ack {
  return { errno: badMessageErrno, message: "Acknowledgement is cut short" };
}
