/** What a filter for sockets lets through, asked of the kernel. */
import assert from "node:assert/strict";
import process from "node:process";
import { AF, openLibc, SOCK, Socket, unixAddress } from "../../../ffi/mod.ts";

const libc = await openLibc();
const buffer = new Uint8Array(2048);

/** The places of the packets that pass. */
export function passing(program: Uint8Array, packets: readonly Uint8Array[]): number[] {
  const path = `@standin-filter-${process.pid}`;
  const receiver = Socket.open(libc, AF.UNIX, SOCK.DGRAM, 0);
  const sender = Socket.open(libc, AF.UNIX, SOCK.DGRAM, 0);
  assert.ok(receiver.ok && sender.ok);
  using into = receiver.value;
  using from = sender.value;
  assert.ok(into.bind(unixAddress(path)).ok);
  assert.ok(into.filter(program).ok);
  return packets.flatMap((packet, index) => {
    assert.ok(from.sendTo(packet, unixAddress(path)).ok);
    const received = into.receive(buffer);
    assert.ok(received.ok);
    return received.value === undefined ? [] : [index];
  });
}
