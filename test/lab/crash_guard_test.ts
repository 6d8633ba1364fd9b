/**
 * The crash guard: a daemon that dies leaves no virtual address behind, whoever killed it and
 * however often, and a clean end leaves what people did by hand alone. The times are printed and
 * not judged: a busy test machine is no benchmark.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { poll } from "../support/lab/bell.ts";
import type { Lab } from "../support/lab/lab.ts";
import { filesOf, standin, whyNoLab } from "../support/lab/makes.ts";
import { addressesOf, protocols, type RouterPlan } from "../support/lab/plan.ts";
import { isRunning, sendSignal } from "../support/lab/program.ts";
import { Router } from "../support/lab/router.ts";
import { guardOf } from "../support/lab/standin.ts";
import { Stories } from "../support/lab/story.ts";

const [, overIpv4, overIpv6] = protocols;
const skip = whyNoLab();
const options = skip === undefined ? {} : { skip };
const stories = new Stories(3);

/** A master without rivals. */
async function masterOf(lab: Lab, plan: Partial<RouterPlan> = {}): Promise<Router> {
  const { a } = await lab.pair();
  const router = new Router(lab, a, standin, { protocol: overIpv4, priority: 200, ...plan });
  await router.start();
  await router.untilItRules();
  return router;
}

function guardThatRuns(router: Router): number {
  const guard = guardOf(router.node);
  if (guard === undefined) throw new Error("No crash guard runs");
  return guard;
}

async function untilGone(pid: number, what: string): Promise<void> {
  await poll(`${what} is gone`, () => isRunning(pid), (running) => !running);
}

const repetitions = 5;

/** Kills a master again and again, each time with a restart at once; answers the times. */
async function killAgainAndAgain(lab: Lab, plan: Partial<RouterPlan>): Promise<number[]> {
  const router = await masterOf(lab, plan);
  const times: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const guard = guardThatRuns(router);
    const killedAt = performance.now();
    router.program.signal("SIGKILL");
    await router.untilItHoldsNothing();
    times.push(performance.now() - killedAt);
    await router.program.ended();
    await untilGone(guard, "the guard");
    await router.start();
    await router.untilItRules();
  }
  return times;
}

const manyAddresses = Array.from({ length: 100 }, (_, at) => `10.77.1.${at + 1}/24`);
const loads: readonly (readonly [string, Partial<RouterPlan>])[] = [
  ["two IPv4 addresses", {}],
  ["two IPv6 addresses", { protocol: overIpv6 }],
  ["a hundred addresses", { addresses: manyAddresses }],
];

for (const [load, plan] of loads) {
  stories.tell(`after SIGKILL ${load} are gone, and a restart works at once`, async (lab) => {
    const times = (await killAgainAndAgain(lab, plan)).map(Math.round).sort((a, b) => a - b);
    console.log(`guard, ${load}: gone after ${times.join(", ")} ms`);
  }, options);
}

stories.tell("after a clean stop the guard touches nothing", async (lab) => {
  const router = await masterOf(lab);
  const guard = guardThatRuns(router);
  const [address = ""] = addressesOf(router.plan);
  // A guard that is late must still do nothing.
  sendSignal(guard, "SIGSTOP");
  router.program.signal("SIGTERM");
  assert.deepEqual(await router.program.ended(), { code: 0, signal: null });
  await router.untilItHoldsNothing();
  router.node.namespace.ip(`address add ${address} dev eth0`);
  sendSignal(guard, "SIGCONT");
  await untilGone(guard, "the guard");
  assert.match(router.node.namespace.ip("address show dev eth0"), new RegExp(address));
}, options);

stories.tell("a guard that was killed is started again and does its work", async (lab) => {
  const router = await masterOf(lab);
  const first = guardThatRuns(router);
  sendSignal(first, "SIGKILL");
  const other = (): number | undefined => {
    const guard = guardOf(router.node);
    return guard === first ? undefined : guard;
  };
  await poll("another guard runs", other, (guard) => guard !== undefined);
  assert.deepEqual([router.state, router.held], ["MASTER", 2]);
  router.program.signal("SIGKILL");
  await router.untilItHoldsNothing();
}, options);

stories.tell(
  "what is left when guard and daemon were killed goes at the next start",
  async (lab) => {
    const router = await masterOf(lab);
    const guard = guardThatRuns(router);
    sendSignal(guard, "SIGKILL");
    router.program.signal("SIGKILL");
    await router.program.ended();
    await untilGone(guard, "the guard");
    assert.equal(router.held, 2, "nobody was left to clean up");
    const slow = { ...overIpv4, intervalMs: 10_000 };
    const elsewhere = ["10.77.0.111/24"];
    await router.start({ protocol: slow, priority: 200, addresses: elsewhere });
    const { namespace } = router.node;
    await lab.bell.until("the leftovers are removed", () => {
      return !addressesOf({ protocol: overIpv4 }).some((one) => namespace.has("eth0", one));
    });
    assert.equal(router.state, "BACKUP");
    assert.ok(namespace.has("eth0", "10.77.0.1/24"), "its own address stays");
  },
  options,
);

stories.tell("addresses that it does not hold survive a crash", async (lab) => {
  const router = await masterOf(lab);
  const guard = guardThatRuns(router);
  router.node.namespace.ip("address add 10.77.0.222/24 dev eth0");
  router.program.signal("SIGKILL");
  await router.untilItHoldsNothing();
  await untilGone(guard, "the guard");
  const left = router.node.namespace.ip("-4 address show dev eth0");
  assert.match(left, /10\.77\.0\.1\/24/);
  assert.match(left, /10\.77\.0\.222\/24/);
}, options);

stories.tell("after SIGTERM the last word is priority 0 and nothing is left", async (lab) => {
  const { segment, a } = await lab.pair();
  const router = new Router(lab, a, standin, { protocol: overIpv4, priority: 200 });
  await router.start();
  await router.untilItRules();
  const { runDir } = filesOf(a);
  const pidFile = readFileSync(join(runDir, "standin.pid"), "utf8");
  assert.equal(Number(pidFile), router.program.pid);
  router.program.signal("SIGTERM");
  assert.deepEqual(await router.program.ended(), { code: 0, signal: null });
  await router.untilItSaidGoodbye(segment);
  await router.untilItHoldsNothing();
  assert.deepEqual(readdirSync(runDir), ["events.jsonl"], "only the past is left");
}, options);
