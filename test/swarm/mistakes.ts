/**
 * Mistakes that somebody could make in the engine, each as a change of one place in the sources.
 */

/** One planted mistake. */
export interface Mistake {
  readonly name: string;
  readonly file: string;
  /** Stands there exactly once. */
  readonly right: string;
  readonly wrong: string;
}

/** All of them. */
export const mistakes: readonly Mistake[] = [
  {
    name: "the skew is forgotten",
    file: "lib/vrrp/timing.ts",
    right: "microseconds(plan.downTimerAdverts * activeAdvertInterval + skew)",
    wrong: "microseconds(plan.downTimerAdverts * activeAdvertInterval + 0 * skew)",
  },
  {
    name: "priority 0 is ignored",
    file: "lib/vrrp/hear.ts",
    right: "    state.masterDownAt = listenUntil(instance, now, skew);\n    return;",
    wrong: "    void skew;\n    return;",
  },
  {
    name: "a tie is broken the wrong way",
    file: "lib/vrrp/hear.ts",
    right: "compareIp(advert.address, instance.source) > 0",
    wrong: "compareIp(advert.address, instance.source) < 0",
  },
  {
    name: "the timer is not set anew by an advert",
    file: "lib/vrrp/hear.ts",
    right: `  state.masterDownAt = listenUntil(
    instance,
    now,
    masterDownInterval(plan, instance.effectivePriority, state.activeAdvertInterval),
  );`,
    wrong: "",
  },
  {
    name: "own packets are accepted",
    file: "lib/vrrp/receive.ts",
    right: "instance.source !== undefined && equalIp(instance.source, datagram.source)",
    wrong: "instance.source === datagram.source && equalIp(instance.source, datagram.source)",
  },
  {
    name: "addresses are kept by whoever is no longer master",
    file: "lib/vrrp/instance.ts",
    right: `out.push({ kind: "yield" });`,
    wrong: "",
  },
  {
    name: "only half of a sync group is moved",
    file: "lib/vrrp/sync_group.ts",
    right: `if (member.state.kind === "MASTER") becomeBackup`,
    wrong: `if (member.state.kind === "MASTER" && member !== group.members[0]) becomeBackup`,
  },
  {
    name: "preempt_delay is ignored",
    file: "lib/vrrp/hear.ts",
    right: "if (plan.preemptDelay > 0) {",
    wrong: "if (plan.preemptDelay < 0) {",
  },
  {
    name: "a master stops in silence",
    file: "lib/vrrp/instance.ts",
    right: `  if (instance.state.kind === "STOPPED") return;
  if (instance.state.kind === "MASTER") out.push(release(instance));`,
    wrong: `  if (instance.state.kind === "STOPPED") return;`,
  },
  {
    name: "the interval of the master is not learned",
    file: "lib/vrrp/hear.ts",
    right: "if (plan.version === 3) state.activeAdvertInterval = intervalOf(advert, plan);",
    wrong: "if (plan.version === 2) state.activeAdvertInterval = intervalOf(advert, plan);",
  },
  {
    name: "nopreempt is ignored",
    file: "lib/vrrp/hear.ts",
    right: "const preempts = plan.preempt && !instance.yielded;",
    wrong: "const preempts = !instance.yielded;",
  },
  {
    name: "resources stay where the role was",
    file: "lib/engine/resources.ts",
    right: 'if (owner.decided || world.maintenance !== undefined) return "rest";',
    wrong: 'if (owner.decided || world.maintenance !== undefined) return "run";',
  },
  {
    name: "a failed server is asked again for ever",
    file: "lib/check/checker.ts",
    right: "checker.retries < plan.retry",
    wrong: "checker.retries >= 0",
  },
];
