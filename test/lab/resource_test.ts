/**
 * What a node holds moves with the role: a tmpfs, a page on it, the address and a real nginx under
 * its init script. The role is handed over, the application killed, the gateway cut, the cable
 * pulled, the daemon killed; after each everything runs on exactly one node, in order, and the
 * times are printed.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import type { Bell } from "../support/lab/bell.ts";
import { Holder } from "../support/lab/holdings.ts";
import type { Lab } from "../support/lab/lab.ts";
import { filesOf, whyNoLab } from "../support/lab/makes.ts";
import { sendSignal } from "../support/lab/program.ts";
import type { Segment } from "../support/lab/segment.ts";
import { ask, command } from "../support/lab/standin.ts";
import { Stories } from "../support/lab/story.ts";

const skip = whyNoLab() ?? (existsSync("/etc/init.d/nginx") ? undefined : "needs nginx");
const options = skip === undefined ? {} : { skip };
const stories = new Stories(3);

interface Stage {
  readonly segment: Segment;
  readonly one: Holder;
  readonly other: Holder;
}

/** Two holders, of which the first has everything, and a gateway. */
async function stage(lab: Lab): Promise<Stage> {
  const { segment, a, b } = await lab.pair();
  segment.join(await lab.node("g", 9));
  const [one, other] = [new Holder(lab, a), new Holder(lab, b)];
  await one.start(200);
  await one.untilItServes();
  await starts(lab.bell, one, 0, "the first start");
  await other.start(100);
  await other.program.line(/"master-changed"/);
  return { segment, one, other };
}

/** Something happens to the node that has everything; then the next one has it, and only it. */
async function moves(
  what: string,
  { from, to, bell }: { readonly from: Holder; readonly to: Holder; readonly bell: Bell },
  act: () => unknown,
): Promise<void> {
  const [left, taken] = [from.program.lines.length, to.program.lines.length];
  const begin = performance.now();
  const acted = act();
  await to.untilItServes();
  const served = performance.now() - begin;
  await from.untilItRests();
  const rested = performance.now() - begin;
  await acted;
  const times = [served, rested].map((ms) => `${(ms / 1000).toFixed(2)} s`);
  console.log(`${what}: served by ${to.node.label} after ${times[0]}, gone after ${times[1]}`);
  await starts(bell, to, taken, what);
  if (from.program.ending === undefined) await stops(bell, from, left, what);
  assert.deepEqual([from.has, to.has], [[], [...to.order]], what);
}

/** Everything starts in order, as its holder says it; a script has ended by then. */
async function starts(bell: Bell, holder: Holder, since: number, what: string): Promise<void> {
  const wanted = holder.order.map((kind) => `+${kind}`);
  const seen = (): string[] => holder.changesSince(since);
  await bell.until(`${what}: ${wanted.join(" ")}`, () => seen().length >= wanted.length);
  assert.deepEqual(seen(), wanted, what);
}

/** What is left stops in reverse; an address that is gone with the role is not spoken of. */
async function stops(bell: Bell, holder: Holder, since: number, what: string): Promise<void> {
  const wanted = holder.order.filter((kind) => kind !== "address").map((kind) => `-${kind}`)
    .toReversed();
  const seen = (): string[] => holder.changesSince(since).filter((one) => one !== "-address");
  await bell.until(`${what}: ${wanted.join(" ")}`, () => seen().length >= wanted.length);
  assert.deepEqual(seen(), wanted, what);
}

stories.tell("resources move in order when asked, whoever uses them", async (lab) => {
  const { one, other } = await stage(lab);
  const { node, directory } = one;
  const { config } = filesOf(node);
  const tested = await node.namespace.run(["keepalived", "-t", "-f", config]);
  // 6 is what it says of scripts without enable_script_security, and only that.
  assert.equal(tested.code, 6, `keepalived takes the same file: ${tested.stderr}`);
  assert.match((await command(node, "status")).stdout, /VI_1 +service nginx +active/);
  const metrics = (await ask(node, "/metrics")).body;
  assert.match(metrics, /^standin_resource_state\{.*resource="service nginx",state="active"\} 1$/m);
  // Somebody works there: it is asked to go.
  const stays = 'cd "$1" && echo stays && exec sleep 1000';
  const inside = ["nsenter", "-t", `${one.program.pid}`, "-m", "sh", "-c", stays, "sh", directory];
  const user = lab.start(node, inside);
  await user.line(/stays/);
  await moves("handed over", { from: one, to: other, bell: lab.bell }, async () => {
    const { code, stdout } = await command(node, "failover", "VI_1");
    assert.equal(code, 0);
    assert.match(stdout, /10\.77\.0\.2 is master now/);
  });
  assert.equal((await user.ended()).signal, "SIGTERM");
}, options);

stories.tell("resources move when one of them fails", async (lab) => {
  const { one, other } = await stage(lab);
  await moves("application killed", { from: one, to: other, bell: lab.bell }, () => {
    for (const pid of one.pidsOf("nginx")) sendSignal(pid, "SIGKILL");
  });
  const { stdout: events } = await command(one.node, "events");
  assert.match(events, /gives the role away, service nginx failed too often/);
}, options);

stories.tell("resources move when a node is cut off, or killed", async (lab) => {
  const { segment, one, other } = await stage(lab);
  const { node: { namespace } } = one;
  const there = { from: one, to: other, bell: lab.bell };
  await moves("gateway cut", there, () => namespace.ip("route add blackhole 10.77.0.9/32"));
  namespace.ip("route del blackhole 10.77.0.9/32");
  await lab.bell.until("it is a backup again", () => one.state === "BACKUP");
  const back = { from: other, to: one, bell: lab.bell };
  await moves("cable pulled", back, () => segment.setCable(other.node, false));
  segment.setCable(other.node, true);
  await lab.bell.until("it is a backup again", () => other.state === "BACKUP");
  await moves("killed", there, () => one.program.signal("SIGKILL"));
}, options);
