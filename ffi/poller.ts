/**
 * Readiness without a polling timer: every watched descriptor raises SIGIO when something arrives
 * (O_ASYNC, F_SETOWN), which wakes the runtime's event loop; an epoll instance then tells, without
 * waiting, which descriptors it was. No helper thread.
 */
import { viewOf } from "../lib/base/mod.ts";
import { EPOLL, F, O } from "./constants.ts";
import { lastError, type Libc, renderOsError } from "./libc.ts";

/** How many ready descriptors one look takes at most; what is left is found by the next. */
const eventsPerLook = 64;

/**
 * A set of descriptors that wake the loop. SIGIO without a handler ends a process, so the handler
 * is there before the first descriptor and never goes away: a signal may still be on its way.
 */
export class Poller {
  readonly #libc: Libc;
  readonly #epoll: number;
  readonly #events: Uint8Array;
  readonly #view: DataView;
  readonly #handlers = new Map<number, () => void>();

  #wake: () => void;

  /** Calls `wake` in a turn of the loop after something arrived; throws without an epoll. */
  constructor(libc: Libc, wake: () => void) {
    this.#wake = wake;
    process.on("SIGIO", () => this.#wake());
    this.#libc = libc;
    this.#events = new Uint8Array(eventsPerLook * libc.architecture.epollEvent.size);
    this.#view = viewOf(this.#events);
    this.#epoll = libc.libc.epoll_create1(EPOLL.CLOEXEC);
    if (this.#epoll < 0) throw new Error(renderOsError(lastError(libc, "epoll_create1")));
  }

  /** Watches a non-blocking descriptor for what `events` say; throws when the kernel refuses. */
  add(fd: number, handler: () => void, events: number = EPOLL.IN): void {
    const { libc, architecture } = this.#libc;
    const event = new Uint8Array(architecture.epollEvent.size);
    const view = viewOf(event);
    view.setUint32(0, events, true);
    view.setInt32(architecture.epollEvent.dataOffset, fd, true);
    this.#handlers.set(fd, handler);
    const done = libc.epoll_ctl(this.#epoll, EPOLL.CTL_ADD, fd, event) === 0 &&
      libc.fcntl(fd, F.SETOWN, process.pid) === 0 &&
      libc.fcntl(fd, F.SETFL, O.NONBLOCK | O.ASYNC) === 0;
    if (!done) throw new Error(renderOsError(lastError(this.#libc, "epoll_ctl")));
  }

  /** Stops watching a descriptor that stays open: from now on it wakes nobody. */
  rest(fd: number): void {
    this.remove(fd);
    this.#libc.libc.fcntl(fd, F.SETFL, O.NONBLOCK);
  }

  /** Stops watching; must be called before the descriptor is closed. */
  remove(fd: number): void {
    this.#handlers.delete(fd);
    this.#libc.libc.epoll_ctl(this.#epoll, EPOLL.CTL_DEL, fd, this.#events);
  }

  /** Calls the handler of each ready descriptor; true when there may be more. */
  look(): boolean {
    const { libc, architecture } = this.#libc;
    const { size, dataOffset } = architecture.epollEvent;
    const count = libc.epoll_wait(this.#epoll, this.#events, eventsPerLook, 0);
    const ready: number[] = [];
    for (let at = 0; at < count; at++) {
      ready.push(this.#view.getInt32(at * size + dataOffset, true));
    }
    for (const fd of ready) this.#handlers.get(fd)?.();
    return count > 0;
  }

  [Symbol.dispose](): void {
    this.#wake = () => {};
    this.#libc.libc.close(this.#epoll);
  }
}
