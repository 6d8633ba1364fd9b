/**
 * What differs between the processors: numbers of system calls that libc does not wrap everywhere,
 * and the layout of `struct epoll_event`, which is packed on x86-64 only.
 */

/** The processors that standin runs on. */
export type Architecture = "x64" | "arm64";

/** Numbers and layouts of one processor. */
export interface ArchitectureFacts {
  /** <asm/unistd.h>; glibc before 2.34 has these timers in another library. */
  readonly syscall: {
    readonly timer_create: number;
    readonly timer_settime: number;
    readonly timer_delete: number;
    /** Straight to the kernel these change the calling thread only. */
    readonly setgroups: number;
    readonly setresuid: number;
    readonly setresgid: number;
    /** Of these, those of libc do not work everywhere: musl refuses the scheduler. */
    readonly sched_setscheduler: number;
    readonly sched_setaffinity: number;
    readonly sched_getaffinity: number;
    readonly setpriority: number;
    readonly prlimit64: number;
    readonly mlockall: number;
    readonly munlockall: number;
    readonly execve: number;
  };
  /** struct epoll_event { uint32_t events; epoll_data_t data; } */
  readonly epollEvent: { readonly size: number; readonly dataOffset: number };
}

const facts: Record<Architecture, ArchitectureFacts> = {
  x64: {
    syscall: {
      timer_create: 222,
      timer_settime: 223,
      timer_delete: 226,
      setgroups: 116,
      setresuid: 117,
      setresgid: 119,
      sched_setscheduler: 144,
      sched_setaffinity: 203,
      sched_getaffinity: 204,
      setpriority: 141,
      prlimit64: 302,
      mlockall: 151,
      munlockall: 152,
      execve: 59,
    },
    epollEvent: { size: 12, dataOffset: 4 },
  },
  arm64: {
    syscall: {
      timer_create: 107,
      timer_settime: 110,
      timer_delete: 111,
      setgroups: 159,
      setresuid: 147,
      setresgid: 149,
      sched_setscheduler: 119,
      sched_setaffinity: 122,
      sched_getaffinity: 123,
      setpriority: 140,
      prlimit64: 261,
      mlockall: 230,
      munlockall: 231,
      execve: 221,
    },
    epollEvent: { size: 16, dataOffset: 8 },
  },
};

/** The facts of a processor by the name that `process.arch` has for it; throws for any other. */
export function architectureFacts(name: string): ArchitectureFacts {
  if (name === "x64" || name === "arm64") return facts[name];
  throw new Error(`Cannot run on processor "${name}": expected x64 or arm64`);
}
