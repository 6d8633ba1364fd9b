/**
 * What a host must do, whatever it stands on: each duty is told once, and asked of the simulated
 * host and of the Linux host.
 */
import assert from "node:assert/strict";
import { equalIp, formatIp, ifIndex, milliseconds, seconds } from "../../../lib/base/mod.ts";
import type { Effect, EngineEvent } from "../../../lib/engine/mod.ts";
import { vrrpMulticast4 } from "../../../lib/wire/mod.ts";
import { newAdvertCache } from "../../../lib/vrrp/mod.ts";
import { advertOf, ip, router, vip } from "../plan.ts";
import type { Bench, Side } from "./bench.ts";

/** One duty. */
export interface Duty {
  readonly name: string;
  readonly ask: (bench: Bench) => Promise<void>;
}

type Kind = EngineEvent["kind"];

function events<K extends Kind>({ heard }: Side, kind: K): Extract<EngineEvent, { kind: K }>[] {
  const isKind = (event: EngineEvent): event is Extract<EngineEvent, { kind: K }> =>
    event.kind === kind;
  return heard.map(({ event }) => event).filter(isKind);
}

const address = vip("10.0.0.100/24");

function adding({ ifIndex }: Side, kind: "add-address" | "delete-address" = "add-address"): Effect {
  return { kind, ifIndex, plan: address };
}

function listening({ ifIndex }: Side): Effect {
  return { kind: "listen", ifIndex, family: "ipv4", group: vrrpMulticast4 };
}

function sending({ ifIndex }: Side, from: string, id: number): Effect {
  const source = ip(from);
  const plan = router({ id });
  const bytes = advertOf(newAdvertCache(), plan, source, plan.basePriority).slice();
  return { kind: "send-vrrp", ifIndex, family: "ipv4", source, destination: vrrpMulticast4, bytes };
}

function vridsHeard(side: Side): number[] {
  return events(side, "packet").map(({ packet: { bytes } }) => bytes[21] ?? 0);
}

/** All of them. */
export const duties: readonly Duty[] = [
  {
    name: "the tables of the kernel are told first, with the link and its address",
    ask: ({ near }) => {
      const [first] = near.heard;
      assert.ok(first?.event.kind === "kernel-tables");
      const { links, addresses } = first.event;
      const link = links.find(({ name }) => name === "eth0");
      assert.equal(link?.ifIndex, near.ifIndex);
      assert.equal(link?.up, true);
      const own = addresses.find((known) => equalIp(known.address, ip("10.0.0.1")));
      assert.equal(own?.prefixLength, 24);
      return Promise.resolve();
    },
  },
  {
    name: "an address is added and deleted, and neither is told nor refused, not even twice",
    ask: async ({ near, until }) => {
      const before = near.heard.length;
      near.perform(adding(near), adding(near));
      await until("the address is there", () => near.addresses().includes("10.0.0.100/24"));
      near.perform(adding(near, "delete-address"), adding(near, "delete-address"));
      await until("it is gone", () => !near.addresses().includes("10.0.0.100/24"));
      const told = near.heard.slice(before).map(({ event }) => event.kind);
      assert.deepEqual(told.filter((kind) => kind !== "clock"), []);
    },
  },
  {
    name: "what the kernel refuses comes back",
    ask: async ({ near, until }) => {
      near.perform({ kind: "add-address", ifIndex: ifIndex(4242), plan: address });
      await until("it is refused", () => events(near, "refused").length > 0);
      const [refused] = events(near, "refused");
      assert.equal(refused?.operation, "add-address");
      assert.equal(refused?.refusal.errno, "ENODEV");
      assert.equal(refused?.address === undefined ? "" : formatIp(refused.address), "10.0.0.100");
    },
  },
  {
    name: "a link that goes down and comes up is told",
    ask: async ({ near, setUp, until }) => {
      const before = events(near, "link").length;
      const last = (): boolean | undefined => events(near, "link").slice(before).at(-1)?.link.up;
      setUp(false);
      await until("it is down", () => last() === false);
      setUp(true);
      await until("it is up", () => last() === true);
    },
  },
  {
    name: "addresses that somebody else adds and deletes are told",
    ask: async ({ near, change, until }) => {
      const names = (kind: "address" | "address-gone"): string[] =>
        events(near, kind).map((event) => formatIp(event.address.address));
      change("10.0.0.77/24", true);
      await until("it is told", () => names("address").includes("10.0.0.77"));
      change("10.0.0.77/24", false);
      await until("its end is told", () => names("address-gone").includes("10.0.0.77"));
    },
  },
  {
    name: "adverts of others are heard by whoever listens, own ones are not",
    ask: async ({ near, far, until }) => {
      near.perform(listening(near));
      far.perform(listening(far));
      near.perform(sending(near, "10.0.0.1", 51));
      await until("the other end hears", () => vridsHeard(far).includes(51));
      far.perform(sending(far, "10.0.0.2", 52));
      await until("this end hears", () => vridsHeard(near).includes(52));
      assert.deepEqual(vridsHeard(near), [52]);
      const [heard] = events(near, "packet");
      assert.equal(heard?.packet.ifIndex, near.ifIndex);
      assert.deepEqual([...heard?.packet.bytes.subarray(12, 16) ?? []], [10, 0, 0, 2]);
      assert.equal(heard?.packet.bytes[8], 255, "TTL");
    },
  },
  {
    name: "only adverts for admitted routers come, and none after unlisten",
    ask: async ({ near, far, until }) => {
      const { ifIndex } = near;
      // Whoever sends has a socket, which comes with listening.
      far.perform(listening(far));
      near.perform(listening(near), { kind: "admit", ifIndex, family: "ipv4", vrids: [7] });
      far.perform(sending(far, "10.0.0.2", 6), sending(far, "10.0.0.2", 7));
      await until("the admitted one comes", () => vridsHeard(near).includes(7));
      assert.ok(!vridsHeard(near).includes(6));
      near.perform({ kind: "unlisten", ifIndex, family: "ipv4" });
      far.perform(sending(far, "10.0.0.2", 7));
      const later = near.callAfter(milliseconds(20));
      await until("it has passed by", () => near.now() >= later);
      near.perform(listening(near), { kind: "admit", ifIndex, family: "ipv4", vrids: [7, 8] });
      far.perform(sending(far, "10.0.0.2", 8));
      await until("it listens again", () => vridsHeard(near).includes(8));
      assert.equal(vridsHeard(near).filter((id) => id === 7).length, 1);
    },
  },
  {
    name: "the clock goes off once the deadline has come, and not before",
    ask: async ({ near, until }) => {
      const begun = near.heard.length;
      const deadline = near.callAfter(milliseconds(80));
      const clocks = (): number[] =>
        near.heard.slice(begun).filter(({ event }) => event.kind === "clock").map(({ at }) => at);
      await until("it goes off", () => clocks().some((at) => at >= deadline));
      assert.ok(near.now() >= deadline);
      near.callAfter(seconds(3600));
    },
  },
  {
    name: "a command runs, and how it ended is told; TERM ends one that runs",
    ask: async ({ near, script, until }) => {
      const [short, long] = [script(milliseconds(1), 3), script(seconds(60), 0)];
      near.perform(running(1, short), running(2, long));
      const ends = (): string[] =>
        events(near, "command-ended").map(({ run, end }) => `${run} ${JSON.stringify(end)}`);
      await until("the first ends", () => ends().length === 1);
      near.perform({ kind: "signal-command", run: 2, signal: "TERM" });
      await until("the second ends", () => ends().length === 2);
      assert.deepEqual(ends(), [
        `1 ${JSON.stringify({ kind: "exited", code: 3 })}`,
        `2 ${JSON.stringify({ kind: "killed", signal: 15 })}`,
      ]);
    },
  },
  {
    name: "a file is told at once and after every change, and when it is gone",
    ask: async ({ near, write, until }) => {
      const texts = (): (string | undefined)[] =>
        events(near, "file-content").map(({ text }) => text?.trim());
      const path = write("5\n");
      near.perform({ kind: "watch-file", path });
      await until("it is told", () => texts().at(-1) === "5");
      write("6\n");
      await until("its change is told", () => texts().at(-1) === "6");
      write(undefined);
      await until("its end is told", () => texts().length > 2 && texts().at(-1) === undefined);
      near.perform({ kind: "unwatch-file", path });
    },
  },
];

function running(run: number, words: readonly string[]): Effect {
  return { kind: "run-command", run, command: { kind: "run", path: words[0] ?? "", words } };
}
