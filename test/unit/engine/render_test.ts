/** Every sentence of the engine, as people read it in the log. */
import assert from "node:assert/strict";
import { milliseconds, seconds } from "../../../lib/base/mod.ts";
import { levelOf, renderTell, type Tell } from "../../../lib/engine/mod.ts";
import type { Reason } from "../../../lib/vrrp/mod.ts";
import { ip } from "../../support/plan.ts";
import { test } from "../../support/test.ts";

const source = ip("10.0.0.2");
const refusal = { errno: "EPERM", message: "Operation not permitted" };

const sentences: readonly (readonly [Tell, string, string])[] = [
  [
    { kind: "group-transition", group: "G1", to: "MASTER" },
    "notice",
    "sync group G1: MASTER",
  ],
  [
    { kind: "lower-priority-advert", instance: "VI_1", source, priority: 50, answered: true },
    "debug",
    "VI_1: advert with lower priority 50 from 10.0.0.2, answered",
  ],
  [
    { kind: "lower-priority-advert", instance: "VI_1", source, priority: 50, answered: false },
    "debug",
    "VI_1: advert with lower priority 50 from 10.0.0.2, left out of account",
  ],
  [
    {
      kind: "advert-dropped",
      instance: "VI_1",
      source,
      counter: "checksumErrors",
      detail: "wrong checksum",
    },
    "warning",
    "VI_1: bad advert from 10.0.0.2: wrong checksum (counted as checksumErrors, told once)",
  ],
  [
    { kind: "master-changed", instance: "VI_1", source, priority: 150 },
    "info",
    "VI_1: master is 10.0.0.2 with priority 150",
  ],
  [
    { kind: "preempt-delay-started", instance: "VI_1", source, delay: seconds(20) },
    "notice",
    "VI_1: lower priority master 10.0.0.2 stays for 20 s (preempt_delay)",
  ],
  [
    { kind: "two-owners", instance: "VI_1", source, priority: 254 },
    "error",
    "VI_1: 10.0.0.2 says that it owns the addresses, too (priority 255); " +
    "going on with priority 254",
  ],
  [
    { kind: "packets-lost", interfaceName: "eth0", family: "ipv4", count: 77 },
    "warning",
    "eth0: more adverts over IPv4 arrive than can be read, 77 were lost: a flood, or a node that " +
    "is too slow",
  ],
  [
    { kind: "unknown-vrid", interfaceName: "eth0", vrid: 77 },
    "warning",
    "eth0: adverts for VRID 77, which is not ours",
  ],
  [
    {
      kind: "address-refused",
      operation: "add-address",
      address: source,
      interfaceName: "eth0",
      refusal,
    },
    "error",
    "Cannot add 10.0.0.2 on eth0: Operation not permitted (EPERM)",
  ],
  [
    {
      kind: "address-refused",
      operation: "delete-address",
      address: source,
      interfaceName: "eth0",
      refusal,
    },
    "error",
    "Cannot delete 10.0.0.2 on eth0: Operation not permitted (EPERM)",
  ],
  [
    { kind: "network-refused", operation: "listen", interfaceName: "eth0", refusal },
    "error",
    "Cannot listen on eth0: Operation not permitted (EPERM)",
  ],
  [
    {
      kind: "two-masters",
      instance: "VI_1",
      source,
      priority: 50,
      adverts: 3,
      cause: "not-heard",
    },
    "warning",
    "VI_1: two masters: 10.0.0.2 with priority 50 is master, too (3 adverts); it does not hear " +
    "our adverts: multicast that goes one way (IGMP snooping), or a firewall that drops " +
    "protocol 112",
  ],
  [
    {
      kind: "two-masters",
      instance: "VI_1",
      source,
      priority: 50,
      adverts: 1,
      cause: "split",
    },
    "warning",
    "VI_1: two masters: 10.0.0.2 with priority 50 is master, too (1 advert); the two did not " +
    "hear each other before",
  ],
  [
    {
      kind: "transition",
      instance: "VI_1",
      from: "INIT",
      to: "FAULT",
      reason: { kind: "fault", fault: { kind: "untested", trackers: ["file level"] } },
    },
    "notice",
    "VI_1: INIT → FAULT, waiting for the first result of file level",
  ],
  [
    {
      kind: "transition",
      instance: "VI_1",
      from: "FAULT",
      to: "FAULT",
      reason: { kind: "fault", fault: { kind: "tracked", trackers: ["file level says 1"] } },
    },
    "warning",
    "VI_1: FAULT, tracked file level says 1",
  ],
  [
    { kind: "two-masters-over", instance: "VI_1", source, lasted: milliseconds(2500) },
    "notice",
    "VI_1: 10.0.0.2 is no longer heard as a second master, after 2.5 s",
  ],
  [
    {
      kind: "near-failover",
      instance: "VI_1",
      source,
      silentFor: milliseconds(2900),
      left: milliseconds(700),
      count: 3,
    },
    "warning",
    "VI_1: nearly took over: 10.0.0.2 was not heard for 2.9 s, 700 ms before the end of its time " +
    "(3 such times); adverts are lost, or a node is too slow",
  ],
  [
    { kind: "stalled", lateBy: milliseconds(9800), instances: ["VI_1", "VI_2"] },
    "warning",
    "held up for 9.8 s: VI_1, VI_2 listen before they act",
  ],
  [
    { kind: "leftover-removed", address: source, interfaceName: "eth0" },
    "warning",
    "removed 10.0.0.2 from eth0: left by an earlier run",
  ],
  [
    { kind: "configured", file: "a.conf", reload: false, changes: [] },
    "notice",
    "configuration a.conf is in effect",
  ],
  [
    { kind: "configured", file: "a.conf", reload: true, changes: [] },
    "notice",
    "configuration a.conf reloaded: nothing changed",
  ],
  [
    { kind: "configured", file: "a.conf", reload: true, changes: ["VI_1: one", "VI_2: two"] },
    "notice",
    "configuration a.conf reloaded: VI_1: one; VI_2: two",
  ],
];

for (const [tell, level, sentence] of sentences) {
  test(`a tell of kind ${tell.kind} reads: ${sentence}`, () => {
    assert.equal(renderTell(tell), sentence);
    assert.equal(levelOf(tell), level);
  });
}

const reasons: readonly (readonly [Reason, string])[] = [
  [{ kind: "startup" }, "start"],
  [{ kind: "owner" }, "address owner (priority 255)"],
  [
    { kind: "master-down", master: source, silentFor: milliseconds(3609) },
    "no advert from 10.0.0.2 for 3.61 s",
  ],
  [{ kind: "master-down", silentFor: milliseconds(36) }, "no advert for 36 ms"],
  [{ kind: "master-released", master: source }, "10.0.0.2 gave the role away (priority 0)"],
  [
    { kind: "preempted-lower", master: source, priority: 50 },
    "preempting 10.0.0.2 with lower priority 50",
  ],
  [
    { kind: "higher-priority", source, priority: 200 },
    "advert with higher priority 200 from 10.0.0.2",
  ],
  [
    { kind: "higher-address", source, priority: 100 },
    "advert with equal priority 100 from the higher address 10.0.0.2",
  ],
  [
    { kind: "fault", fault: { kind: "interface-missing", interfaceName: "eth0" } },
    "waiting for interface eth0",
  ],
  [
    { kind: "fault", fault: { kind: "interface-down", interfaceName: "eth0" } },
    "interface eth0 is down",
  ],
  [
    { kind: "fault", fault: { kind: "no-source-address", interfaceName: "eth0" } },
    "interface eth0 has no address to send from",
  ],
  [
    { kind: "fault", fault: { kind: "sync-group", group: "G1", member: "VI_2" } },
    "VI_2 of sync group G1 is in FAULT",
  ],
  [{ kind: "fault-cleared" }, "fault is over"],
  [{ kind: "sync-group", group: "G1", member: "VI_2" }, "VI_2 of sync group G1 changed"],
  [{ kind: "address-deleted", address: source }, "address 10.0.0.2 was deleted by somebody else"],
  [
    { kind: "lease-over", lateBy: milliseconds(9800) },
    "held up for 9.8 s, the lease of its addresses is over",
  ],
  [
    { kind: "stalled", lateBy: milliseconds(9800) },
    "held up for 9.8 s, another one may be master",
  ],
  [{ kind: "reload" }, "configuration reload"],
  [{ kind: "shutdown" }, "shutdown"],
];

for (const [reason, sentence] of reasons) {
  test(`a transition says why: ${sentence}`, () => {
    const tell: Tell = {
      kind: "transition",
      instance: "VI_1",
      from: "BACKUP",
      to: "MASTER",
      reason,
    };
    assert.equal(renderTell(tell), `VI_1: BACKUP → MASTER, ${sentence}`);
    assert.equal(levelOf(tell), "notice");
    assert.equal(levelOf({ ...tell, to: "FAULT" }), "warning");
  });
}
