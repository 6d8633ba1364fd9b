/**
 * Scripts and FIFOs on the virtual network: who is told what, in which order, and what happens when
 * a script takes long.
 */
import assert from "node:assert/strict";
import { milliseconds, seconds } from "../../lib/base/mod.ts";
import { forEver } from "../../lib/host/sim/mod.ts";
import { instance, modelOf } from "../support/model.ts";
import { router } from "../support/plan.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const scripts = ["MASTER", "BACKUP", "FAULT", "STOP"]
  .map((state) => `notify_${state.toLowerCase()} "/${state}"`).join("\n ");

function told(story: Story): readonly string[] {
  return story.node("a").machine.commands;
}

function one(lines: string, head = ""): Story {
  const story = new Story("a b");
  story.startWith("a", modelOf(head + instance(lines)));
  return story;
}

test("every change has its script called, then the one for all changes", () => {
  const story = one(`priority 100\n ${scripts}\n notify "/any own"`);
  story.run(seconds(5));
  story.down("a", "eth0");
  story.run(seconds(1));
  assert.deepEqual(told(story), [
    "/BACKUP",
    "/any own INSTANCE VI_1 BACKUP 100",
    "/MASTER",
    "/any own INSTANCE VI_1 MASTER 100",
    "/FAULT",
    "/any own INSTANCE VI_1 FAULT 100",
  ]);
});

test("FAULT is told when a tracker has spoken, not while its first result is waited for", () => {
  const check = 'vrrp_script check {\n script "/check"\n interval 3\n}\n';
  const group = 'vrrp_sync_group G {\n group {\n VI_1\n VI_2\n}\n notify "/any"\n}\n';
  const other = instance('priority 100\n notify "/any"', { name: "VI_2", id: 52 });
  const tracks = 'priority 100\n notify "/any"\n track_script {\n check\n}';
  for (const code of [1, 0]) {
    const story = new Story("a b");
    const end = { kind: "exited", code } as const;
    story.node("a").machine.script("/check", { takes: seconds(2), end });
    story.startWith("a", modelOf(check + group + instance(tracks) + other));
    story.run(seconds(1));
    story.expect("a VI_1 FAULT", "a VI_2 FAULT");
    const said = (): string[] => told(story).filter((line) => line !== "/check").sort();
    assert.deepEqual(said(), []);
    story.run(seconds(1.5));
    const [state, instances] = code === 0 ? ["BACKUP", "BACKUP 100"] : ["FAULT", "FAULT 100"];
    const expected = [
      `/any GROUP G ${state} 0`,
      `/any INSTANCE VI_1 ${instances}`,
      `/any INSTANCE VI_2 ${instances}`,
    ];
    assert.deepEqual(said(), expected);
    story.run(seconds(code === 0 ? 0.1 : 20));
    assert.deepEqual(said(), expected, "told once");
    const last = story.node("a").snapshot()?.instances[0]?.lastTransition;
    if (code === 1) assert.match(last?.reason ?? "", /tracked script check is bad/);
  }
});

test("while a script runs only the latest change waits for it", () => {
  const story = new Story("a b");
  story.node("a").machine.script("/MASTER", { takes: seconds(5) });
  story.startWith("a", modelOf(instance(`priority 100\n ${scripts}`)));
  story.runUntil("a", "MASTER");
  for (let flap = 0; flap < 3; flap++) {
    story.down("a", "eth0");
    story.run(milliseconds(100));
    story.up("a", "eth0");
    story.run(milliseconds(100));
  }
  assert.deepEqual(told(story), ["/BACKUP", "/MASTER"]);
  story.run(seconds(20));
  assert.equal(told(story).at(-1), "/MASTER");
  assert.equal(told(story).filter((command) => command === "/FAULT").length, 0);
});

test("a script that does not end is ended when the next one has waited long enough", () => {
  const story = new Story("a b");
  story.node("a").machine.script("/MASTER", { takes: forEver, obeys: false });
  story.startWith("a", modelOf(`notify_timeout 10\n${instance(`priority 100\n ${scripts}`)}`));
  story.runUntil("a", "MASTER");
  story.run(seconds(60));
  assert.deepEqual(told(story), ["/BACKUP", "/MASTER"], "nobody waits for it");
  story.down("a", "eth0");
  story.run(seconds(9));
  assert.deepEqual(told(story).slice(2), []);
  story.run(seconds(5));
  assert.deepEqual(told(story).slice(2), ["TERM /MASTER", "KILL /MASTER", "/FAULT"]);
});

test("the daemon ends when the last scripts have ended, and not much later than told to", () => {
  for (const [takes, ends] of [[seconds(1), 1], [forEver, 5]] as const) {
    const story = new Story("a b");
    story.node("a").machine.script("/STOP", { takes });
    story.startWith("a", modelOf(instance(`priority 100\n ${scripts}`)));
    story.run(seconds(5));
    story.stop("a");
    story.run(seconds(ends - 0.1));
    assert.ok(story.node("a").running(), "it waits for its script");
    assert.deepEqual(story.held("a"), [], "its addresses are gone at once");
    story.run(seconds(0.2));
    assert.ok(!story.node("a").running(), "it has ended");
  }
});

test("a router that a reload takes away is in FAULT, or DELETED where that is asked for", () => {
  for (const [lines, state] of [["", "FAULT"], ["notify_deleted", "DELETED"]]) {
    const story = one(`priority 100\n notify "/any"\n ${lines}`);
    story.run(seconds(5));
    story.reload("a", modelOf(""));
    story.run(seconds(1));
    assert.equal(told(story).at(-1), `/any INSTANCE VI_1 ${state} 100`);
  }
});

test("a FIFO has a line for every change, and its reader runs as long as it is there", () => {
  const fifo = `global_defs {\n vrrp_notify_fifo /run/f\n vrrp_notify_fifo_script "/reader"\n` +
    ` vrrp_notify_priority_changes\n}\n`;
  const story = new Story("a b");
  story.node("a").machine.script("/reader /run/f", { takes: forEver });
  const check = 'vrrp_script check {\n script "/check"\n weight -20\n}\n';
  const lines = "priority 100\n track_script {\n check\n}";
  story.startWith("a", modelOf(fifo + check + instance(lines)));
  story.run(seconds(5));
  story.node("a").machine.script("/check", { end: { kind: "exited", code: 1 } });
  story.run(seconds(2));
  assert.deepEqual(story.node("a").machine.fifos.get("/run/f"), [
    'INSTANCE "VI_1" BACKUP 100\n',
    'INSTANCE "VI_1" MASTER 100\n',
    'INSTANCE "VI_1" MASTER_PRIORITY 80\n',
  ]);
  assert.equal(told(story).filter((command) => command === "/reader /run/f").length, 1);
  story.reload("a", modelOf(check + instance(lines)));
  story.run(seconds(1));
  assert.equal(story.node("a").machine.fifos.size, 0);
  assert.ok(told(story).includes("TERM /reader /run/f"));
});

test("a FIFO is told unchanged states again after a reload where that is asked for", () => {
  const head = "global_defs {\n vrrp_notify_fifo /run/f\n fifo_write_vrrp_states_on_reload\n}\n";
  const story = one("priority 100", head);
  story.run(seconds(5));
  story.reload("a", modelOf(head + instance("priority 110")));
  story.run(seconds(1));
  const lines = story.node("a").machine.fifos.get("/run/f") ?? [];
  assert.equal(lines.filter((line) => line.includes("MASTER")).length, 2);
});

test("a script is told of another master, of other addresses and of one used twice", () => {
  const lines = 'priority 150\n notify_conflict "/odds"';
  for (
    const [vips, expected] of [
      [["10.0.0.100/32"], [
        "DUPLICATE_ADDRESS 02:00:00:00:00:02 10.0.0.100",
        "TWO_MASTERS 10.0.0.2",
      ]],
      [["10.0.0.200/32"], ["ADDRESS_LIST 10.0.0.2", "TWO_MASTERS 10.0.0.2"]],
    ] as const
  ) {
    const story = one(lines);
    story.cut("a", "b");
    story.start("b", router({ priority: 100, vips }));
    story.run(seconds(30));
    const conflicts = told(story).filter((command) => command.startsWith("/odds"));
    assert.deepEqual(
      [...new Set(conflicts)].sort(),
      expected.map((conflict) => `/odds INSTANCE VI_1 ${conflict}`),
    );
  }
});

test("scripts that take any time: one at a time, and the last state is the last one told", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const story = new Story("a b");
    const { machine } = story.node("a");
    let random = seed;
    const next = (below: number): number => {
      random = (random * 48_271) % 0x7fff_ffff;
      return random % below;
    };
    for (const state of ["MASTER", "BACKUP", "FAULT"]) {
      machine.script(`/any INSTANCE VI_1 ${state} 100`, { takes: milliseconds(next(8000)) });
    }
    story.startWith("a", modelOf(instance('priority 100\n notify "/any"')));
    for (let change = 0; change < 12; change++) {
      story.run(milliseconds(next(4500)));
      if (next(2) === 0) story.down("a", "eth0");
      else story.up("a", "eth0");
      assert.ok(machine.running().length <= 1, `seed ${seed}: two scripts run`);
    }
    story.run(seconds(30));
    const state = story.node("a").snapshot()?.instances[0]?.state;
    assert.equal(told(story).at(-1), `/any INSTANCE VI_1 ${state} 100`, `seed ${seed}`);
  }
});

test("what a script was told of, how it ended and what it said is recorded", () => {
  const story = new Story("a b");
  const end = { kind: "exited", code: 3 } as const;
  story.node("a").machine.script("/MASTER", {
    takes: seconds(2),
    end,
    says: ["no route", "sorry"],
  });
  story.startWith("a", modelOf(instance(`priority 100\n ${scripts}`)));
  story.run(seconds(10));
  const [backup, master] = story.tells("a", "script-ended");
  assert.equal(backup?.output, undefined);
  assert.equal(backup?.state, "BACKUP");
  assert.deepEqual(master, {
    kind: "script-ended",
    about: { kind: "INSTANCE", name: "VI_1" },
    command: { kind: "run", path: "/MASTER", words: ["/MASTER"] },
    end,
    took: seconds(2),
    state: "MASTER",
    output: ["no route", "sorry"],
  });
});
