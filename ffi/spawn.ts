/**
 * Starting a program with posix_spawn(3): one call of the C library, which shares the memory of
 * this process until the program is there, so it costs a fraction of what the runtimes' own ways
 * cost. The program leads a process group of its own, has no signal ignored or held back, reads
 * from /dev/null and writes where this process writes, or into a descriptor that it is given.
 */
import { concatBytes, viewOf } from "../lib/base/mod.ts";
import { O, SPAWN, WNOHANG } from "./constants.ts";
import { describeErrno } from "./errno.ts";
import { cString } from "./layouts.ts";
import type { Libc } from "./libc.ts";

/** sizeof(sigset_t) */
export const signalSetSize = 128;
/** exec(3): the file begins neither with #! nor like a program. */
const ENOEXEC = 8;
/** More octets than posix_spawnattr_t and posix_spawn_file_actions_t have anywhere. */
export const attributeSize = 512;

/** As whom; the calls below answer to numbers, not to names. */
export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/** What is to be started. */
export interface Spawning {
  readonly path: string;
  readonly words: readonly string[];
  readonly environment: readonly string[];
  readonly credentials?: Credentials;
  /** Becomes its standard output and standard error; those of this process when absent. */
  readonly output?: number;
}

/** How a program ended. */
export type ProgramEnd =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "killed"; readonly signal: number };

/** Starts programs and looks whether they have ended. */
export class Spawner {
  readonly #libc: Libc;
  readonly #attributes = new Uint8Array(attributeSize);
  readonly #actions = new Uint8Array(attributeSize);
  readonly #pid = new Uint8Array(4);
  readonly #status = new Uint8Array(4);

  constructor(libc: Libc) {
    this.#libc = libc;
    const { libc: c } = libc;
    c.posix_spawnattr_init(this.#attributes);
    // The process group is 0, the program's own, and the mask is empty, as they are made.
    c.posix_spawnattr_setflags(
      this.#attributes,
      SPAWN.SETPGROUP | SPAWN.SETSIGDEF | SPAWN.SETSIGMASK,
    );
    c.posix_spawnattr_setsigdefault(this.#attributes, everySignal());
    this.#prepare(this.#actions);
  }

  /** Starts a program; answers its process id, or a sentence. */
  start(spawning: Spawning): number | string {
    const { credentials } = spawning;
    const restore = credentials === undefined ? undefined : this.#become(credentials);
    if (typeof restore === "string") return restore;
    const actions = spawning.output === undefined ? this.#actions : this.#into(spawning.output);
    try {
      const error = this.#spawn(spawning.path, spawning.words, spawning.environment, actions);
      if (error === 0) return viewOf(this.#pid).getInt32(0, true);
      if (error !== ENOEXEC) return describeErrno(error).text;
      const words = ["sh", spawning.path, ...spawning.words.slice(1)];
      const again = this.#spawn("/bin/sh", words, spawning.environment, actions);
      return again === 0 ? viewOf(this.#pid).getInt32(0, true) : describeErrno(again).text;
    } finally {
      restore?.();
      if (actions !== this.#actions) this.#libc.libc.posix_spawn_file_actions_destroy(actions);
    }
  }

  /** How the program ended; absent while it runs. */
  endOf(pid: number): ProgramEnd | undefined {
    const found = this.#libc.libc.waitpid(pid, this.#status, WNOHANG);
    if (found === 0) return undefined;
    // Somebody else has taken its end: it is gone, and nobody knows how.
    if (found < 0) return { kind: "exited", code: -1 };
    const status = viewOf(this.#status).getInt32(0, true);
    const signal = status & 0x7f;
    return signal === 0
      ? { kind: "exited", code: (status >> 8) & 0xff }
      : { kind: "killed", signal };
  }

  /** Sends a signal to the process group that the program leads. */
  signal(pid: number, signal: number): void {
    if (pid > 1) this.#libc.libc.kill(-pid, signal);
  }

  /** What is done to the descriptors of every program. */
  #prepare(actions: Uint8Array): void {
    const { libc } = this.#libc;
    libc.posix_spawn_file_actions_init(actions);
    libc.posix_spawn_file_actions_addopen(actions, 0, cString("/dev/null"), O.RDWR, 0);
  }

  /** The same for a program that writes into this descriptor. */
  #into(output: number): Uint8Array {
    const { libc } = this.#libc;
    const actions = new Uint8Array(attributeSize);
    this.#prepare(actions);
    for (const fd of [1, 2]) libc.posix_spawn_file_actions_adddup2(actions, output, fd);
    return actions;
  }

  #spawn(
    path: string,
    words: readonly string[],
    environment: readonly string[],
    actions: Uint8Array,
  ): number {
    const argv = this.#strings(words);
    const envp = this.#strings(environment);
    return this.#libc.libc.posix_spawn(
      this.#pid,
      cString(path),
      actions,
      this.#attributes,
      argv.pointers,
      envp.pointers,
    );
  }

  /** An array of C strings, ended by NULL; the octets have to live as long as the pointers. */
  #strings(texts: readonly string[]): { pointers: Uint8Array; octets: Uint8Array } {
    const strings = texts.map(cString);
    const octets = concatBytes(...strings);
    const pointers = new Uint8Array((texts.length + 1) * 8);
    const view = viewOf(pointers);
    let at = octets.length === 0 ? 0 : this.#libc.addressOf(octets);
    for (const [index, text] of strings.entries()) {
      view.setBigUint64(index * 8, BigInt(at), true);
      at += text.length;
    }
    return { pointers, octets };
  }

  /**
   * Linux keeps credentials for each thread, and the raw system calls change this one only. Real
   * and effective user become the program's; the saved one stays root's until exec replaces it, so
   * that the way back is open to this thread and to nobody else.
   */
  #become({ uid, gid, groups }: Credentials): (() => void) | string {
    const { setgroups, setresuid, setresgid } = this.#libc.architecture.syscall;
    const before = process.getgroups?.() ?? [];
    const call = (number: number, ...words: [number, number, number]): number =>
      this.#libc.libc.syscall(number, ...words, 0);
    const setGroups = (all: readonly number[]): number => {
      const list = new Uint8Array(Math.max(1, all.length) * 4);
      for (const [index, group] of all.entries()) viewOf(list).setUint32(index * 4, group, true);
      return call(setgroups, all.length, this.#libc.addressOf(list), 0);
    };
    const restore = (): void => {
      call(setresuid, 0, 0, 0);
      call(setresgid, 0, 0, 0);
      setGroups(before);
    };
    const changed = setGroups(groups) === 0 && call(setresgid, gid, gid, 0) === 0 &&
      call(setresuid, uid, uid, 0) === 0;
    if (changed) return restore;
    const { text } = describeErrno(this.#libc.errno());
    restore();
    return `the user can not be changed: ${text}`;
  }
}

/** sigset_t of all signals but KILL and STOP and the two that belong to the C library. */
function everySignal(): Uint8Array {
  const set = new Uint8Array(signalSetSize);
  for (let signal = 1; signal <= 64; signal++) {
    if ([9, 19, 32, 33].includes(signal)) continue;
    const at = (signal - 1) >> 3;
    set[at] = (set[at] ?? 0) | (1 << ((signal - 1) & 7));
  }
  return set;
}
