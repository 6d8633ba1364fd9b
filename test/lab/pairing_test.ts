/**
 * standin and other routers on one segment, in both roles, in every protocol: who becomes master,
 * takeover after a crash, takeover after priority 0, the end of a split network, return with and
 * without preemption. Router a has the higher priority; b stands by. One table of pairings, one
 * story for each chapter.
 */
import assert from "node:assert/strict";
import type { Advert } from "../support/lab/frame.ts";
import { watchCalmly } from "../support/lab/calm.ts";
import { type Duel, settle, staySettled } from "../support/lab/duel.ts";
import { frr, whyNoFrr } from "../support/lab/frr.ts";
import { keepalived, onceMore, standin, whyNoLab } from "../support/lab/makes.ts";
import { type Protocol, protocols, type RouterPlan } from "../support/lab/plan.ts";
import { type Make, Router } from "../support/lab/router.ts";
import { Stories } from "../support/lab/story.ts";

/** Those that are played on every runtime. */
const always: readonly (readonly [a: Make, b: Make])[] = [
  [standin, keepalived],
  [keepalived, standin],
];
const pairings = onceMore
  ? always
  : [...always, [standin, frr], [frr, standin], [standin, standin]] as const;

/** a has priority 200 and number 1, b priority 100 and number 2. */
interface Scene extends Duel {
  readonly protocol: Protocol;
}

/** The better one is master and stays it for 30 adverts. */
async function electTheBetter(scene: Scene): Promise<void> {
  await settle(scene);
  await staySettled(scene, 30);
}

/** The interval after which a router of priority 100 gives a silent master up. */
function masterDownMs({ version, intervalMs }: Protocol): number {
  const skewMs = (256 - 100) / 256 * (version === 2 ? 1000 : intervalMs);
  return 3 * intervalMs + skewMs;
}

/** From the last advert of a to the first one of b, by the clock of the wire. */
async function silenceMs({ lab, segment, a, b }: Scene, from: number): Promise<number> {
  const look = (): Advert | undefined => segment.adverts(b.node, from)[0];
  const first = await lab.bell.until(`${b} speaks`, look);
  const last = segment.adverts(a.node).filter(({ atMs }) => atMs < first.atMs).at(-1);
  if (last === undefined) throw new Error(`${a} never spoke`);
  return first.atMs - last.atMs;
}

/** How much earlier than computed a frame may be seen: clocks are read at different places. */
const slackMs = 15;

async function takeOverAfterCrash(scene: Scene): Promise<void> {
  const { segment, protocol, a, b } = scene;
  await settle(scene);
  const from = segment.passed;
  await a.crash();
  await b.untilItRules();
  const silent = await silenceMs(scene, from);
  const expected = masterDownMs(protocol);
  assert.ok(silent >= expected - slackMs, `took over after ${silent} ms, too early`);
  if (a.make === standin) await a.untilItHoldsNothing();
}

async function takeOverAfterGoodbye(scene: Scene): Promise<void> {
  const { segment, protocol, a, b } = scene;
  await settle(scene);
  const from = segment.passed;
  await a.terminate();
  await b.untilItRules();
  await a.untilItSaidGoodbye(segment);
  // Who had not heard it would have waited for the whole interval.
  const silent = await silenceMs(scene, from);
  assert.ok(silent < masterDownMs(protocol), `took over only after ${silent} ms`);
  await a.untilItHoldsNothing();
}

async function returnWithPreemption({ lab, segment, protocol, a, b }: Scene): Promise<void> {
  await b.start();
  await b.untilItRules();
  await a.start();
  const settle = async (): Promise<void> => {
    await Promise.all([a.untilItRules(), b.untilItWaits()]);
  };
  await settle();
  const begin = () => (from: number): void => {
    assert.deepEqual(segment.adverts(b.node, from), [], "the lesser one is silent");
  };
  const [master, backup] = [a, b];
  await watchCalmly({ lab, segment, protocol, master, backup, adverts: 3, begin, settle });
}

async function returnWithoutPreemption({ lab, segment, protocol, a, b }: Scene): Promise<void> {
  await b.start();
  await b.untilItRules();
  await a.start({ ...a.plan, nopreempt: true });
  const begin = () => (from: number): void => {
    assert.deepEqual(segment.adverts(a.node, from), [], "the one that came back is silent");
    assert.deepEqual([a.state, b.state], ["BACKUP", "MASTER"]);
    assert.deepEqual([a.held, b.held], [0, 2]);
  };
  // If it has taken over from a silent master, that one has to come back in its turn.
  const settle = async (): Promise<void> => {
    await a.terminate();
    await b.untilItRules();
    await a.start();
  };
  // Longer than a would wait for a master that is silent.
  const [master, backup] = [b, a];
  await watchCalmly({ lab, segment, protocol, master, backup, adverts: 6, begin, settle });
}

async function healAfterSplit(scene: Scene): Promise<void> {
  const { lab, segment, a, b } = scene;
  await settle(scene);
  const before = a.states.length;
  segment.setSplit([a.node, b.node], true);
  await b.untilItRules();
  const from = segment.passed;
  await lab.bell.until("both speak", () => {
    return [a, b].every(({ node }) => segment.adverts(node, from).length >= 2);
  });
  segment.setSplit([a.node, b.node], false);
  await b.untilItWaits();
  const healed = segment.passed;
  await lab.bell.until(`${a} goes on`, () => segment.adverts(a.node, healed).length >= 3);
  assert.equal(a.states.length, before, `${a} was master all the time`);
  await lab.bell.until("only one has the addresses", () => a.held === 2 && b.held === 0);
}

const chapters: readonly (readonly [string, (scene: Scene) => Promise<void>])[] = [
  ["the better one becomes master and stays it for 30 adverts", electTheBetter],
  ["the lesser one takes over after a crash", takeOverAfterCrash],
  ["the lesser one takes over after priority 0", takeOverAfterGoodbye],
  ["after a split network only the better one is master", healAfterSplit],
  ["the better one returns with preemption", returnWithPreemption],
  ["the better one stays backup with nopreempt", returnWithoutPreemption],
];

const stories = new Stories(10);
const globalAddresses = ["2001:db8:77::100/64", "2001:db8:77::101/64"];

for (const [chapter, tell] of chapters) {
  for (const usual of protocols) {
    // Slow enough that a busy machine does not make the skew look like a missed goodbye.
    const protocol = tell === takeOverAfterGoodbye ? { ...usual, intervalMs: 2000 } : usual;
    for (const [better, lesser] of pairings) {
      const needsFrr = better === frr || lesser === frr;
      // FRR sends from a link-local address of its macvlan, which must not be a virtual one.
      const addresses = needsFrr && protocol.family === "ipv6" ? globalAddresses : undefined;
      const skip = whyNoLab() ?? (needsFrr ? whyNoFrr() : undefined);
      const name = `${better.name} before ${lesser.name}, ${protocol.name}: ${chapter}`;
      stories.tell(name, async (lab) => {
        const { segment, a, b } = await lab.pair();
        const plan: RouterPlan = {
          protocol,
          priority: 200,
          ...(addresses === undefined ? {} : { addresses }),
        };
        await tell({
          lab,
          segment,
          protocol,
          a: new Router(lab, a, better, plan),
          b: new Router(lab, b, lesser, { ...plan, priority: 100 }),
        });
      }, skip === undefined ? {} : { skip });
    }
  }
}
