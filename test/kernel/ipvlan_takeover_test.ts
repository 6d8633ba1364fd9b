/**
 * Virtual routers on ipvlans, standin and keepalived in either role: whoever takes over has the
 * addresses, and who comes back gets them again. They have a machine of their own, because each has
 * one processor only.
 */
import assert from "node:assert/strict";
import { isClean, routerOn, variants } from "../support/kernel/ipvlan.ts";
import { KernelSuite } from "../support/kernel/suite.ts";
import { keepalived, standin } from "../support/lab/makes.ts";
import type { Make } from "../support/lab/router.ts";

const suite = new KernelSuite(import.meta.url, ["ipvlan"]);

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
