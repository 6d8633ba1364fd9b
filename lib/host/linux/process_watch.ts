/**
 * Counts processes: a look through /proc at the start, and then what the kernel tells through the
 * process connector. Only execs, changes of name and ends matter; a fork matters where the parent
 * does. What the kernel told too fast to be read is made up for by another look through /proc; a
 * kernel that tells nothing is made up for by one each second.
 */
import { readdirSync, readFileSync } from "node:fs";
import {
  CLONE,
  cString,
  type Libc,
  O,
  type Poller,
  processConnectorAddress,
  processConnectorListen,
  renderOsError,
  SO,
  SOCK,
  Socket,
  SOL,
} from "../../../ffi/mod.ts";
import { viewOf } from "../../base/mod.ts";
import type { EngineEvent } from "../../engine/mod.ts";
import type { GlobalPlan } from "../../config/mod.ts";
import { matchesProcess, needsWords, type ProcessPlan } from "../../track/mod.ts";

/** <linux/socket.h>, <linux/netlink.h> */
const [AF_NETLINK, NETLINK_CONNECTOR] = [16, 11];
/** <linux/cn_proc.h> */
const EVENT = { FORK: 1, EXEC: 2, COMM: 0x200, EXIT: 0x8000_0000 } as const;
/** struct nlmsghdr, then struct cn_msg, then struct proc_event up to its data. */
const [eventAt, dataAt] = [16 + 20, 16 + 20 + 16];

/** How often processes are counted where the kernel does not tell, in milliseconds. */
const scanMs = 1000;

interface Parts {
  readonly libc: Libc;
  readonly poller: Poller;
  feed(event: EngineEvent): void;
}

/** The processes that trackers mean. */
export class ProcessWatch {
  readonly #parts: Parts;
  readonly #buffer = new Uint8Array(8192);
  /** Names of trackers by the process that they mean. */
  readonly #found = new Map<number, readonly string[]>();
  readonly #counts = new Map<string, number>();
  #plans: readonly ProcessPlan[] = [];
  #socket: Socket | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Counts for these trackers from now on. */
  watch(plans: readonly ProcessPlan[], buffer: GlobalPlan["processBuffer"]): void {
    this.#plans = plans;
    this.#counts.clear();
    if (plans.length === 0) return this.#close();
    if (this.#socket === undefined && this.#timer === undefined) this.#open(buffer);
    this.#scan();
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  #open(buffer: GlobalPlan["processBuffer"]): void {
    const opened = inFirstNetwork(
      this.#parts.libc,
      (libc) => Socket.open(libc, AF_NETLINK, SOCK.DGRAM, NETLINK_CONNECTOR),
    );
    if (opened.ok) this.#listen(opened.value, buffer);
    else this.#refused(opened.error);
    if (this.#socket === undefined) this.#timer ??= setInterval(() => this.#scan(), scanMs);
  }

  #listen(socket: Socket, buffer: GlobalPlan["processBuffer"]): void {
    if (buffer !== undefined) {
      const value = new Uint8Array(4);
      viewOf(value).setUint32(0, buffer.octets, true);
      const name = buffer.force ? SO.RCVBUFFORCE : SO.RCVBUF;
      socket.configure({ level: SOL.SOCKET, name, value });
    }
    const bound = socket.bind(processConnectorAddress(1));
    const asked = bound.ok
      ? socket.sendTo(processConnectorListen(true), processConnectorAddress(0))
      : bound;
    if (!asked.ok) {
      socket[Symbol.dispose]();
      return this.#refused(asked.error);
    }
    this.#socket = socket;
    this.#parts.poller.add(socket.fd, () => this.#drain(socket));
  }

  #refused(error: Parameters<typeof renderOsError>[0]): void {
    const why = "the kernel does not tell of them (CONFIG_PROC_EVENTS, and only outside of " +
      "containers), so they are counted once a second";
    const refusal = { errno: error.name, message: why };
    this.#parts.feed({ kind: "watch-refused", what: "processes", refusal });
  }

  #close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#found.clear();
    if (this.#socket === undefined) return;
    this.#parts.poller.remove(this.#socket.fd);
    this.#socket[Symbol.dispose]();
    this.#socket = undefined;
  }

  #drain(socket: Socket): void {
    for (;;) {
      const got = socket.receive(this.#buffer);
      if (!got.ok) this.#scan();
      if (!got.ok || got.value === undefined) break;
      this.#take(got.value.bytes);
    }
    this.#tell();
  }

  #take(bytes: Uint8Array): void {
    if (bytes.length < dataAt + 8) return;
    const view = viewOf(bytes);
    const what = view.getUint32(eventAt, true);
    const pid = view.getInt32(dataAt, true);
    const group = view.getInt32(dataAt + 4, true);
    // Threads are no processes.
    switch (what) {
      case EVENT.EXEC:
      case EVENT.COMM:
        if (pid === group) this.#look(pid);
        break;
      case EVENT.FORK: {
        const child = view.getInt32(dataAt + 8, true);
        const names = this.#found.get(group);
        if (names !== undefined && child === view.getInt32(dataAt + 12, true)) {
          this.#found.set(child, names);
        }
        break;
      }
      case EVENT.EXIT:
        if (pid === group) this.#found.delete(pid);
    }
  }

  /** Which trackers mean a process. */
  #look(pid: number): void {
    const name = readText(`/proc/${pid}/comm`)?.replace(/\n$/, "");
    if (name === undefined) return void this.#found.delete(pid);
    let words: readonly string[] | undefined;
    const names = this.#plans.flatMap((plan) => {
      if (needsWords(plan)) words ??= wordsOf(pid);
      return matchesProcess(plan, { name, words: words ?? [] }) ? [plan.name] : [];
    });
    if (names.length > 0) this.#found.set(pid, names);
    else this.#found.delete(pid);
  }

  #scan(): void {
    this.#found.clear();
    for (const entry of readdirSync("/proc")) {
      const pid = Number(entry);
      if (Number.isInteger(pid) && !isZombie(pid)) this.#look(pid);
    }
    this.#tell();
  }

  #tell(): void {
    for (const { name } of this.#plans) {
      let count = 0;
      for (const names of this.#found.values()) if (names.includes(name)) count++;
      if (this.#counts.get(name) === count) continue;
      this.#counts.set(name, count);
      this.#parts.feed({ kind: "process-count", name, count });
    }
  }
}

/** The connector only answers to sockets of the first network namespace; nobody else is moved. */
function inFirstNetwork<T>(libc: Libc, open: (libc: Libc) => T): T {
  const [first, own] = ["/proc/1/ns/net", "/proc/self/ns/net"].map((path) =>
    libc.libc.open(cString(path), O.RDONLY | O.CLOEXEC, 0)
  );
  if (first === undefined || own === undefined) return open(libc);
  const moved = first >= 0 && own >= 0 && libc.libc.setns(first, CLONE.NEWNET) === 0;
  try {
    return open(libc);
  } finally {
    if (moved) libc.libc.setns(own, CLONE.NEWNET);
    for (const fd of [first, own]) if (fd >= 0) libc.libc.close(fd);
  }
}

function wordsOf(pid: number): string[] {
  return (readText(`/proc/${pid}/cmdline`) ?? "").replace(/\0$/, "").split("\0");
}

function isZombie(pid: number): boolean {
  const text = readText(`/proc/${pid}/stat`) ?? "";
  return text.slice(text.lastIndexOf(")") + 2, text.lastIndexOf(")") + 3) === "Z";
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
