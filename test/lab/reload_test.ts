/**
 * Reload of a running master: a good file is applied as a difference, without a transition and
 * without a pause that would wake a backup; a bad file changes nothing and says why. Two virtual
 * routers run, so that a change of one shows what it does to the other.
 */
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import type { Advert } from "../support/lab/frame.ts";
import type { Lab, Node } from "../support/lab/lab.ts";
import { filesOf, standin, standinStateIn, whyNoLab } from "../support/lab/makes.ts";
import {
  type Protocol,
  protocols,
  renderGlobals,
  renderInstance,
  type RouterPlan,
} from "../support/lab/plan.ts";
import { Router } from "../support/lab/router.ts";
import type { Segment } from "../support/lab/segment.ts";
import { command, statusOf } from "../support/lab/standin.ts";
import { Stories } from "../support/lab/story.ts";

/** So slow that a busy machine does not make anybody miss three adverts. */
const overIpv4: Protocol = { ...protocols[1], intervalMs: 1000 };
const skip = whyNoLab();
const options = skip === undefined ? {} : { skip };
const stories = new Stories(3);

/** VI_1 is VRID 51 with 10.77.0.100 and .101, VI_2 is VRID 52. */
function twoRouters(priority: number, others: readonly string[]): string {
  // The second burst of announcements must not fall into a story.
  const common = { protocol: overIpv4, lines: ["garp_master_delay 60"] };
  const first: RouterPlan = { ...common, priority };
  const second: RouterPlan = { ...common, priority: 180, addresses: others };
  const instances = [
    renderInstance(first, { name: "VI_1" }),
    renderInstance(second, { name: "VI_2", vrid: 52 }),
  ];
  return `${renderGlobals(3)}${instances.join("")}`;
}

const before = twoRouters(200, ["10.77.0.200/24", "10.77.0.201/24"]);

interface Scene {
  readonly lab: Lab;
  readonly segment: Segment;
  readonly node: Node;
  readonly router: Router;
  readonly file: string;
}

/** A master of both virtual routers, some adverts later. */
async function begin(lab: Lab): Promise<Scene> {
  const { segment, a: node } = await lab.pair();
  const file = filesOf(node).config;
  const make = {
    ...standin,
    prepare: async (...[inside, on, plan]: Parameters<typeof standin.prepare>) => {
      const words = await standin.prepare(inside, on, plan);
      writeFileSync(file, before);
      return words;
    },
  };
  const router = new Router(lab, node, make, { protocol: overIpv4, priority: 200 });
  await router.start();
  await router.untilItRules();
  await lab.bell.until("VI_2 is master, too", () => {
    return router.program.lines.some((line) => standinStateIn(line, "VI_2") === "MASTER");
  });
  await lab.bell.until("the first burst is over", () => segment.announcements().length === 20);
  return { lab, segment, node, router, file };
}

function transitionsIn({ router }: Scene): number {
  return router.program.lines.filter((line) => line.includes('"transition"')).length;
}

/**
 * Waits for more adverts of both and asserts that neither gave its role up meanwhile. How punctual
 * adverts are around a reload is shown in virtual time and measured by the benchmark.
 */
async function goesOn({ lab, segment, node }: Scene, from: number): Promise<void> {
  const passed = segment.passed;
  for (const vrid of [51, 52]) {
    const ofRouter = (start: number): Advert[] => {
      return segment.adverts(node, start).filter((one) => one.vrid === vrid);
    };
    await lab.bell.until(`VRID ${vrid} goes on`, () => ofRouter(passed).length >= 5);
    assert.ok(ofRouter(from).every(({ priority }) => priority > 0), `VRID ${vrid} said goodbye`);
  }
}

const ways: readonly (readonly [string, (scene: Scene) => Promise<void>])[] = [
  ["SIGHUP", ({ router }) => Promise.resolve(router.program.signal("SIGHUP"))],
  ["standin reload", async ({ node }) => {
    const { code, stdout, stderr } = await command(node, "reload");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /150/, "it says what is different");
  }],
];

for (const [way, reload] of ways) {
  stories.tell(
    `${way} applies a changed priority and addresses without a transition`,
    async (lab) => {
      const scene = await begin(lab);
      const { segment, node, file } = scene;
      const transitions = transitionsIn(scene);
      const from = segment.passed;
      writeFileSync(file, twoRouters(150, ["10.77.0.201/24", "10.77.0.202/24"]));
      await reload(scene);
      const { namespace } = node;
      await lab.bell.until("the new priority on the wire", () => {
        return segment.adverts(node, from).some((one) => one.vrid === 51 && one.priority === 150);
      });
      await lab.bell.until("one address more and one less", () => {
        return namespace.has("eth0", "10.77.0.202/24") && !namespace.has("eth0", "10.77.0.200/24");
      });
      assert.ok(namespace.has("eth0", "10.77.0.201/24"), "the address in both files stays");
      await goesOn(scene, from);
      assert.equal(transitionsIn(scene), transitions);
      const told = segment.announcements(from).map(({ address }) => address);
      assert.deepEqual([...new Set(told)], ["10.77.0.202"], "only the new address is announced");
      const status = await statusOf(node);
      assert.equal(status.config.reloads, 1);
      assert.deepEqual(status.instances.map((one) => one.effectivePriority), [150, 180]);
    },
    options,
  );
}

const badFiles: readonly (readonly [string, string | undefined, RegExp])[] = [
  ["an unknown keyword", before.replace("priority", "priotiry"), /priotiry/],
  ["a missing brace", before.replace(/\}\n$/, ""), /\}|brace|block/i],
  ["no file", undefined, /router\.conf/],
  ["a megabyte of random octets", randomText(1_000_000), /router\.conf/],
  ["a missing interface", before.replace("interface eth0", "interface eth7"), /eth7/],
  ["a VRID that is used twice", before.replace("_id 52", "_id 51"), /51/],
];

stories.tell("a reload with a bad file changes nothing and says why", async (lab) => {
  const scene = await begin(lab);
  const { segment, node, file, router } = scene;
  const transitions = transitionsIn(scene);
  const from = segment.passed;
  for (const [what, text, pattern] of badFiles) {
    if (text === undefined) rmSync(file);
    else writeFileSync(file, text, "latin1");
    const { code, stdout, stderr } = await command(node, "reload");
    assert.deepEqual([code, stdout], [5, ""], `${what}: ${stderr}`);
    assert.match(stderr, pattern, what);
    assert.match(stderr, /refused/, what);
    assert.ok(stderr.length < 20_000, `${what}: ${stderr.length} characters are no clear message`);
    const status = await statusOf(node);
    assert.equal(status.config.reloads, 0, what);
    assert.deepEqual(status.instances.map(({ name }) => name), ["VI_1", "VI_2"], what);
  }
  await goesOn(scene, from);
  assert.equal(transitionsIn(scene), transitions);
  assert.equal(router.held, 2);
  writeFileSync(file, before);
  assert.equal((await command(node, "reload")).code, 0, "the good file is still good");
}, options);

/** Octets that look random and are the same in every run. */
function randomText(length: number): string {
  let state = 1;
  const octets = Uint8Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state >> 16 & 0xff;
  });
  return new TextDecoder("latin1").decode(octets);
}
