/**
 * What a node holds moves with the role: a tmpfs, a page on it, the address and a real nginx under
 * its init script. The master is handed over, killed, cut off, loses its application and its
 * gateway; after each everything runs on exactly one node, in order, and the times are printed.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "../support/test.ts";
import type { Bell } from "../support/lab/bell.ts";
import { Holder, order } from "../support/lab/holdings.ts";
import { filesOf, whyNoLab } from "../support/lab/makes.ts";
import { sendSignal } from "../support/lab/program.ts";
import { command } from "../support/lab/standin.ts";
import { Stories } from "../support/lab/story.ts";

const skip = whyNoLab() ?? (existsSync("/etc/init.d/nginx") ? undefined : "needs nginx");
const options = skip === undefined ? {} : { skip };
const stories = new Stories(2);

const started = order.map((kind) => `+${kind}`);
const stopped = order.map((kind) => `-${kind}`).toReversed();

stories.tell(
  "what a node holds moves with the role, in order, to exactly one node",
  async (lab) => {
    const { segment, a, b } = await lab.pair();
    const gateway = await lab.node("g", 9);
    segment.join(gateway);
    const [one, other] = [new Holder(lab, a), new Holder(lab, b)];
    await one.start(200);
    const { config } = filesOf(a);
    const { code, stdout, stderr } = await a.namespace.run(["keepalived", "-t", "-f", config]);
    // 6 is what it says of scripts without enable_script_security, and only that.
    assert.equal(code, 6, `keepalived takes the same file: ${stdout}${stderr}`);
    await one.untilItServes();
    assert.deepEqual(one.changesSince(0), started);
    await other.start(100);
    await other.program.line(/"master-changed"/);
    const table = await command(a, "status");
    assert.match(table.stdout, /VI_1 +service nginx +active/);

    /** Something happens to the node that has everything; then the next one has it, and only it. */
    async function moves(what: string, from: Holder, to: Holder, act: () => void): Promise<void> {
      const [left, taken] = [from.program.lines.length, to.program.lines.length];
      const begin = performance.now();
      act();
      await to.untilItServes();
      const served = performance.now() - begin;
      await from.untilItRests();
      const rested = performance.now() - begin;
      const times = [served, rested].map((ms) => `${(ms / 1000).toFixed(2)} s`);
      console.log(`${what}: served by ${to.node.label} after ${times[0]}, gone after ${times[1]}`);
      assert.deepEqual(to.changesSince(taken), started, what);
      if (from.program.ending === undefined) await stops(lab.bell, from, left, what);
      assert.deepEqual([from.has, to.has], [[], [...order]], what);
    }

    await moves("handed over", one, other, () => void command(a, "failover", "VI_1"));
    await moves("application killed", other, one, () => {
      for (const pid of other.pidsOf("nginx")) sendSignal(pid, "SIGKILL");
    });
    await moves("gateway cut", one, other, () => {
      a.namespace.ip("route add blackhole 10.77.0.9/32");
    });
    a.namespace.ip("route del blackhole 10.77.0.9/32");
    await lab.bell.until("it is a backup again", () => one.state === "BACKUP");
    await moves("cable pulled", other, one, () => segment.setCable(b, false));
    segment.setCable(b, true);
    await lab.bell.until("it is a backup again", () => other.state === "BACKUP");
    await moves("killed", one, other, () => one.program.signal("SIGKILL"));
  },
  options,
);

/** What fails is stopped with what is left, in reverse; what is gone at once is not said. */
async function stops(bell: Bell, holder: Holder, since: number, what: string): Promise<void> {
  const wanted = stopped.filter((change) => change !== "-address");
  const seen = (): string[] => holder.changesSince(since).filter((one) => one !== "-address");
  const { length } = wanted;
  await bell.until(`${what}: ${wanted.join(" ")}`, () => seen().length >= length);
  assert.deepEqual(seen(), wanted, what);
}

test("an NFS export moves, where the machine has what it takes", () => {}, {
  skip: "needs exportfs and nfsd",
});
