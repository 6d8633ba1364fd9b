/**
 * Virtual routers on ipvlans, beside keepalived: the same file makes the same interface with the
 * same address, adverts carry that address, the virtual addresses are on the interface below; and
 * nothing is left.
 */
import assert from "node:assert/strict";
import { isClean, kernelOf, routerOn, variants } from "../support/kernel/ipvlan.ts";
import { KernelSuite } from "../support/kernel/suite.ts";
import { keepalived, standin } from "../support/lab/makes.ts";

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
