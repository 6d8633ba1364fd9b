/**
 * Why this machine lets nobody make a user namespace, and what to type. Distributions forbid it in
 * different places: Debian and its children had a switch of their own, Ubuntu has AppArmor do it,
 * any kernel has a limit that can be 0, and containers filter the system call.
 */
import { readFileSync } from "node:fs";

/** A switch of the kernel that can stand in the way. */
export interface Limit {
  /** As sysctl(8) names it. */
  readonly name: string;
  readonly value: number;
}

/** What is known about a refusal. */
export interface Refusal {
  /** What `unshare` said; absent when there is no such command. */
  readonly said: string | undefined;
  readonly limits: readonly Limit[];
}

/** The value that forbids, the one that allows, and who brought the switch. */
const switches = [
  { name: "kernel.unprivileged_userns_clone", forbids: 0, allows: 1 },
  { name: "kernel.apparmor_restrict_unprivileged_userns", forbids: 1, allows: 0 },
  { name: "user.max_user_namespaces", forbids: 0, allows: 15_000 },
  { name: "user.max_net_namespaces", forbids: 0, allows: 15_000 },
] as const;

/** The switches that this kernel has. */
export function readLimits(): Limit[] {
  return switches.flatMap(({ name }) => {
    try {
      const text = readFileSync(`/proc/sys/${name.replaceAll(".", "/")}`, "latin1");
      return [{ name, value: Number(text) }];
    } catch {
      return [];
    }
  });
}

/** What is wrong and what helps, in a few lines. */
export function explainRefusal({ said, limits }: Refusal): string {
  if (said === undefined) {
    return lines(
      'the command "unshare" is missing',
      "Install util-linux, or run the demo as root: sudo standin demo",
    );
  }
  const closed = switches.filter(({ name, forbids }) =>
    limits.some((limit) => limit.name === name && limit.value === forbids)
  );
  const words = said === "" ? "" : ` (${said})`;
  if (closed.length === 0) {
    return lines(
      `this machine allows no user namespaces${words}`,
      "Run it as root: sudo standin demo",
      "A container has to be started with more rights for it: docker run --privileged",
    );
  }
  return lines(
    `${closed.map(({ name, forbids }) => `${name}=${forbids}`).join(", ")} forbids it${words}`,
    "Run it as root: sudo standin demo",
    ...closed.map(({ name, allows }) =>
      `or allow it until the next boot: sudo sysctl ${name}=${allows}`
    ),
  );
}

function lines(problem: string, ...help: readonly string[]): string {
  return [`standin: Cannot make a network without root: ${problem}`, ...help].join("\n");
}
