/**
 * What a supervisor hears (sd_notify(3)), on a socket that stands for systemd's.
 */
import assert from "node:assert/strict";
import { AF, openLibc, SOCK, Socket, unixAddress } from "../../../ffi/mod.ts";
import { notifySupervisor, reportReady } from "../../../lib/host/linux/supervisor.ts";
import { test } from "../../support/test.ts";

const libc = await openLibc();

/** A place that hears what a process with this environment says. */
class Ear {
  readonly #socket: Socket;
  readonly #before: NodeJS.ProcessEnv = { ...process.env };

  constructor(environment: Readonly<Record<string, string>>) {
    const path = `@standin-supervisor-${process.pid}`;
    const opened = Socket.open(libc, AF.UNIX, SOCK.DGRAM, 0);
    assert.ok(opened.ok);
    this.#socket = opened.value;
    assert.ok(this.#socket.bind(unixAddress(path)).ok);
    Object.assign(process.env, { NOTIFY_SOCKET: path }, environment);
  }

  hear(): string | undefined {
    const received = this.#socket.receive(new Uint8Array(64));
    assert.ok(received.ok);
    return received.value && new TextDecoder().decode(received.value.bytes);
  }

  [Symbol.dispose](): void {
    for (const name of ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]) {
      delete process.env[name];
    }
    Object.assign(process.env, this.#before);
    this.#socket[Symbol.dispose]();
  }
}

test("a supervisor hears that the daemon is ready, and what else it is told", () => {
  using ear = new Ear({});
  using watchdog = reportReady(libc);
  void watchdog;
  notifySupervisor(libc, "STOPPING=1");
  assert.equal(ear.hear(), `READY=1\nMAINPID=${process.pid}`);
  assert.equal(ear.hear(), "STOPPING=1");
  assert.equal(ear.hear(), undefined);
});

test("a watchdog hears again and again that the loop turns", async () => {
  using ear = new Ear({ WATCHDOG_USEC: "20000", WATCHDOG_PID: `${process.pid}` });
  using watchdog = reportReady(libc);
  void watchdog;
  const heard: string[] = [];
  while (heard.length < 3) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    heard.push(...[ear.hear()].filter((said) => said !== undefined));
  }
  assert.deepEqual(heard.slice(1), ["WATCHDOG=1", "WATCHDOG=1"]);
});

test("the watchdog of another process, or none, is not fed", async () => {
  for (
    const environment of [
      { WATCHDOG_USEC: "1000", WATCHDOG_PID: `${process.pid + 1}` },
      { WATCHDOG_USEC: "soon" },
      { WATCHDOG_USEC: "0" },
      {},
    ]
  ) {
    using ear = new Ear(environment);
    using watchdog = reportReady(libc);
    void watchdog;
    await new Promise((resolve) => setTimeout(resolve, 2));
    ear.hear();
    assert.equal(ear.hear(), undefined, JSON.stringify(environment));
  }
});
