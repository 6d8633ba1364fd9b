/**
 * What a firewall does to a kind of packet: every base chain on its way is asked, in the order of
 * the hooks and of the priorities, and each has to let it through.
 */
import { type FirewallPacket, type Holds, hooksOf } from "./packet.ts";

/** What a rule does to packets that it is about. */
export type Verdict =
  | { readonly kind: "accept" | "drop" | "return" | "none" }
  | { readonly kind: "jump" | "goto"; readonly chain: string };

/** One rule. Several verdicts are those of a map: each packet gets one of them at most. */
export interface Rule {
  readonly decide: (packet: FirewallPacket) => readonly (readonly [Holds, Verdict])[];
  /** Where it stands, for people. */
  readonly place: string;
}

/** A chain; a base chain has a hook. */
export interface Chain {
  readonly rules: readonly Rule[];
  readonly base?: {
    readonly hook: string;
    readonly priority: number;
    readonly policy: "accept" | "drop";
    /** Of the families `netdev` only. */
    readonly device?: string;
  };
  readonly place: string;
}

/** Chains by their names, for the packets of which families. */
export interface Ruleset {
  readonly chains: ReadonlyMap<string, Chain>;
}

/** What becomes of a kind of packet, and who drops it. */
export interface Fate {
  readonly passes: Holds;
  /** The places that drop it, or some of it. */
  readonly droppedBy: readonly string[];
}

/** Asks every chain on the way. */
export function fateOf(rulesets: readonly Ruleset[], packet: FirewallPacket): Fate {
  const droppedBy: string[] = [];
  let passes: Holds = "yes";
  for (const { ruleset, chain } of onTheWay(rulesets, packet)) {
    const ends = walk(chain, { packet, ruleset, droppedBy }, 0);
    const policyDrops = ends.has("through") && chain.base?.policy === "drop";
    if (policyDrops) droppedBy.push(`the policy of ${chain.place}`);
    if (!policyDrops && !ends.has("dropped")) continue;
    const accepts = ends.has("accepted") || (ends.has("through") && !policyDrops);
    if (!accepts) return { passes: "no", droppedBy };
    passes = "some";
  }
  return { passes, droppedBy };
}

function onTheWay(
  rulesets: readonly Ruleset[],
  { direction, interfaceName }: FirewallPacket,
): { ruleset: Ruleset; chain: Chain }[] {
  const hooks: readonly string[] = hooksOf[direction];
  return rulesets.flatMap((ruleset) =>
    [...ruleset.chains.values()].flatMap((chain) => {
      const { base } = chain;
      if (base === undefined || !hooks.includes(base.hook)) return [];
      if (base.device !== undefined && base.device !== interfaceName) return [];
      return [{ ruleset, chain, order: [hooks.indexOf(base.hook), base.priority] as const }];
    })
  ).sort((a, b) => a.order[0] - b.order[0] || a.order[1] - b.order[1]);
}

/** How a chain may end for packets of a kind. */
type End = "accepted" | "dropped" | "through";

interface Walk {
  readonly packet: FirewallPacket;
  readonly ruleset: Ruleset;
  readonly droppedBy: string[];
}

/** The kernel's own limit (NFT_JUMP_STACK_SIZE); a ruleset that goes deeper was refused. */
const depthMax = 16;

/** All ways in which the chain may end: rules that hold for some packets leave both open. */
function walk(chain: Chain, on: Walk, depth: number): Set<End> {
  const ends = new Set<End>();
  for (const rule of depth > depthMax ? [] : chain.rules) {
    for (const [holds, verdict] of rule.decide(on.packet)) {
      if (holds === "no" || verdict.kind === "none") continue;
      const goesOn = follow(verdict, rule, { on, depth, ends });
      if (holds === "yes" && !goesOn) return ends;
    }
  }
  return ends.add("through");
}

/** Adds the ways in which a verdict ends the chain; answers whether packets come back from it. */
function follow(
  verdict: Verdict,
  rule: Rule,
  { on, depth, ends }: { on: Walk; depth: number; ends: Set<End> },
): boolean {
  switch (verdict.kind) {
    case "none":
      return true;
    case "accept":
      ends.add("accepted");
      return false;
    case "drop":
      on.droppedBy.push(rule.place);
      ends.add("dropped");
      return false;
    case "return":
      ends.add("through");
      return false;
    case "jump":
    case "goto": {
      const target = on.ruleset.chains.get(verdict.chain);
      if (target === undefined) return true;
      const there = walk(target, on, depth + 1);
      const comesBack = verdict.kind === "jump" && there.delete("through");
      for (const end of there) ends.add(end);
      return comesBack;
    }
  }
}
