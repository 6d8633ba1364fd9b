/**
 * Virtual routers on ipvlans, beside keepalived: the same file makes the same interface with the
 * same address, adverts carry that address, the virtual addresses are on the interface below and
 * whoever takes over has them; and nothing is left.
 */
import assert from "node:assert/strict";
import { isClean, kernelOf, routerOn, variants } from "../support/kernel/ipvlan.ts";
import { KernelSuite } from "../support/kernel/suite.ts";
import { keepalived, standin } from "../support/lab/makes.ts";
import type { Make } from "../support/lab/router.ts";

const suite = new KernelSuite(import.meta.url, ["ipvlan"]);

for (const variant of variants) {
  suite.tell(`${variant.name}: the kernel has what keepalived gives it`, async (lab) => {
    const { segment, a } = await lab.pair();
    const seen: unknown[] = [];
    for (const make of [standin, keepalived]) {
      const router = routerOn(lab, a, make, variant, 200);
      const from = segment.passed;
      await router.start();
      await router.untilItRules();
      await lab.bell.until("adverts", () => segment.adverts(undefined, from).length > 2);
      const sources = new Set(segment.adverts(undefined, from).map(({ source }) => source));
      assert.equal(sources.size, 1, [...sources].join(" "));
      for (const source of sources) assert.match(source, variant.source);
      seen.push({ kernel: kernelOf(a), sources: [...sources] });
      await router.terminate();
      await lab.bell.until("the ipvlan is gone", () => isClean(a));
    }
    assert.deepEqual(seen[0], seen[1]);
  });
}

/** Who has the role first, who takes it over, and on which kind of ipvlan. */
const pairings: readonly (readonly [number, Make, Make])[] = [
  [0, standin, keepalived],
  [0, keepalived, standin],
  [2, standin, keepalived],
];

for (const [which, makeA, makeB] of pairings) {
  const variant = variants[which];
  assert.ok(variant !== undefined);
  const names = `${makeA.name} and ${makeB.name}`;
  suite.tell(`${variant.name}, ${names}: the other takes over and gives back`, async (lab) => {
    const { a, b } = await lab.pair();
    const first = routerOn(lab, a, makeA, variant, 200);
    const second = routerOn(lab, b, makeB, variant, 100);
    await first.start();
    await first.untilItRules();
    await second.start();
    await second.untilItWaits();
    await (makeA === standin ? first.crash() : first.terminate());
    await second.untilItRules();
    await lab.bell.until("the first has nothing left", () => isClean(a));
    await first.start();
    await first.untilItRules();
    await second.untilItWaits();
  });
}
