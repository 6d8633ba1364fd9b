/** What the kernel says of a process and of each of its threads. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** How one thread is scheduled (proc(5)). */
export interface ThreadFacts {
  /** `other` or `round-robin`; a number for any other policy. */
  readonly policy: "other" | "round-robin" | number;
  /** Real-time priority; 0 for none. */
  readonly priority: number;
  readonly nice: number;
  /** Such as `0-1`. */
  readonly processors: string;
  /** The network namespace, as the kernel names it. */
  readonly netNamespace: string;
}

/** Every thread that the process has now, the first one first. */
export function threadsOf(pid: number): ThreadFacts[] {
  const directory = `/proc/${pid}/task`;
  // Numbers of later threads are smaller when the kernel has begun to count anew.
  const later = readdirSync(directory).filter((thread) => Number(thread) !== pid);
  return [pid, ...later].flatMap((thread) => {
    try {
      return [threadAt(`${directory}/${thread}`)];
    } catch {
      // It has just ended.
      return [];
    }
  });
}

/** A line of `/proc/PID/status`, such as `VmLck`, without its name. */
export function statusLine(pid: number, name: string): string {
  const text = readFileSync(`/proc/${pid}/status`, "utf8");
  return new RegExp(`^${name}:\\s*(.*)$`, "m").exec(text)?.[1] ?? "";
}

/** The soft and the hard limit of a line of `/proc/PID/limits`. */
export function limitOf(pid: number, name: string): readonly [soft: string, hard: string] {
  const text = readFileSync(`/proc/${pid}/limits`, "utf8");
  const [, soft = "", hard = ""] = new RegExp(`^${name} +(\\S+) +(\\S+)`, "m").exec(text) ?? [];
  return [soft, hard];
}

function threadAt(path: string): ThreadFacts {
  // The name, in parentheses, may have blanks in it.
  const after = readFileSync(`${path}/stat`, "utf8").replace(/^.*\) /s, "").split(" ");
  const field = (number: number): number => Number(after[number - 3]);
  const policy = field(41);
  const processors = readFileSync(`${path}/status`, "utf8");
  return {
    policy: policy === 0 ? "other" : policy === 2 ? "round-robin" : policy,
    priority: field(40),
    nice: field(19),
    processors: /^Cpus_allowed_list:\s*(\S+)/m.exec(processors)?.[1] ?? "",
    netNamespace: readlinkSync(`${path}/ns/net`),
  };
}
