/**
 * Virtual routers on ipvlans, beside keepalived: the same file makes the same interface with the
 * same address, adverts carry that address, the virtual addresses are on the interface below and
 * whoever takes over has them; and nothing is left. The same machine has VRFs, too, so that it need
 * not boot twice.
 */
import assert from "node:assert/strict";
import { KernelSuite } from "../support/kernel/suite.ts";
import type { Lab, Node } from "../support/lab/lab.ts";
import { keepalived, standin } from "../support/lab/makes.ts";
import { type Protocol, protocols, type RouterPlan } from "../support/lab/plan.ts";
import { type Make, Router } from "../support/lab/router.ts";
import { guardOf } from "../support/lab/standin.ts";
import { sendSignal } from "../support/lab/program.ts";
import { tellOfVrf } from "../support/kernel/vrf.ts";

const [, overIpv4, overIpv6] = protocols;
const suite = new KernelSuite(import.meta.url, ["ipvlan", "vrf"]);

/** The words after `use_ipvlan` for a node, and the address that it then sends from. */
interface Variant {
  readonly name: string;
  readonly protocol: Protocol;
  readonly words: (node: Node) => string;
  readonly source: RegExp;
}

const variants: readonly Variant[] = [
  {
    name: "IPv4",
    protocol: overIpv4,
    words: ({ number }) => `10.77.0.2${number}/24`,
    source: /^10\.77\.0\.2[12]$/,
  },
  {
    name: "IPv4, a host's address, private",
    protocol: overIpv4,
    words: ({ number }) => `private 10.77.0.2${number}`,
    source: /^10\.77\.0\.2[12]$/,
  },
  {
    name: "IPv6, the kernel's address, vepa",
    protocol: overIpv6,
    words: () => "vepa",
    source: /^fe80:0:0:0:0:ff:fe00:[12]$|^fe80:0:0:0:/,
  },
  {
    name: "IPv6, an own address",
    protocol: overIpv6,
    words: ({ number }) => `fe80::2${number}/64`,
    source: /^fe80:0:0:0:0:0:0:2[12]$/,
  },
];

function routerOn(lab: Lab, node: Node, make: Make, variant: Variant, priority: number): Router {
  const { protocol, words } = variant;
  // The lab keeps the kernel from making link-local addresses; that of an ipvlan is wanted here.
  node.namespace.sysctl({ "ipv6/conf/default/addr_gen_mode": "0" });
  const plan: RouterPlan = { protocol, priority, lines: [`use_ipvlan ${words(node)}`] };
  return new Router(lab, node, make, plan);
}

/** What `ip` tells of the interface and of the one below, without what differs by itself. */
function kernelOf({ namespace }: Node): unknown {
  const [link] = JSON.parse(namespace.ip("-d -j link show dev vrrp.51"));
  const { ifindex: _index, inet6_addr_gen_mode: _mode, ...facts } = link;
  const addresses = ["vrrp.51", "eth0"].flatMap((name) => {
    const [{ addr_info: lines }] = JSON.parse(namespace.ip(`-j address show dev ${name}`));
    return lines.map((line: unknown) => `${name} ${JSON.stringify(line)}`);
  });
  return { facts, addresses: addresses.sort() };
}

/** Nothing of ours is on the node. */
function isClean({ namespace }: Node): boolean {
  return namespace.table("vrrp.51") === undefined &&
    !namespace.has("eth0", "10.77.0.100/24") && !namespace.has("eth0", "2001:db8:77::100/64");
}

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

suite.tell("what two crashes at once leave is cleared away by the next start", async (lab) => {
  const { a } = await lab.pair();
  const [variant] = variants;
  assert.ok(variant !== undefined);
  const router = routerOn(lab, a, standin, variant, 200);
  await router.start();
  await router.untilItRules();
  const guard = guardOf(a);
  if (guard !== undefined) sendSignal(guard, "SIGKILL");
  await router.crash();
  assert.ok(!isClean(a));
  await router.start();
  await router.untilItRules();
  await router.terminate();
  await lab.bell.until("nothing is left", () => isClean(a));
});

suite.tell("an address of the ipvlan that somebody deletes is given again", async (lab) => {
  const { segment, a } = await lab.pair();
  const [variant] = variants;
  assert.ok(variant !== undefined);
  const router = routerOn(lab, a, standin, variant, 200);
  await router.start();
  await router.untilItRules();
  a.namespace.ip("address del 10.77.0.21/24 dev vrrp.51");
  await lab.bell.until("it is there again", () => a.namespace.has("vrrp.51", "10.77.0.21/24"));
  const from = segment.passed;
  await lab.bell.until("adverts", () => segment.adverts(undefined, from).length > 2);
  assert.deepEqual(router.states.at(-1), "MASTER");
});

suite.tell("an interface that is deleted is made again", async (lab) => {
  const { a } = await lab.pair();
  const [variant] = variants;
  assert.ok(variant !== undefined);
  const router = routerOn(lab, a, standin, variant, 200);
  await router.start();
  await router.untilItRules();
  a.namespace.ip("link del vrrp.51");
  await lab.bell.until("it is there again", () => a.namespace.has("vrrp.51", "10.77.0.21/24"));
  await router.untilItRules();
});

tellOfVrf(suite);
