/**
 * The C library as this runtime binds it: errors come back with their number, descriptors wake the
 * loop without being asked, and the alarm goes off at its instant.
 */
import assert from "node:assert/strict";
import {
  AF,
  Alarm,
  cString,
  describeErrno,
  lastError,
  MonotonicClock,
  O,
  openLibc,
  Poller,
  SignalPipe,
  SOCK,
  Socket,
  unixAddress,
} from "../../../ffi/mod.ts";
import { libcNames, openFirst } from "../../../ffi/binding.ts";
import { after, milliseconds } from "../../../lib/base/mod.ts";
import { test } from "../../support/test.ts";

const libc = await openLibc();

/** A poller whose wake-ups are waited for. */
class Waking {
  readonly poller: Poller = new Poller(libc, () => this.#look());
  #done: () => boolean = () => false;
  #resolve: () => void = () => {};

  /** Resolves in the turn in which `done` says so. */
  until(done: () => boolean): Promise<void> {
    this.#done = done;
    return new Promise((resolve) => this.#resolve = resolve);
  }

  #look(): void {
    if (this.#done()) this.#resolve();
  }
}

test("a refused call says its error number and name", () => {
  const result = libc.libc.open(cString("/nowhere/at/all"), O.RDONLY, 0);
  assert.equal(result, -1);
  const error = lastError(libc, "open");
  assert.deepEqual([error.errno, error.name], [2, "ENOENT"]);
});

test("an unknown error number shows as itself", () => {
  assert.deepEqual(describeErrno(4095), { name: "E4095", text: "error 4095" });
});

test("a datagram wakes the loop and the poller names its socket", async () => {
  const waking = new Waking();
  const { poller } = waking;
  const path = `@standin-test-${process.pid}`;
  const receiver = Socket.open(libc, AF.UNIX, SOCK.DGRAM, 0);
  const sender = Socket.open(libc, AF.UNIX, SOCK.DGRAM, 0);
  assert.ok(receiver.ok && sender.ok);
  assert.ok(receiver.value.bind(unixAddress(path)).ok);
  const heard: string[] = [];
  const buffer = new Uint8Array(64);
  poller.add(receiver.value.fd, () => {
    const received = receiver.value.receive(buffer);
    if (received.ok && received.value !== undefined) {
      heard.push(new TextDecoder().decode(received.value.bytes));
    }
  });
  const woken = waking.until(() => poller.look() && heard.length > 0);
  assert.ok(sender.value.sendTo(new TextEncoder().encode("advert"), unixAddress(path)).ok);
  await woken;
  assert.deepEqual(heard, ["advert"]);
  poller.remove(receiver.value.fd);
  for (const open of [receiver.value, sender.value, poller]) open[Symbol.dispose]();
});

test("receiving from an empty socket answers nothing at once", () => {
  const opened = Socket.open(libc, AF.UNIX, SOCK.DGRAM, 0);
  assert.ok(opened.ok);
  const received = opened.value.receive(new Uint8Array(8));
  assert.ok(received.ok);
  assert.equal(received.value, undefined);
  opened.value[Symbol.dispose]();
});

test("the alarm wakes the loop, never before its instant", async () => {
  const waking = new Waking();
  const clock = new MonotonicClock(libc);
  const alarm = new Alarm(libc);
  const at = after(clock.now(), milliseconds(3.7));
  let wokenAt = clock.now();
  const woken = waking.until(() => (wokenAt = clock.now()) >= at);
  alarm.arm(at);
  await woken;
  assert.ok(wokenAt >= at);
  for (const open of [alarm, waking.poller]) open[Symbol.dispose]();
});

test("the alarm goes off for an instant that has passed already", async () => {
  const waking = new Waking();
  const clock = new MonotonicClock(libc);
  const alarm = new Alarm(libc);
  const woken = waking.until(() => true);
  alarm.arm(after(clock.now(), milliseconds(-5)));
  await woken;
  for (const open of [alarm, waking.poller]) open[Symbol.dispose]();
});

test("the C library is looked for under the names of glibc and of musl", () => {
  assert.deepEqual(libcNames("arm64").slice(0, 2), ["libc.so.6", "libc.musl-aarch64.so.1"]);
  const opened = openFirst(libcNames("x64"), (name) => {
    if (!name.startsWith("libc.musl")) throw new Error("no such library");
    return name;
  });
  assert.equal(opened, "libc.musl-x86_64.so.1");
  assert.throws(
    () => openFirst(["a", "b"], () => assert.fail("missing")),
    /a: missing; b: missing/,
  );
});

test("a signal is heard whose number is the next descriptor", async () => {
  // All up to this one are in use, as a parent may have it.
  const signal = 40;
  const held: number[] = [];
  for (let fd = -1; fd < signal - 1;) {
    fd = libc.libc.open(cString("/dev/null"), O.RDONLY, 0);
    held.push(fd);
  }
  const lowest = libc.libc.open(cString("/dev/null"), O.RDONLY, 0);
  libc.libc.close(lowest);
  assert.equal(lowest, signal);
  using pipe = SignalPipe.reserve(libc, signal);
  assert.ok(pipe !== undefined && pipe.hear());
  assert.equal(pipe.drain(), false);
  libc.libc.kill(process.pid, signal);
  const heard = Promise.withResolvers<void>();
  const look = setInterval(() => {
    if (!pipe.drain()) return;
    clearInterval(look);
    heard.resolve();
  }, 5);
  await heard.promise;
  for (const fd of held) libc.libc.close(fd);
});
