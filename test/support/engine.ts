/**
 * An engine without a host, for tests of single steps: one interface, one virtual router that
 * listens to a master at 10.0.0.2, or fe80::2.
 */
import assert from "node:assert/strict";
import { type IfIndex, ifIndex, type Instant, instant } from "../../lib/base/mod.ts";
import type { Model } from "../../lib/config/mod.ts";
import {
  Engine,
  type EngineEvent,
  type InstanceStatus,
  type NodeFacts,
} from "../../lib/engine/mod.ts";
import { advertPdu, ends, ipv4Packet } from "./advert.ts";
import { configuration, eth0, ip, mac, prefix, router, type RouterWords } from "./plan.ts";

/** Facts in which an instant is written as its microseconds. */
export const facts: NodeFacts = { version: "1.2.3", pid: 4711, isoTime: (at) => `t${at}` };

/** What a node without configuration knows: one interface with two addresses. */
export function oneInterface(): EngineEvent {
  const plain = { ifIndex: eth0, secondary: false, tentative: false };
  return {
    kind: "kernel-tables",
    links: [{
      ifIndex: eth0,
      name: "eth0",
      mac: mac("02:00:00:00:00:01"),
      mtu: 1500,
      up: true,
      loopback: false,
      forwardsIpv6: true,
    }],
    addresses: [{ ...plain, ...prefix("10.0.0.1/24") }, { ...plain, ...prefix("fe80::1/64") }],
  };
}

/** The event of a configuration. */
export function configure(model: Model): EngineEvent {
  return { kind: "configure", model, file: "standin.conf", changes: [] };
}

/** An engine whose one router is BACKUP and has heard its master at 100 µs. */
export function backupEngine(
  words: RouterWords = {},
  global: Partial<Model["global"]> = {},
): Engine {
  const engine = new Engine(instant(0));
  engine.step(oneInterface(), instant(0));
  engine.step(configure(configuration([router(words)], {}, global)), instant(0));
  const { family = "ipv4", version = 3 } = words;
  const pdu = advertPdu({ family, version });
  const packet = family === "ipv4" ? { ifIndex: eth0, family, bytes: ipv4Packet(pdu) } : {
    ifIndex: eth0,
    family,
    bytes: pdu,
    source: ip(ends.ipv6.source),
    destination: ip(ends.ipv6.destination),
    hopLimit: 255,
  };
  engine.step({ kind: "packet", packet }, instant(100));
  assert.equal(engine.snapshot(facts).instances[0]?.counters.advertReceived, 1);
  return engine;
}

/** An interface on which the engine has no router. */
export const otherInterface: IfIndex = ifIndex(7);

/** What can be seen of an engine: its router without counters, all counters, the next deadline. */
export function describe(engine: Engine): {
  instance: Omit<InstanceStatus, "counters"> | undefined;
  counters: Readonly<Record<string, number>>;
  deadline: Instant;
} {
  const { instances: [first], unmatchedPackets } = engine.snapshot(facts);
  if (first === undefined) {
    return {
      instance: undefined,
      counters: { ...unmatchedPackets },
      deadline: engine.nextDeadline(),
    };
  }
  const { counters, ...instance } = first;
  return {
    instance,
    counters: { ...counters, ...unmatchedPackets },
    deadline: engine.nextDeadline(),
  };
}
