/**
 * Why a virtual router is what it is: where its priority comes from, who would win now, and what
 * would change that. Worked out from one snapshot by the rules of RFC 9568 §6.4 as `lib/vrrp`
 * follows them; pure, so that every case can be looked at.
 */
import type { InstanceStatus, Snapshot } from "../engine/mod.ts";
import { transitionText } from "./status_table.ts";

/** An instance explained, as `standin explain INSTANCE --json` prints it. */
export interface Explanation {
  readonly name: string;
  readonly state: InstanceStatus["state"];
  readonly since: string;
  readonly reason: string;
  readonly priority: {
    readonly base: number;
    /** What trackers do, in the order of the file. */
    readonly trackers: InstanceStatus["tracking"];
    /** Base and all changes, before it is kept between 1 and 254. */
    readonly sum: number;
    readonly effective: number;
    /** With every tracker at its worst and best; null where the number in a file has a say. */
    readonly lowest: number | null;
    readonly highest: number | null;
  };
  readonly faults: readonly string[];
  readonly master: InstanceStatus["master"];
  /** Whether this node would be master if nothing changed; null where that is not known. */
  readonly wins: boolean | null;
  readonly why: readonly string[];
  readonly change: readonly string[];
  readonly syncGroup: {
    readonly name: string;
    readonly state: InstanceStatus["state"];
    /** Members that keep this one from being master, and why. */
    readonly heldBackBy: readonly { readonly name: string; readonly why: string }[];
  } | null;
}

/** What follows from the state of one instance by itself. */
type Standing = Pick<Explanation, "wins" | "why" | "change">;

const ownerPriority = 255;

/** Explains an instance of the snapshot. */
export function explainInstance(snapshot: Snapshot, instance: InstanceStatus): Explanation {
  const { name, state, lastTransition, tracking, basePriority, effectivePriority } = instance;
  const alone = snapshot.maintenance === null
    ? heldOff(snapshot, instance) ?? standingOf(instance)
    : inMaintenance;
  const syncGroup = groupOf(snapshot, instance);
  const isHeldBack = alone.wins === true && (syncGroup?.heldBackBy ?? []).length > 0;
  return {
    name,
    state,
    since: lastTransition.at,
    reason: transitionText(lastTransition),
    priority: {
      base: basePriority,
      trackers: tracking,
      sum: tracking.reduce((sum, { change }) => sum + change, basePriority),
      effective: effectivePriority,
      lowest: extreme(instance, Math.min),
      highest: extreme(instance, Math.max),
    },
    faults: instance.faults,
    master: instance.master,
    ...(isHeldBack
      ? {
        wins: false,
        why: [...alone.why, "its sync group holds it back"],
        change: ["the members that hold it back have to be able to be master, too"],
      }
      : alone),
    syncGroup,
  };
}

const inMaintenance: Standing = {
  wins: false,
  why: ["the node is in maintenance and takes no part"],
  change: ['"standin maintenance off", or the end of its time'],
};

/** A resource failed here too often, and the role is not taken for a while. */
function heldOff(
  { resources }: Snapshot,
  { name, syncGroup }: InstanceStatus,
): Standing | undefined {
  const found = resources.find((set) =>
    set.heldOff !== null && set.name === (set.kind === "INSTANCE" ? name : syncGroup)
  )?.heldOff;
  if (found === undefined || found === null) return undefined;
  const { resource, detail, until } = found;
  return {
    wins: false,
    why: [`it gave the role away because ${resource} failed too often (${detail})`],
    change: [`it takes part again at ${until}, or after "standin maintenance off"`],
  };
}

function standingOf(instance: InstanceStatus): Standing {
  switch (instance.state) {
    case "MASTER":
      return standingOfMaster(instance);
    case "BACKUP":
      return standingOfBackup(instance);
    case "FAULT":
      return {
        wins: false,
        why: ["a router in FAULT takes no part"],
        change: ["the faults have to end; then it listens for a master"],
      };
    case "INIT":
      return {
        wins: null,
        why: ["it has not started yet"],
        change: instance.faults.length === 0 ? [] : ["what it waits for has to come"],
      };
    default:
      return { wins: false, why: ["the daemon ends"], change: [] };
  }
}

function standingOfMaster(instance: InstanceStatus): Standing {
  const { basePriority, effectivePriority: own, sourceAddress, twoMasters } = instance;
  const rival = twoMasters === null ? [] : [
    `${twoMasters.address} is master with ${twoMasters.priority}, too, and has to yield: ` +
    twoMasters.likelyCause,
  ];
  const users = instance.duplicateAddresses.map(({ address, hardwareAddress, likelyCause }) =>
    `${address} is used by ${hardwareAddress ?? "somebody else"}, too: ${likelyCause}`
  );
  if (basePriority === ownerPriority) {
    return {
      wins: true,
      why: ["it owns the addresses: nobody has more than 255", ...rival, ...users],
      change: [],
    };
  }
  const tie = sourceAddress === null ? "" : `, or ${own} and an address above ${sourceAddress}`;
  return {
    wins: true,
    why: [`it is master, and no master with more than ${own} is heard`, ...rival, ...users],
    change: [`another master would need more than ${own}${tie}`],
  };
}

function standingOfBackup(instance: InstanceStatus): Standing {
  const { master, effectivePriority: own, preempt, preemptDelayMs, handedOver } = instance;
  if (instance.witness?.awaited === true) return awaitingWitness(instance.witness.probe);
  if (master === null) {
    return {
      wins: true,
      why: ["no master is heard; it rises when its timer runs out"],
      change: [`an advert of ${preempt ? `priority ${own} or more` : "another router"}`],
    };
  }
  const { address, priority } = master;
  const silence = `${address} has to fall silent or give the role away`;
  if (priority >= own) return standingBehind(instance, master, silence);
  if (!preempt || handedOver) {
    const leave = handedOver ? "this node gave it the role" : "nopreempt leaves it the role";
    return {
      wins: false,
      why: [`${address} has ${priority}, less than ${own}, but ${leave}`],
      change: [silence],
    };
  }
  const when = preemptDelayMs > 0
    ? `preempt_delay of ${preemptDelayMs / 1000} s is over`
    : "its timer runs out";
  return {
    wins: true,
    why: [`${address} has ${priority}, less than ${own}; this node takes over when ${when}`],
    change: [`${address} would need ${own} or more`],
  };
}

function awaitingWitness(probe: string): Standing {
  return {
    wins: false,
    why: [
      `it waits for its witness ${probe}: who reaches neither a peer nor its witness is cut off`,
    ],
    change: [`the probe ${probe} has to be good, or a peer has to be heard`],
  };
}

function standingBehind(
  instance: InstanceStatus,
  { address, priority }: NonNullable<InstanceStatus["master"]>,
  silence: string,
): Standing {
  const { effectivePriority: own, preempt } = instance;
  const why = priority > own ? `${address} has ${priority}, more than ${own}` : [
    `${address} has ${priority} as well, and a backup only replaces a master with less`,
    "(between two masters of equal priority the higher address stays)",
  ].join(" ");
  if (!preempt) return { wins: false, why: [why], change: [`${silence} (nopreempt)`] };
  const needs = priority >= 254
    ? "only the owner of the addresses (255) has more"
    : `it would need more than ${priority}`;
  const highest = extreme(instance, Math.max);
  const canHave = highest === null || instance.tracking.length === 0 || priority >= 254 ? "" : [
    `; with every tracker at its best it has ${highest}, which is `,
    highest > priority ? "enough" : "not enough",
  ].join("");
  return { wins: false, why: [why], change: [needs + canHave, `or ${silence}`] };
}

function groupOf(snapshot: Snapshot, instance: InstanceStatus): Explanation["syncGroup"] {
  const group = snapshot.syncGroups.find(({ name }) => name === instance.syncGroup);
  if (group === undefined) return null;
  const others = snapshot.instances.filter(({ name, syncGroup }) =>
    syncGroup === group.name && name !== instance.name
  );
  const heldBackBy = instance.state === "MASTER" ? [] : others.flatMap((other) => {
    const why = whyHeldBack(other, group.name);
    return why === undefined ? [] : [{ name: other.name, why }];
  });
  return { name: group.name, state: group.state, heldBackBy };
}

/** Why a member can not be master; undefined when it can, or is only held by others itself. */
function whyHeldBack(member: InstanceStatus, group: string): string | undefined {
  if (member.state === "FAULT" || member.state === "INIT") {
    const own = member.faults.filter((fault) => !fault.endsWith(`sync group ${group} is in FAULT`));
    return own.length === 0 ? undefined : own.join(", ");
  }
  const { wins, why } = standingOf(member);
  return wins === true ? undefined : why.join("; ");
}

/** The priority with all trackers at one end; null where a file's number has a say. */
function extreme(
  { basePriority, tracking }: InstanceStatus,
  choose: (a: number, b: number) => number,
): number | null {
  if (tracking.some(({ kind, weight }) => kind === "file" && weight !== 0)) return null;
  if (basePriority === ownerPriority) return ownerPriority;
  const sum = tracking.reduce(
    (so, { weight, reverse }) => so + choose(0, reverse ? -weight : weight),
    basePriority,
  );
  return Math.max(1, Math.min(254, sum));
}
