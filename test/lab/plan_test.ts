/**
 * `standin plan` beside a running daemon: what it says of a file is what a reload of that file then
 * does, and asking changes nothing.
 */
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lab, Node } from "../support/lab/lab.ts";
import { filesOf, standin, whyNoLab } from "../support/lab/makes.ts";
import { protocols, renderConfiguration, type RouterPlan } from "../support/lab/plan.ts";
import { Router } from "../support/lab/router.ts";
import { ask, command, statusOf } from "../support/lab/standin.ts";
import { Stories } from "../support/lab/story.ts";

const [, overIpv4] = protocols;
const skip = whyNoLab();
const options = skip === undefined ? {} : { skip };
const stories = new Stories(3);

const running: RouterPlan = { protocol: overIpv4, priority: 200 };
const other: RouterPlan = {
  protocol: overIpv4,
  priority: 150,
  addresses: ["10.77.0.101/24", "10.77.0.102/24"],
};

/** A master, and a place for another file. */
async function begin(lab: Lab): Promise<{ node: Node; router: Router; file: string }> {
  const { a: node } = await lab.pair();
  const router = new Router(lab, node, standin, running);
  await router.start();
  await router.untilItRules();
  return { node, router, file: join(node.directory, "other.conf") };
}

stories.tell("plan says what a reload does and does nothing itself", async (lab) => {
  const { node, router, file } = await begin(lab);
  const own = filesOf(node).config;
  const nothing = await command(node, "plan");
  assert.deepEqual([nothing.code, nothing.stderr], [0, ""]);
  assert.equal(nothing.stdout, `A reload of ${own} would change nothing\n`);

  writeFileSync(file, renderConfiguration(other));
  const { code, stdout } = await command(node, "plan", file);
  assert.equal(code, 2);
  assert.deepEqual(stdout.trimEnd().split("\n"), [
    `A reload of ${file} would change:`,
    "vrrp_instance VI_1",
    "  priority 200 → 150",
    "  virtual_ipaddress - 10.77.0.100/24",
    "  virtual_ipaddress + 10.77.0.102/24",
    "    - the next advert says it, and the nodes compare priorities anew",
    "    - a master gives the old addresses up",
    "    - a master takes the new addresses and announces them",
  ]);
  const status = await statusOf(node);
  assert.deepEqual(
    [status.config.reloads, status.instances[0]?.effectivePriority, router.held],
    [0, 200, 2],
  );

  writeFileSync(own, renderConfiguration(other));
  const reload = await command(node, "reload");
  for (const change of ["priority 200 → 150", "virtual_ipaddress + 10.77.0.102/24"]) {
    assert.ok(stdout.includes(change) && reload.stdout.includes(change), reload.stdout);
  }
  assert.equal((await command(node, "plan")).code, 0, "what was planned is done");
}, options);

stories.tell("plan tells programs the same, block by block", async (lab) => {
  const { node, file } = await begin(lab);
  writeFileSync(file, renderConfiguration(other, "VI_2").replace("_id 51", "_id 52"));
  const { code, stdout } = await command(node, "plan", file, "--json");
  assert.equal(code, 2);
  const { possible, untouched, blocks, diagnostics } = JSON.parse(stdout);
  assert.deepEqual([possible, untouched, diagnostics], [true, 0, []]);
  assert.deepEqual(blocks, [{
    block: "vrrp_instance",
    name: "VI_1",
    changes: ["removed"],
    consequences: ["stops: a master sends priority 0 and gives its addresses up"],
  }, {
    block: "vrrp_instance",
    name: "VI_2",
    changes: ["added"],
    consequences: ["starts as BACKUP"],
  }]);
}, options);

stories.tell(
  "plan of a file that can not be used says why and exits as check does",
  async (lab) => {
    const { node, router, file } = await begin(lab);
    const bad: readonly (readonly [string | undefined, number, RegExp])[] = [
      [renderConfiguration(other).replace("priority", "priotiry"), 5, /did you mean "priority"\?/],
      [renderConfiguration(other).replace("interface eth0", "interface eth7"), 4, /eth7/],
      [undefined, 4, /no such file/],
    ];
    for (const [text, expected, pattern] of bad) {
      if (text === undefined) rmSync(file);
      else writeFileSync(file, text);
      const { code, stdout, stderr } = await command(node, "plan", file);
      assert.deepEqual([code, stdout], [expected, ""]);
      assert.match(stderr, pattern);
      assert.match(stderr, /would be refused/);
    }
    assert.equal((await ask(node, "/plan", "POST")).status, 200, "an empty question is one");
    assert.equal(router.held, 2);
    await router.terminate();
    assert.equal((await command(node, "plan")).code, 3, "nobody is there to ask");
  },
  options,
);
