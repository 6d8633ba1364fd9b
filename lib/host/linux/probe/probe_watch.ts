/**
 * Which connections of checks have something to say. They have an epoll of their own and raise no
 * signals: thousands of checks a second would wake the loop for each step of each of them. Instead
 * they are looked at together: whenever the daemon wakes for something else, and every few
 * milliseconds while any of them is under way, more rarely the longer nothing comes. A check that
 * is over its limit is found by a turn, which looks here first, so nobody is judged too early.
 */
import { EPOLL, lastError, type Libc, type Poller, renderOsError } from "../../../../ffi/mod.ts";
import { viewOf } from "../../../base/mod.ts";

/** How many of them one look takes at most; the rest comes after what else there is to do. */
const eventsPerLook = 16;
/** Pauses between looks, in milliseconds: the first, and the longest. */
const [pauseMin, pauseMax] = [4, 32];

interface Watched {
  /** Told to the kernel in place of the descriptor, which may be another connection's soon. */
  readonly key: number;
  handler: ReadyHandler;
}

/** Hears what the kernel says of a descriptor: bits of `EPOLL`. */
export type ReadyHandler = (events: number) => void;

/** The descriptors of all probes. */
export class ProbeWatch {
  readonly #libc: Libc;
  readonly #poller: Poller;
  readonly #epoll: number;
  readonly #events: Uint8Array;
  readonly #view: DataView;
  readonly #change: Uint8Array;
  readonly #changeView: DataView;
  readonly #byFd = new Map<number, Watched>();
  readonly #byKey = new Map<number, Watched>();
  #keys = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #again: ReturnType<typeof setImmediate> | undefined;
  #pause = pauseMin;

  /** Throws without an epoll. */
  constructor(libc: Libc, poller: Poller) {
    const { size } = libc.architecture.epollEvent;
    this.#libc = libc;
    this.#poller = poller;
    this.#events = new Uint8Array(eventsPerLook * size);
    this.#view = viewOf(this.#events);
    this.#change = new Uint8Array(size);
    this.#changeView = viewOf(this.#change);
    this.#epoll = libc.libc.epoll_create1(EPOLL.CLOEXEC);
    if (this.#epoll < 0) throw new Error(renderOsError(lastError(libc, "epoll_create1")));
    // An epoll inside of another: a turn finds it ready when something new came.
    poller.add(this.#epoll, () => void this.#look(), EPOLL.IN | EPOLL.ET);
  }

  /** Watches a descriptor, or watches it for something else; throws when the kernel refuses. */
  add(fd: number, handler: ReadyHandler, events: number = EPOLL.IN): void {
    const known = this.#byFd.get(fd);
    if (known !== undefined) known.handler = handler;
    const watched = known ?? { key: this.#keys = (this.#keys + 1) >>> 0, handler };
    const { dataOffset } = this.#libc.architecture.epollEvent;
    this.#changeView.setUint32(0, events, true);
    this.#changeView.setUint32(dataOffset, watched.key, true);
    const { libc } = this.#libc;
    const change = known === undefined ? EPOLL.CTL_ADD : EPOLL.CTL_MOD;
    if (libc.epoll_ctl(this.#epoll, change, fd, this.#change) < 0) {
      throw new Error(renderOsError(lastError(this.#libc, "epoll_ctl")));
    }
    this.#byFd.set(fd, watched);
    this.#byKey.set(watched.key, watched);
    this.#pause = pauseMin;
    this.#wait();
  }

  /** Watches a descriptor no more that stays open. */
  remove(fd: number): void {
    if (!this.#byFd.has(fd)) return;
    this.forget(fd);
    this.#libc.libc.epoll_ctl(this.#epoll, EPOLL.CTL_DEL, fd, this.#change);
  }

  /** A descriptor is about to be closed: the kernel then takes it out by itself. */
  forget(fd: number): void {
    const watched = this.#byFd.get(fd);
    if (watched === undefined) return;
    this.#byFd.delete(fd);
    this.#byKey.delete(watched.key);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#again);
    this.#byFd.clear();
    this.#byKey.clear();
    this.#poller.remove(this.#epoll);
    this.#libc.libc.close(this.#epoll);
  }

  #look(): boolean {
    const { libc, architecture } = this.#libc;
    const { size, dataOffset } = architecture.epollEvent;
    const count = libc.epoll_wait(this.#epoll, this.#events, eventsPerLook, 0);
    for (let at = 0; at < count; at++) {
      const events = this.#view.getUint32(at * size, true);
      // What a handler closes is not called, though it stands here.
      this.#byKey.get(this.#view.getUint32(at * size + dataOffset, true))?.handler(events);
    }
    if (count === eventsPerLook) this.#lookAgain();
    return count > 0;
  }

  #lookAgain(): void {
    this.#again ??= setImmediate(() => {
      this.#again = undefined;
      this.#look();
    });
  }

  #wait(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#pause = this.#look() ? pauseMin : Math.min(2 * this.#pause, pauseMax);
      if (this.#byFd.size > 0) this.#wait();
    }, this.#pause);
  }
}
