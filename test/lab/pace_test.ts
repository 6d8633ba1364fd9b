/**
 * A short advert interval, 50 ms, for ten seconds: a backup gives a master up after 180 ms of
 * silence and not before. On a busy machine there may be such a silence, and then nobody is to
 * blame; the master stays what it is even so. How punctual adverts are the benchmark measures.
 */
import assert from "node:assert/strict";
import { keepalived, standin, whyNoLab } from "../support/lab/makes.ts";
import { protocols, type RouterPlan } from "../support/lab/plan.ts";
import { Router } from "../support/lab/router.ts";
import { Stories } from "../support/lab/story.ts";

const [, overIpv4] = protocols;
const protocol = { ...overIpv4, intervalMs: 50 };
const skip = whyNoLab();
const stories = new Stories(1);

for (const lesser of [keepalived, standin]) {
  stories.tell(`200 adverts at 50 ms, and ${lesser.name} never takes over`, async (lab) => {
    const { segment, a, b } = await lab.pair();
    const plan: RouterPlan = { protocol, priority: 200 };
    const master = new Router(lab, a, standin, plan);
    const backup = new Router(lab, b, lesser, { ...plan, priority: 100 });
    await master.start();
    await master.untilItRules();
    await backup.start();
    await backup.untilItWaits();
    const from = segment.passed;
    const before = backup.states.length;
    await lab.bell.until("200 adverts", () => segment.adverts(a, from).length >= 200);
    const pauses = (): number[] => {
      const times = segment.adverts(a, from).map(({ atMs }) => atMs);
      return times.slice(1).map((at, index) => at - (times[index] ?? 0));
    };
    const longest = Math.max(...pauses()).toFixed(1);
    console.log(`50 ms before ${lesser.name}: longest pause of 200 adverts ${longest} ms`);
    await lab.bell.until("every takeover had its silence before it", () => {
      const takeovers = backup.states.slice(before).filter((state) => state === "MASTER").length;
      return takeovers <= pauses().filter((pause) => pause >= 3 * protocol.intervalMs).length;
    });
    assert.equal(master.states.at(-1), "MASTER");
  }, skip === undefined ? {} : { skip });
}
