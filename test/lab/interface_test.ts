/**
 * What happens to interfaces and addresses under a running router: a cable pulled, a link taken
 * down, an interface deleted and made again, an address deleted by somebody else, and more kernel
 * events than a socket holds. Where keepalived can be asked the same, it is, and gives the answer.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { poll } from "../support/lab/bell.ts";
import type { Lab } from "../support/lab/lab.ts";
import { keepalived, standin, whyNoLab } from "../support/lab/makes.ts";
import { protocols, type RouterPlan } from "../support/lab/plan.ts";
import { type Make, Router, type State } from "../support/lab/router.ts";
import { Stories } from "../support/lab/story.ts";

const [, overIpv4, overIpv6] = protocols;
const skip = whyNoLab();
const options = skip === undefined ? {} : { skip };
const stories = new Stories(6);

/** A master with a rival that stands by. */
async function masterOf(lab: Lab, make: Make, plan: Partial<RouterPlan> = {}): Promise<{
  readonly master: Router;
  readonly rival: Router;
  readonly segment: Awaited<ReturnType<Lab["pair"]>>["segment"];
}> {
  const { segment, a, b } = await lab.pair();
  const whole = { protocol: overIpv4, priority: 200, ...plan };
  const master = new Router(lab, a, make, whole);
  const rival = new Router(lab, b, keepalived, { ...whole, priority: 100, lines: [] });
  await master.start();
  await master.untilItRules();
  await rival.start();
  await rival.untilItWaits();
  return { master, rival, segment };
}

/** The states that a router goes through from now on, until the last of them is reached. */
async function passesThrough(
  lab: Lab,
  router: Router,
  from: number,
  last: State,
): Promise<State[]> {
  const later = (): State[] => router.states.slice(from);
  await lab.bell.until(`${router} is ${last} in the end`, () => later().at(-1) === last);
  return later();
}

for (const make of [standin, keepalived]) {
  for (const protocol of [overIpv4, overIpv6]) {
    const name = `${make.name}, ${protocol.name}`;

    stories.tell(`${name}: a pulled cable is a fault, a plugged one its end`, async (lab) => {
      const { master, rival, segment } = await masterOf(lab, make, { protocol });
      const from = master.states.length;
      segment.setCable(master.node, false);
      await master.becomes("FAULT");
      await master.untilItHoldsNothing();
      await rival.untilItRules();
      segment.setCable(master.node, true);
      await master.untilItRules();
      await rival.untilItWaits();
      assert.deepEqual(master.states.slice(from), ["FAULT", "BACKUP", "MASTER"]);
    }, options);

    stories.tell(
      `${name}: a deleted address makes a master step down and stand again`,
      async (lab) => {
        const { master } = await masterOf(lab, make, { protocol });
        const from = master.states.length;
        const [, address = ""] = master.plan.protocol.family === "ipv4"
          ? ["", "10.77.0.101/24"]
          : ["", "2001:db8:77::100/64"];
        master.node.namespace.ip(`address del ${address} dev eth0`);
        const states = await passesThrough(lab, master, from, "MASTER");
        assert.deepEqual(states, ["BACKUP", "MASTER"]);
        await master.untilItRules();
      },
      options,
    );
  }
}

stories.tell("a link that is taken down is a fault, too", async (lab) => {
  const { master, rival } = await masterOf(lab, standin);
  const from = master.states.length;
  master.node.namespace.ip("link set eth0 down");
  await master.becomes("FAULT");
  await master.untilItHoldsNothing();
  await rival.untilItRules();
  master.node.namespace.ip("link set eth0 up");
  await master.untilItRules();
  await rival.untilItWaits();
  assert.deepEqual(master.states.slice(from), ["FAULT", "BACKUP", "MASTER"]);
}, options);

stories.tell("an interface that is deleted and made again is taken up again", async (lab) => {
  const { master, rival, segment } = await masterOf(lab, standin);
  const from = master.states.length;
  master.node.namespace.ip("link delete eth0");
  await master.becomes("FAULT");
  await rival.untilItRules();
  segment.join(master.node);
  await master.untilItRules();
  await rival.untilItWaits();
  assert.deepEqual(master.states.slice(from), ["FAULT", "BACKUP", "MASTER"]);
}, options);

stories.tell("more kernel events than a socket holds leave no wrong state", async (lab) => {
  const { master } = await masterOf(lab, standin);
  const { namespace } = master.node;
  namespace.batch(["link add noise type veth peer name other", "link set noise up"]);
  const many = Array.from({ length: 6000 }, (_, at) => `10.200.${at >> 8}.${at & 0xff}/32`);
  const from = master.states.length;

  master.program.signal("SIGSTOP");
  namespace.batch(many.map((address) => `address add ${address} dev noise`));
  namespace.ip("link set eth0 down");
  await poll("events were lost", () => lostEvents(master.program.pid), (lost) => lost > 0);
  master.program.signal("SIGCONT");
  await master.becomes("FAULT");

  master.program.signal("SIGSTOP");
  namespace.batch(many.map((address) => `address del ${address} dev noise`));
  namespace.ip("link set eth0 up");
  master.program.signal("SIGCONT");
  assert.deepEqual(await passesThrough(lab, master, from, "MASTER"), ["FAULT", "BACKUP", "MASTER"]);
  await poll("both addresses are there", () => namespace.ip("-4 address show dev eth0"), (text) => {
    return text.includes("10.77.0.100/24") && text.includes("10.77.0.101/24");
  });
}, options);

/** How many netlink messages the kernel had no room for, of all sockets in the namespace. */
function lostEvents(pid: number): number {
  const lines = readFileSync(`/proc/${pid}/net/netlink`, "latin1").trim().split("\n").slice(1);
  return lines.reduce((sum, line) => sum + Number(line.trim().split(/\s+/)[8] ?? 0), 0);
}
