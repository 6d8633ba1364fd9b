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
  /** How this program is called. */
  readonly program: string;
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
export function explainRefusal({ said, limits, program }: Refusal): string {
  const asRoot = `Run it as root: sudo ${program} demo`;
  if (said === undefined) {
    return lines('without root: the command "unshare" is missing', [
      asRoot,
      "or install util-linux, which has it",
    ]);
  }
  const closed = switches.filter(({ name, forbids }) =>
    limits.some((limit) => limit.name === name && limit.value === forbids)
  );
  const reasons = closed.map(({ name, forbids }) => `${name} is ${forbids}`);
  const help = closed.map(({ name, allows }) => {
    return `or allow it until the next boot: sudo sysctl ${name}=${allows}`;
  });
  return lines(
    `without root: ${reasons.join(", ") || "this machine allows no user namespaces"}`,
    [...(said === "" ? [] : [said]), asRoot, ...(closed.length === 0 ? [container] : help)],
  );
}

/** The same for who was let in and then could not build. */
export function explainNoNetwork(said: string): string {
  return lines("here", [said, container]);
}

const container = "A container needs more rights for it, such as: docker run --privileged";

function lines(why: string, more: readonly string[]): string {
  return [`standin: Cannot make a network ${why}`, ...more].join("\n  ");
}
