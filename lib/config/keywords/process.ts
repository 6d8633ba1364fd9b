/**
 * The keywords of `global_defs` about the process itself. keepalived has one for each of its child
 * processes; standin is one, and what is said for VRRP counts.
 */
import type { GlobalDraft } from "../draft.ts";
import { formOf } from "../form.ts";
import { keeping, plain, type Table, withoutEffect } from "../keyword.ts";
import type { Statement } from "../parse.ts";
import type { ProcessDraft } from "../process_plan.ts";
import { numberOf, objectionTo } from "../value_check.ts";

/** Highest real-time priority (sched(7)). */
const REALTIME_MAX = 99;
/** Permission bits. */
const PERMISSIONS = 0o777;
/** Bits of a mask by what they are called: `IRWXG` is all of the group. */
const verbs: Readonly<Record<string, number>> = { R: 4, W: 2, X: 1, RWX: 7 };
const whose: Readonly<Record<string, number>> = { U: 6, G: 3, O: 0 };

const noChild = "standin is a single process: what is said for VRRP counts";

type Keep = (draft: ProcessDraft, words: readonly string[]) => void;

const bindings: Readonly<Record<string, Keep>> = {
  max_auto_priority: (draft, [most]) => {
    draft.autoPriority = most === undefined ? REALTIME_MAX : Number(most);
  },
  min_auto_priority_delay: (draft, [delay]) => {
    draft.autoPriorityDelay = Number(delay);
  },
  vrrp_priority: (draft, [nice]) => {
    draft.nice = Number(nice);
  },
  vrrp_no_swap: (draft) => {
    draft.noSwap = true;
  },
  vrrp_rt_priority: (draft, [priority]) => {
    draft.realtimePriority = Number(priority);
  },
  vrrp_cpu_affinity: (draft, processors) => {
    draft.processors = [...new Set(processors.map(Number))].toSorted((a, b) => a - b);
  },
  vrrp_rlimit_rttime: keepLimit,
  vrrp_rlimit_rtime: keepLimit,
  process_name: (draft, [name]) => {
    if (name !== undefined) draft.name = name;
  },
  umask: (draft, [mask = ""]) => {
    draft.umask = maskOf(mask);
  },
};

function keepLimit(draft: ProcessDraft, [limit]: readonly string[]): void {
  draft.realtimeLimit = Number(limit);
}

/** A number as C reads it, or names of bits joined by `|`. */
export function maskOf(text: string): number {
  const number = numberOf(text);
  if (number !== undefined) return number & PERMISSIONS;
  return text.split("|").reduce((mask, name) => {
    const [, verb = "", who = ""] = /^I(RWX|[RWX])([UGO])/.exec(name) ?? [];
    return mask | ((verbs[verb] ?? 0) << (whose[who] ?? 0));
  }, 0);
}

const built = plain(`
max_auto_priority | [<-1..99>] | 0 (off), highest when bare
  | ceiling for automatic real-time priority; -1 is 0
min_auto_priority_delay | <µs 1..10000000> | 1000000 | lateness that raises the priority
vrrp_priority | <-20..19> | that of the caller | nice value
vrrp_no_swap | | off | keep the process in memory
vrrp_rt_priority | <1..99> | none | real-time priority
vrrp_cpu_affinity | <cpu 0..1023>… | those of the caller | processors to run on
vrrp_rlimit_rttime | <µs 1..4294967295> | none
  | real-time without a pause before a warning is logged
vrrp_rlimit_rtime | <µs 1..4294967295> | none | older spelling of vrrp_rlimit_rttime
umask | <umask> | 0177 | mask for files that are created, by scripts, too
process_name | <name> | that of the program | name of the process, 15 characters
`);

/** A word that is of no use has been told by the tables; nothing is kept of its line. */
function keep(draft: GlobalDraft, { keyword, args }: Statement): void {
  const [word] = formOf(built[keyword.text]?.argument ?? "").places;
  const words = args.slice(0, word?.repeated === true ? args.length : 1).map(({ text }) => text);
  const right = word === undefined ||
    (words.length > 0 || word.optional) &&
      words.every((text) => objectionTo(text, word.value) === undefined);
  if (right) bindings[keyword.text]?.(draft.process ??= {}, words);
}

const needless = {
  ...withoutEffect(
    "standin is a single process, which process_name names",
    `
process_names | | all are named alike | standard names for the child processes
vrrp_process_name | <name> | none | name of the VRRP process
checker_process_name | <name> | none | name of the checker process
lvs_process_name | <name> | none | older spelling of checker_process_name
bfd_process_name | <name> | none | name of the BFD process
`,
  ),
  ...withoutEffect(
    noChild,
    `
checker_priority | <-20..19> | 0 | nice value of the checker process
checker_no_swap | | off | keep the checker process in memory
checker_rt_priority | <1..99> | none | real-time priority of the checker process
checker_cpu_affinity | <cpu 0..1023>… | all | processors of the checker process
checker_rlimit_rttime | <µs 1..4294967295> | 10000 | real-time limit of the checker process
checker_rlimit_rtime | <µs 1..4294967295> | 10000 | older spelling of checker_rlimit_rttime
bfd_priority | <-20..19> | 0 | nice value of the BFD process
bfd_no_swap | | off | keep the BFD process in memory
bfd_rt_priority | <1..99> | none | real-time priority of the BFD process
bfd_cpu_affinity | <cpu 0..1023>… | all | processors of the BFD process
bfd_rlimit_rttime | <µs 1..4294967295> | 10000 | real-time limit of the BFD process
bfd_rlimit_rtime | <µs 1..4294967295> | 10000 | older spelling of bfd_rlimit_rttime
`,
  ),
};

/** Sizes of buffers: standin's are large from the start. */
const buffers = {
  ...withoutEffect(
    "receive buffers hold 1 MiB, whatever the limit of the system is",
    `
vrrp_rx_bufs_policy | <bufs> | as the system has it
  | size of the receive buffers: MTU, ADVERT or octets
vrrp_rx_bufs_multiplier | <1..4294967295> | 3 | multiple of that size
`,
  ),
  ...withoutEffect(
    "netlink buffers hold 1 MiB, and when events are lost the tables are read anew",
    `
vrrp_netlink_cmd_rcv_bufs | <bytes 0..4294967295> | as the kernel has it
  | receive buffer for netlink answers
vrrp_netlink_cmd_rcv_bufs_force | [on|off] | off | beyond the system's limit
vrrp_netlink_monitor_rcv_bufs | <bytes 0..4294967295> | as the kernel has it
  | receive buffer for netlink events
vrrp_netlink_monitor_rcv_bufs_force | [on|off] | off | beyond the system's limit
`,
  ),
  ...withoutEffect(
    "standin is a single process with one netlink watch",
    `
lvs_netlink_cmd_rcv_bufs | <bytes 0..4294967295> | as the kernel has it
  | receive buffer for netlink answers to checkers
lvs_netlink_cmd_rcv_bufs_force | [on|off] | off | beyond the system's limit
lvs_netlink_monitor_rcv_bufs | <bytes 0..4294967295> | as the kernel has it
  | receive buffer for netlink events of checkers
lvs_netlink_monitor_rcv_bufs_force | [on|off] | off | beyond the system's limit
`,
  ),
};

/** All of them. */
export const processKeywords: Table<GlobalDraft> = {
  ...keeping(built, keep),
  ...needless,
  ...buffers,
};
