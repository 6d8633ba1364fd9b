/**
 * How the kernel schedules a thread, on which processors, and what of a process stays in memory;
 * and how a process becomes another program. The kernel is asked directly: to it these are settings
 * of one thread, where the C library may speak of a process or refuse.
 */
import { concatBytes, type Result, viewOf } from "../lib/base/mod.ts";
import { MCL, RLIMIT_RTTIME, SCHED } from "./constants.ts";
import { cString, int32 } from "./layouts.ts";
import { checked, type Libc, type OsError } from "./libc.ts";

/** Answer of a call. */
export type Done = Result<number, OsError>;

/** Octets of a cpu_set_t: 1,024 processors (<sched.h>). */
const processorSetSize = 128;
/** <sys/resource.h>: the number is that of one thread. */
const PRIO_PROCESS = 0;
/** <sys/resource.h> */
const RLIM_INFINITY = 0xffff_ffff_ffff_ffffn;

/** Who has the scheduling of a thread as well: threads and processes that it starts, or nobody. */
export type Heirs = "heirs" | "no-heirs";

/** Round-robin real-time scheduling (1 to 99), or for `undefined` the usual one. */
export function setScheduler(
  libc: Libc,
  thread: number,
  priority: number | undefined,
  heirs: Heirs,
): Done {
  const policy = (priority === undefined ? SCHED.OTHER : SCHED.RR) |
    (heirs === "heirs" ? 0 : SCHED.RESET_ON_FORK);
  const parameters = int32(priority ?? 0);
  const { sched_setscheduler: number } = libc.architecture.syscall;
  const result = libc.libc.syscall(number, thread, policy, libc.addressOf(parameters), 0);
  // Named once more after the call, so that it is not collected during it.
  return checked(libc, "sched_setscheduler", parameters.length > 0 ? result : -1);
}

/** The nice value of a thread, -20 to 19; 0 is the calling one. */
export function setNice(libc: Libc, thread: number, nice: number): Done {
  const { setpriority } = libc.architecture.syscall;
  const result = libc.libc.syscall(setpriority, PRIO_PROCESS, thread, nice >>> 0, 0);
  return checked(libc, "setpriority", result);
}

/** Where a thread may run, a bit for each processor; 0 is the calling one. */
export function setProcessors(libc: Libc, thread: number, set: Uint8Array): Done {
  const { sched_setaffinity: number } = libc.architecture.syscall;
  const result = libc.libc.syscall(number, thread, set.length, libc.addressOf(set), 0);
  return checked(libc, "sched_setaffinity", result);
}

/** Where the calling thread may run. */
export function processorsOf(libc: Libc): Uint8Array {
  const set = new Uint8Array(processorSetSize);
  const { sched_getaffinity: number } = libc.architecture.syscall;
  libc.libc.syscall(number, 0, set.length, libc.addressOf(set), 0);
  return set;
}

/** A set of processors by their numbers. */
export function processorSet(processors: readonly number[]): Uint8Array {
  const set = new Uint8Array(processorSetSize);
  for (const number of processors) set[number >> 3] = (set[number >> 3] ?? 0) | 1 << (number & 7);
  return set;
}

/** What is in memory stays there, and so does what comes later; what was never used is not read. */
export function lockMemory(libc: Libc): Done {
  const { mlockall } = libc.architecture.syscall;
  const flags = MCL.CURRENT | MCL.FUTURE | MCL.ONFAULT;
  return checked(libc, "mlockall", libc.libc.syscall(mlockall, flags, 0, 0, 0));
}

/** Takes that back. */
export function unlockMemory(libc: Libc): Done {
  const { munlockall } = libc.architecture.syscall;
  return checked(libc, "munlockall", libc.libc.syscall(munlockall, 0, 0, 0, 0));
}

/** Microseconds that a real-time thread may run without a pause before SIGXCPU; none for ever. */
export function setRealtimeLimit(libc: Libc, limit: number | undefined): Done {
  const value = new Uint8Array(16);
  const view = viewOf(value);
  view.setBigUint64(0, limit === undefined ? RLIM_INFINITY : BigInt(limit), true);
  view.setBigUint64(8, RLIM_INFINITY, true);
  const { prlimit64 } = libc.architecture.syscall;
  const result = libc.libc.syscall(prlimit64, 0, RLIMIT_RTTIME, libc.addressOf(value), 0);
  return checked(libc, "prlimit", value.length > 0 ? result : -1);
}

/** Runs another program in place of this one, which ends; answers only when that failed. */
export function replaceProcess(
  libc: Libc,
  path: string,
  words: readonly string[],
  environment: readonly string[],
): Done {
  const [program, argv, envp] = [cString(path), strings(libc, words), strings(libc, environment)];
  const result = libc.libc.syscall(
    libc.architecture.syscall.execve,
    libc.addressOf(program),
    libc.addressOf(argv.pointers),
    libc.addressOf(envp.pointers),
    0,
  );
  const kept = program.length + argv.octets.length + envp.octets.length > 0;
  return checked(libc, "execve", kept ? result : -1);
}

/** An array of C strings, ended by NULL; the octets live as long as somebody has the answer. */
function strings(libc: Libc, texts: readonly string[]): Record<"pointers" | "octets", Uint8Array> {
  const each = texts.map(cString);
  const octets = concatBytes(...each, new Uint8Array(1));
  const pointers = new Uint8Array((texts.length + 1) * 8);
  const view = viewOf(pointers);
  let at = libc.addressOf(octets);
  for (const [index, text] of each.entries()) {
    view.setBigUint64(index * 8, BigInt(at), true);
    at += text.length;
  }
  return { pointers, octets };
}
