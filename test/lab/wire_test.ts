/**
 * The same node, the same file, once keepalived and once standin: what each puts on the wire must
 * be the same, octet by octet. Only what differs from packet to packet anyway is left out: the IPv4
 * identification with its header checksum, and the IPv6 flow label.
 */
import assert from "node:assert/strict";
import { type Announcement, showFrame } from "../support/lab/frame.ts";
import type { Lab } from "../support/lab/lab.ts";
import { keepalived, standin, whyNoLab } from "../support/lab/makes.ts";
import { protocols, type RouterPlan } from "../support/lab/plan.ts";
import { type Make, Router } from "../support/lab/router.ts";
import { Stories } from "../support/lab/story.ts";

const skip = whyNoLab();
const options = skip === undefined ? {} : { skip };
const stories = new Stories(6);

/** Offsets in the frame: identification and checksum of IPv4; flow label of IPv6. */
const hidden = { ipv4: [18, 19, 24, 25], ipv6: [15, 16, 17] } as const;

/** Adverts of a whole life: the first three and the last one. */
async function advertsOf(lab: Lab, make: Make, plan: RouterPlan): Promise<string[]> {
  const short = make.name.slice(0, 4);
  const segment = await lab.segment(short, { number: 0 });
  const node = await lab.node(short, 1);
  segment.join(node);
  const router = new Router(lab, node, make, plan);
  await router.start();
  await lab.bell.until("three adverts", () => segment.adverts(node).length >= 3);
  await router.terminate();
  await lab.bell.until("priority 0", () => segment.adverts(node).at(-1)?.priority === 0);
  const times = new Set(segment.adverts(node).map(({ atMs }) => atMs));
  const frames = segment.capture.frames.filter(({ atMs }) => times.has(atMs));
  return [...frames.slice(0, 3), ...frames.slice(-1)]
    .map(({ bytes }) => showFrame(bytes, hidden[plan.protocol.family]));
}

const plans: readonly (readonly [string, Partial<RouterPlan>])[] = [
  ["", {}],
  [", a higher priority and one address", { priority: 254, addresses: ["10.77.0.9/32"] }],
];

for (const protocol of protocols) {
  for (const [variant, more] of plans) {
    if (protocol.family === "ipv6" && more.addresses !== undefined) continue;
    stories.tell(`adverts are keepalived's, ${protocol.name}${variant}`, async (lab) => {
      const plan = { protocol, priority: 150, ...more };
      const [theirs, ours] = [
        await advertsOf(lab, keepalived, plan),
        await advertsOf(lab, standin, plan),
      ];
      assert.equal(theirs.length, 4);
      assert.deepEqual(ours, theirs);
    }, options);
  }
}

/** What a new master announces, and when, until as many were seen as keepalived sends. */
async function announcementsOf(lab: Lab, make: Make, plan: RouterPlan): Promise<Announcement[]> {
  const short = make.name.slice(0, 4);
  const segment = await lab.segment(short, { number: 0 });
  const node = await lab.node(short, 1);
  segment.join(node);
  const router = new Router(lab, node, make, plan);
  await router.start();
  await router.untilItRules();
  const from = segment.adverts(node)[0]?.atMs ?? 0;
  const own = (): Announcement[] => segment.announcements().filter(({ atMs }) => atMs >= from);
  const repeats = 20;
  await lab.bell.until("two bursts", () => own().length >= repeats);
  // Ten adverts later all that belongs to the second burst has passed.
  const seen = segment.passed;
  await lab.bell.until("ten adverts", () => segment.adverts(node, seen).length >= 10);
  return own();
}

/** Longer than anything within a burst, and shorter than the five seconds before the second. */
const betweenBurstsMs = 2500;

/** Lines of `number of the burst: octets`. */
function showAll(announcements: readonly Announcement[]): string[] {
  let burst = 1;
  return announcements.map(({ atMs, bytes }, index) => {
    if (atMs - (announcements[index - 1]?.atMs ?? atMs) > betweenBurstsMs) burst++;
    return `burst ${burst}: ${showFrame(bytes)}`;
  });
}

for (const protocol of protocols.slice(1)) {
  stories.tell(`announcements of addresses are keepalived's, ${protocol.name}`, async (lab) => {
    const plan = { protocol, priority: 150 };
    const theirs = await announcementsOf(lab, keepalived, plan);
    const ours = await announcementsOf(lab, standin, plan);
    assert.deepEqual(showAll(ours), showAll(theirs));
    assert.equal(ours.length, 20, "two addresses, five times at once and five times later");
  }, options);
}
