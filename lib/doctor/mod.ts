/**
 * The doctor: what keeps this box from doing what its configuration says, from facts that the host
 * has gathered. It asks nobody and changes nothing.
 *
 *   host ── BoxFacts ──► examine(model, facts) ──► findings, the worst first
 */
import type { Model } from "../config/mod.ts";
import { examineBox } from "./box.ts";
import type { BoxFacts } from "./facts.ts";
import { type Finding, inOrder } from "./finding.ts";
import { examineFirewall } from "./firewall/mod.ts";
import { examineInterface } from "./interfaces.ts";
import { examineProbes } from "./probes.ts";
import { examineOthers, examineWire } from "./wire.ts";

export type * from "./facts.ts";
export type { Finding, Severity } from "./finding.ts";

/** Everything that is wrong, the worst first. */
export function examine(model: Model, facts: BoxFacts): Finding[] {
  const { instances } = model;
  return inOrder([
    ...examineBox(model, facts),
    ...examineProbes(model, facts),
    ...instances.flatMap((plan) => [
      ...examineInterface(plan, facts),
      ...examineFirewall(plan, facts),
      ...examineWire(plan, facts),
    ]),
    ...facts.heard.flatMap((heard) => examineOthers(heard, instances)),
  ]);
}
