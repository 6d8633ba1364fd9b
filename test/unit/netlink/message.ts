/** Reading what is expected to be one message. */
import assert from "node:assert/strict";
import { type NetlinkMessage, splitMessages } from "../../../lib/netlink/mod.ts";

/** The only message of a datagram. */
export function onlyMessage(bytes: Uint8Array): NetlinkMessage {
  const split = splitMessages(bytes);
  assert.ok(split.ok && split.value.length === 1);
  const [message] = split.value;
  assert.ok(message !== undefined);
  return message;
}
