/**
 * Carries out what the configuration says of the process: real-time scheduling, nice value,
 * processors and memory that is not swapped out, for all of its threads and for none of its
 * children. Loaded when somebody asks for any of it.
 *
 * All threads have the same scheduling, those that the runtime starts later by inheritance. The one
 * that decides waits for locks of the others without sleeping (sched_yield(2) again and again): on
 * one processor it would wait for ever for a thread that is less urgent. What was missed while
 * threads were started is set once the daemon has settled.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { getPriority } from "node:os";
import {
  type Done,
  type Libc,
  lockMemory,
  processorSet,
  processorsOf,
  renderOsError,
  setNice,
  setProcessors,
  setRealtimeLimit,
  setScheduler,
  SIG_IGN,
  SIGXCPU,
  unlockMemory,
} from "../../../ffi/mod.ts";
import type { Duration } from "../../base/mod.ts";
import type { ProcessPlan } from "../../config/mod.ts";
import { AutoPriority } from "./auto_priority.ts";
import { keepFromChildren } from "./child_start.ts";
import type { Log } from "./log.ts";
import { usualMask } from "./process.ts";

const nameFile = "/proc/self/comm";

/** The settings of this process, as they are and as they were. */
export class ProcessSettings {
  readonly #libc: Libc;
  readonly #log: Pick<Log, "write">;
  readonly #nice = getPriority();
  readonly #name = readFileSync(nameFile, "latin1").trim();
  readonly #processors: Uint8Array;
  readonly #auto = new AutoPriority();
  #plan: ProcessPlan = {};

  constructor(libc: Libc, log: Pick<Log, "write">) {
    this.#libc = libc;
    this.#log = log;
    this.#processors = processorsOf(libc);
    // The limit is for those who look into the log, not for ending the daemon.
    try {
      process.on("SIGXCPU", () => this.#tellLimit());
    } catch {
      libc.libc.signal(SIGXCPU, SIG_IGN);
    }
  }

  /** Makes it so; what is no longer said becomes what it was at the start. */
  apply(plan: ProcessPlan = {}): void {
    const [before, priority] = [this.#plan, this.#priority];
    this.#plan = plan;
    const mask = plan.umask ?? (before.umask === undefined ? undefined : usualMask);
    if (mask !== undefined) process.umask(mask);
    // The name of its first thread is that of the process; the kernel shortens it.
    const name = plan.name ?? (before.name === undefined ? undefined : this.#name);
    if (name !== undefined) writeFileSync(nameFile, name);
    this.#auto.become(plan);
    if (plan.realtimeLimit !== before.realtimeLimit) {
      this.#try("vrrp_rlimit_rttime", setRealtimeLimit(this.#libc, plan.realtimeLimit));
    }
    if (plan.processors !== undefined || before.processors !== undefined) {
      this.#forThreads("vrrp_cpu_affinity", (thread) => {
        return setProcessors(this.#libc, thread, this.#wantedProcessors());
      });
    }
    if (plan.nice !== undefined || before.nice !== undefined) {
      this.#forThreads("vrrp_priority", (thread) => {
        return setNice(this.#libc, thread, plan.nice ?? this.#nice);
      });
    }
    if (priority !== undefined || this.#priority !== undefined) this.#schedule("vrrp_rt_priority");
    if (plan.noSwap === true) this.#try("vrrp_no_swap", lockMemory(this.#libc));
    else if (before.noSwap === true) this.#try("vrrp_no_swap", unlockMemory(this.#libc));
    this.#keepFromChildren();
  }

  /** The threads that came meanwhile get what the others have. */
  applyAgain(): void {
    this.apply(this.#plan);
  }

  /** Does what needs memory that is not locked. */
  unlocked(action: () => void): void {
    if (this.#plan.noSwap === true) unlockMemory(this.#libc);
    action();
    if (this.#plan.noSwap === true) lockMemory(this.#libc);
  }

  /** Hears how late the daemon is; the priority may rise. */
  late(by: Duration): void {
    const raised = this.#auto.late(by);
    if (raised === undefined) return;
    this.#log.write("notice", `${by / 1000} ms late: the real-time priority is ${raised} now`);
    this.#schedule("max_auto_priority");
    this.#keepFromChildren();
  }

  get #priority(): number | undefined {
    return this.#auto.priority ?? this.#plan.realtimePriority;
  }

  #schedule(keyword: string): void {
    const priority = this.#priority;
    this.#forThreads(keyword, (thread) => setScheduler(this.#libc, thread, priority, "heirs"));
  }

  #keepFromChildren(): void {
    const { processors, nice } = this.#plan;
    const set = [processors, nice, this.#priority].some((setting) => setting !== undefined);
    keepFromChildren(set ? (start) => this.#without(start) : undefined);
  }

  #wantedProcessors(): Uint8Array {
    const { processors } = this.#plan;
    return processors === undefined ? this.#processors : processorSet(processors);
  }

  /** Only this thread starts programs, and what they inherit is this thread's. */
  #without<T>(start: () => T): T {
    const libc = this.#libc;
    const [{ nice, processors }, priority] = [this.#plan, this.#priority];
    if (priority !== undefined) setScheduler(libc, 0, priority, "no-heirs");
    if (processors !== undefined) setProcessors(libc, 0, this.#processors);
    if (nice !== undefined) setNice(libc, 0, this.#nice);
    try {
      return start();
    } finally {
      if (nice !== undefined) setNice(libc, 0, nice);
      if (processors !== undefined) setProcessors(libc, 0, this.#wantedProcessors());
      if (priority !== undefined) setScheduler(libc, 0, priority, "heirs");
    }
  }

  /** The first thread that refuses is told; one that has just ended is no refusal. */
  #forThreads(keyword: string, set: (thread: number) => Done): void {
    const refusals = readdirSync("/proc/self/task").map((thread) => set(Number(thread)));
    const refused = refusals.find((done) => !done.ok && done.error.name !== "ESRCH");
    if (refused !== undefined) this.#try(keyword, refused);
  }

  #try(keyword: string, done: Done): void {
    if (done.ok) return;
    this.#log.write("warning", `Cannot do what ${keyword} says: ${renderOsError(done.error)}`);
  }

  #tellLimit(): void {
    const { realtimeLimit = 0 } = this.#plan;
    const message = `ran for longer than the ${realtimeLimit} µs of vrrp_rlimit_rttime`;
    this.#log.write("warning", message);
  }
}
