/**
 * Probes that are bad as things are: who asks the gateway needs a default route.
 */
import type { Model } from "../config/mod.ts";
import { contribution, type TrackUse } from "../track/mod.ts";
import type { BoxFacts } from "./facts.ts";
import type { Finding } from "./finding.ts";

/** What is wrong about the probes, and what that does to each instance. */
export function examineProbes({ instances, tracking }: Model, facts: BoxFacts): Finding[] {
  return (facts.missingGateways ?? []).flatMap(({ probe, family, reason }) =>
    tracking.flatMap(({ name: subject, uses }): Finding[] => {
      const use = uses.find(({ kind, name }) => kind === "probe" && name === probe);
      const base = instances.find(({ name }) => name === subject)?.basePriority;
      const effect = use === undefined || base === undefined ? undefined : effectOf(use, base);
      if (effect === undefined) return [];
      return [{
        code: "no-gateway",
        severity: use?.weight === 0 ? "fault" : "warning",
        subject,
        message: `The probe ${probe} is bad, as ${reason}: ${effect}`,
        advice: [
          `ip ${family === "ipv4" ? "" : "-6 "}route show default`,
          `ip ${family === "ipv4" ? "" : "-6 "}route add default via …`,
        ],
      }];
    })
  );
}

/** What a bad probe makes of an instance; `undefined` for nothing. */
function effectOf(use: TrackUse, base: number): string | undefined {
  const effect = contribution(use, { kind: "bad" });
  if (effect.kind === "fault") return "the instance is in FAULT";
  if (effect.kind === "untested" || effect.change === 0 || base === 255) return undefined;
  return `the priority is ${Math.max(1, Math.min(254, base + effect.change))}, not ${base}`;
}
