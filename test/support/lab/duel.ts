/**
 * Two routers of one virtual router on one segment, of which a is the better one: waiting until a
 * rules and b waits, and watching that it stays so.
 */
import assert from "node:assert/strict";
import { watchCalmly } from "./calm.ts";
import type { Lab } from "./lab.ts";
import type { Router } from "./router.ts";
import type { Segment } from "./segment.ts";

/** Where the two stand. */
export interface Duel {
  readonly lab: Lab;
  readonly segment: Segment;
  /** The one with the higher priority. */
  readonly a: Router;
  readonly b: Router;
}

/** The first chapter of most stories: both are there, a is master and nobody objects. */
export async function settle(duel: Duel): Promise<void> {
  await Promise.all([duel.a.start(), duel.b.start()]);
  await untilSettled(duel);
}

/** Watches that for so many adverts nobody changes state and the backup is silent. */
export async function staySettled(duel: Duel, adverts: number): Promise<void> {
  const { lab, segment, a, b } = duel;
  await watchCalmly({
    lab,
    segment,
    protocol: a.plan.protocol,
    master: a,
    backup: b,
    adverts,
    settle: () => untilSettled(duel),
    begin: () => {
      const transitions = [a.states.length, b.states.length];
      return (from) => {
        assert.deepEqual([a.states.length, b.states.length], transitions, "nobody changes state");
        assert.deepEqual(segment.adverts(b.node, from), [], "the backup is silent");
        assert.deepEqual([a.held, b.held], [2, 0]);
      };
    },
  });
}

/** Three adverts of the master in a row, all of which the backup was there to hear. */
async function untilSettled({ lab, segment, a, b }: Duel): Promise<void> {
  let from: number | undefined;
  await lab.bell.until(`${a} rules and ${b} waits`, () => {
    from = b.waits ? from ?? segment.passed : undefined;
    if (from === undefined) return false;
    const [own, all] = [segment.adverts(a.node, from).slice(-3), segment.adverts().slice(-3)];
    return own.length === 3 && own[0]?.atMs === all[0]?.atMs && a.rules;
  });
}
