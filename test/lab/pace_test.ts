/**
 * A short advert interval, 50 ms, for ten seconds: a backup gives a master up after 180 ms of
 * silence, and there is none. Told alone, because everything else on the machine would be heard.
 * 10 ms are played in the simulator and measured by the benchmark: a shared machine stalls longer.
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
    await lab.bell.until("200 adverts", () => segment.adverts(a, from).length >= 200);
    const times = segment.adverts(a, from).map(({ atMs }) => atMs);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    const longest = Math.max(...gaps).toFixed(1);
    console.log(`50 ms before ${lesser.name}: longest pause of 200 adverts ${longest} ms`);
    assert.deepEqual(segment.adverts(b, from), [], "the backup is silent");
    assert.equal(backup.states.at(-1), "BACKUP");
    assert.equal(backup.states.filter((state) => state === "MASTER").length, 0);
    assert.equal(master.states.at(-1), "MASTER");
  }, skip === undefined ? {} : { skip });
}
