/**
 * Reload as one transaction. Of 250 masters at ten adverts a second one changes, and nobody on the
 * wire can tell that the others were there; an address moves between two routers and the kernel
 * never loses it; routers and groups come and go while the rest beats on. The tight figures are in
 * the benchmark `reload`.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { type Beat, watchInBulk } from "../support/lab/bulk.ts";
import type { Lab, Node } from "../support/lab/lab.ts";
import { filesOf, logEntry, standinWords, whyNoLab } from "../support/lab/makes.ts";
import type { Program } from "../support/lab/program.ts";
import type { Segment } from "../support/lab/segment.ts";
import { command, statusOf } from "../support/lab/standin.ts";
import { Stories } from "../support/lab/story.ts";

const skip = whyNoLab();
const options = skip === undefined ? {} : { skip };
const stories = new Stories(1);

const intervalMs = 100;
const many = 250;

interface Wanted {
  readonly vrid: number;
  readonly priority?: number;
  readonly addresses?: readonly string[];
}

/** A file of routers named after their VRIDs, in groups named after their first member. */
function fileOf(routers: readonly Wanted[], groups: readonly (readonly number[])[] = []): string {
  const head = "global_defs {\nvrrp_version 3\nvrrp_garp_master_delay 0\n" +
    "vrrp_garp_master_repeat 1\n}\n@standin status_listen off\n";
  const bodies = routers.map(({ vrid, priority = 200, addresses = [usual(vrid)] }) =>
    `vrrp_instance R${vrid} {\ninterface eth0\nvirtual_router_id ${vrid}\npriority ${priority}\n` +
    `advert_int ${intervalMs / 1000}\nvirtual_ipaddress {\n${addresses.join("\n")}\n}\n}\n`
  );
  const tails = groups.map((members) =>
    `vrrp_sync_group G${members[0]} {\ngroup {\n${members.map((id) => `R${id}`).join("\n")}\n}\n}\n`
  );
  return [head, ...bodies, ...tails].join("");
}

function usual(vrid: number): string {
  return `10.78.0.${vrid}/32`;
}

interface Scene {
  readonly lab: Lab;
  readonly segment: Segment;
  readonly node: Node;
  readonly daemon: Program;
}

async function begin(lab: Lab, text: string, count: number): Promise<Scene> {
  const { segment, a: node } = await lab.pair();
  writeFileSync(filesOf(node).config, text);
  const daemon = lab.start(node, standinWords(node));
  const scene = { lab, segment, node, daemon };
  await lab.bell.until(`${count} masters`, () => {
    return transitionsOf(daemon).length >= 2 * count && mastersOf(scene).size === count;
  });
  await beats(scene, segment.passed, 3, [1]);
  return scene;
}

/** The routers whose last transition was to MASTER. */
function mastersOf({ daemon }: Scene): Set<string> {
  const masters = new Set<string>();
  for (const line of transitionsOf(daemon)) {
    const { instance, to } = logEntry(line);
    if (to === "MASTER") masters.add(String(instance));
    else masters.delete(String(instance));
  }
  return masters;
}

function transitionsOf({ lines }: Program): string[] {
  return lines.filter((line) => line.includes('"transition"'));
}

/** Waits until each of these VRIDs has beaten so often since a frame. */
async function beats(
  { lab, segment, node }: Scene,
  from: number,
  times: number,
  wanted: readonly number[],
): Promise<void> {
  const counts = new Map<number, number>();
  let seen = from;
  await lab.bell.until(`${times} adverts of ${wanted.length} routers`, () => {
    // Only what is new: thousands of frames a second must not keep this process busy.
    for (const { vrid } of segment.adverts(node, seen)) {
      counts.set(vrid, (counts.get(vrid) ?? 0) + 1);
    }
    seen = segment.passed;
    return wanted.every((vrid) => (counts.get(vrid) ?? 0) >= times);
  });
}

async function reload({ node }: Scene, text: string): Promise<string> {
  writeFileSync(filesOf(node).config, text);
  const { code, stdout, stderr } = await command(node, "reload");
  assert.deepEqual([code, stderr], [0, ""]);
  return stdout;
}

/**
 * None of these VRIDs said goodbye. How late adverts are at most is measured by `make bench`; here
 * a busy machine may be slow.
 */
function goesOn(adverts: readonly Pick<Beat, "vrid" | "priority">[], vrids: number[]): void {
  const wanted = new Set(vrids);
  const goodbyes = adverts.filter(({ vrid, priority }) => wanted.has(vrid) && priority === 0);
  assert.deepEqual(goodbyes, []);
}

stories.tell(`of ${many} masters one changes and the others are not touched`, async (lab) => {
  const vrids = Array.from({ length: many }, (_, index) => index + 1);
  const scene = await begin(lab, fileOf(vrids.map((vrid) => ({ vrid }))), many);
  const { segment, node, daemon } = scene;
  const transitions = transitionsOf(daemon).length;
  const end = await watchInBulk(node);
  await beats(scene, segment.passed, 3, [7]);
  const changed = { vrid: 7, priority: 150, addresses: [usual(7), "10.78.1.7/32"] };
  const said = await reload(scene, fileOf(vrids.map((vrid) => vrid === 7 ? changed : { vrid })));
  assert.match(said, /R7: priority 200 → 150/);
  assert.doesNotMatch(said, /R(?!7:)\d+:/, "nothing is said of the others");
  await beats(scene, segment.passed, 3, [7]);
  const { adverts, arps } = await end();
  goesOn(adverts, vrids);
  assert.equal(adverts.findLast(({ vrid }) => vrid === 7)?.priority, 150);
  const others = adverts.filter(({ vrid }) => vrid !== 7);
  assert.deepEqual([...new Set(others.map(({ priority }) => priority))], [200]);
  assert.equal(transitionsOf(daemon).length, transitions);
  assert.equal(arps, 1, "only the new address is announced");
  assert.ok(node.namespace.has("eth0", "10.78.1.7/32"));
}, options);

const [kept, moving] = ["10.78.0.1/32", "10.78.1.1/32"];
const apart: readonly Wanted[] = [{ vrid: 1, addresses: [kept, moving] }, { vrid: 2 }];
const moved: readonly Wanted[] = [{ vrid: 1 }, { vrid: 2, addresses: [usual(2), moving] }];

for (
  const [what, before, after] of [
    ["to a later router", apart, moved],
    ["to an earlier router", moved, apart],
    ["from a router that goes", apart, moved.slice(1)],
  ] as const
) {
  stories.tell(`an address moves ${what} and the kernel never loses it`, async (lab) => {
    const scene = await begin(lab, fileOf(before), before.length);
    const { node, segment } = scene;
    const watch = node.namespace.start(["ip", "-o", "monitor", "address"]);
    // The kernel tells of an address on the loopback: from then on nothing is missed.
    await lab.bell.until("ip monitor listens", () => {
      node.namespace.ip("address replace 127.0.0.9/32 dev lo");
      return watch.lines.some((line) => line.includes("127.0.0.9"));
    });
    const from = segment.passed;
    await reload(scene, fileOf(after));
    const stay = after.map(({ vrid }) => vrid);
    await beats(scene, segment.passed, 4, stay);
    assert.ok(node.namespace.has("eth0", moving));
    const gone = watch.lines.filter((line) => line.startsWith("Deleted") && line.includes(moving));
    watch.kill();
    assert.deepEqual(gone, []);
    goesOn(segment.adverts(node, from), stay);
    const { instances } = await statusOf(node);
    const owners = instances.filter(({ addresses }) => addresses.includes(moving));
    assert.deepEqual(owners.map(({ name, state }) => [name, state]), [
      [`R${after.find(({ addresses }) => addresses?.includes(moving))?.vrid}`, "MASTER"],
    ]);
  }, options);
}

stories.tell("routers and groups come and go, and the rest beats on", async (lab) => {
  const scene = await begin(lab, fileOf([{ vrid: 1 }, { vrid: 2 }], [[1, 2]]), 2);
  const { node, segment } = scene;
  const from = segment.passed;
  const steps: readonly (readonly [number[], number[][]])[] = [
    [[1, 2, 3], [[1, 2]]],
    [[1, 2, 3], [[1, 2, 3]]],
    [[1, 3, 4], [[1, 3]]],
    [[1, 4], []],
    [[1, 4, 5, 6], [[5, 6], [1, 4]]],
  ];
  for (const [vrids, groups] of steps) {
    await reload(scene, fileOf(vrids.map((vrid) => ({ vrid })), groups));
    await lab.bell.until(`${vrids} are masters`, () => {
      return vrids.every((vrid) => node.namespace.has("eth0", usual(vrid)));
    });
    await beats(scene, segment.passed, 3, vrids);
    const { instances } = await statusOf(node);
    assert.deepEqual(
      instances.map(({ name, state }) => [name, state]),
      vrids.map((vrid) => [
        `R${vrid}`,
        "MASTER",
      ]),
    );
  }
  goesOn(segment.adverts(node, from), [1]);
  const states = transitionsOf(scene.daemon).filter((line) => logEntry(line)["instance"] === "R1");
  assert.equal(states.length, 2, "from INIT to BACKUP to MASTER, and nothing more");
  for (const vrid of [2, 3]) assert.ok(!node.namespace.has("eth0", usual(vrid)));
}, options);
