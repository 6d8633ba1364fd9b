/** What led to an event, as `standin explain` follows it. */
import assert from "node:assert/strict";
import { ipFromBytes, milliseconds } from "../../../lib/base/mod.ts";
import { Causes, type EventRecord, isAbout, type Tell } from "../../../lib/engine/mod.ts";
import { test } from "../../support/test.ts";

function causesIn(tells: readonly Tell[]): number[][] {
  const causes = new Causes();
  return tells.map((tell, at) => causes.of(tell, at));
}

const configured: Tell = { kind: "configured", file: "/f", reload: false, changes: [] };
const bad: Tell = { kind: "tracker-changed", tracker: "script check", state: "bad" };

function lower(instance: string, ...because: string[]): Tell {
  return { kind: "priority-changed", instance, from: 100, to: 50, because };
}

function moved(instance: string, reason: Extract<Tell, { kind: "transition" }>["reason"]): Tell {
  return { kind: "transition", instance, from: "MASTER", to: "BACKUP", reason };
}

const source = ipFromBytes(Uint8Array.of(10, 0, 0, 2));
const preempted = { kind: "higher-priority", source, priority: 90 } as const;

test("a router moves because its priority fell, and that fell because a tracker did", () => {
  const told = [configured, bad, lower("A", "script check -50"), moved("A", preempted)];
  assert.deepEqual(causesIn(told), [[], [], [1], [2]]);
});

test("a priority that moved a router once is no cause of the next move, nor of another's", () => {
  const told = [lower("A"), moved("B", preempted), moved("A", preempted), moved("A", preempted)];
  assert.deepEqual(causesIn(told), [[], [], [0], []]);
});

test("a fault names its trackers, a sync group the member that moved first", () => {
  const tracked = {
    kind: "fault",
    fault: { kind: "tracked", trackers: ["script check is bad"] },
  } as const;
  const good: Tell = { kind: "tracker-changed", tracker: "script check", state: "good" };
  const over = { kind: "fault-cleared" } as const;
  const group = { kind: "sync-group", group: "G", member: "A" } as const;
  const held = { kind: "fault", fault: { kind: "sync-group", group: "G", member: "A" } } as const;
  const told = [bad, lower("A"), moved("A", tracked), moved("B", group), moved("C", held)];
  const after = [good, moved("A", over), moved("B", over)];
  assert.deepEqual(causesIn([...told, ...after]), [[], [], [0], [2], [2], [], [5], []]);
});

test("start, reload, a stall and a BFD session are causes, and scripts have one", () => {
  const lateBy = milliseconds(900);
  const told: Tell[] = [
    configured,
    moved("A", { kind: "startup" }),
    { kind: "stalled", lateBy, instances: ["A"] },
    moved("A", { kind: "stalled", lateBy }),
    {
      kind: "script-ended",
      about: { kind: "INSTANCE", name: "A" },
      command: { path: "/s", args: ["/s"] },
      end: { kind: "exited", code: 0 },
      took: lateBy,
    } as unknown as Tell,
    {
      kind: "bfd-transition",
      session: "gw",
      neighbor: source,
      from: "Up",
      to: "Down",
      cause: { kind: "detection-time" },
    } as unknown as Tell,
    { kind: "tracker-changed", tracker: "bfd gw", state: "bad" },
  ];
  assert.deepEqual(causesIn(told), [[], [0], [], [2], [3], [], [5]]);
});

test("an event is about whom it names", () => {
  const base = { id: 1, time: "", level: "notice", event: "", message: "" } as const;
  const about = (name: string | undefined, detail: object): boolean =>
    isAbout({ ...base, ...detail } as EventRecord, name);
  assert.ok(about(undefined, {}));
  assert.ok(about("A", { instance: "A" }) && !about("A", { instance: "AB" }));
  assert.ok(about("check", { tracker: "script check" }));
  assert.ok(about("A", { about: { kind: "INSTANCE", name: "A" } }));
  assert.ok(!about("A", {}));
});

test("a script may end after the next change, and is told of its own; servers have theirs", () => {
  const run = (kind: string, name: string, state?: string): Tell => ({
    kind: "script-ended",
    about: { kind, name },
    command: { kind: "run", path: "/s", words: ["/s"] },
    end: { kind: "exited", code: 0 },
    took: milliseconds(1),
    ...(state === undefined ? {} : { state }),
  } as unknown as Tell);
  const to = (state: "MASTER" | "BACKUP"): Tell => ({
    kind: "transition",
    instance: "A",
    from: "INIT",
    to: state,
    reason: preempted,
  });
  const server: Tell = { kind: "server-changed", virtualServer: "V", server: "S", up: false };
  const told = [
    to("MASTER"),
    to("BACKUP"),
    run("INSTANCE", "A", "MASTER"),
    run("INSTANCE", "A"),
    server,
    run("RS", "V S", "DOWN"),
  ];
  assert.deepEqual(causesIn(told).slice(2), [[0], [1], [], [4]]);
});
