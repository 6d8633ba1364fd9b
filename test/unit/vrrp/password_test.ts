/**
 * The simple text password of version 2: what is sent carries it, what comes with another one or
 * without is dropped and counted. The octets are those of a packet that keepalived 2.2.7 sent.
 */
import assert from "node:assert/strict";
import { instant, type IpAddress, priority } from "../../../lib/base/mod.ts";
import {
  type CounterName,
  type InstancePlan,
  newAdvertCache,
  newInstance,
  receiveAdvert,
} from "../../../lib/vrrp/mod.ts";
import { vrrpMulticast4 } from "../../../lib/wire/mod.ts";
import { hex } from "../../support/hex.ts";
import { advertOf, ip, router } from "../../support/plan.ts";
import { test } from "../../support/test.ts";

const source: IpAddress = ip("10.0.0.1");

/** The first 8 octets of "secret12", or the padded form of a shorter one. */
function octets(password: string): Uint8Array {
  const padded = new Uint8Array(8);
  padded.set(new TextEncoder().encode(password).subarray(0, 8));
  return padded;
}

function plan(password?: string): InstancePlan {
  const words = { version: 2, id: 51, priority: 150, vips: ["10.0.0.100/24"] } as const;
  return router(password === undefined ? words : { ...words, password: octets(password) });
}

function sentBy(own: InstancePlan): Uint8Array {
  const level = priority(150);
  assert.ok(level.ok);
  return advertOf(newAdvertCache(), own, source, level.value).slice(20);
}

/** The counter that grew when a router with `own` heard what one with `other` sent. */
function heard(own: InstancePlan, other: InstancePlan): CounterName | "advert" {
  const verdict = receiveAdvert(newInstance(own, instant(0)), {
    family: "ipv4",
    source,
    destination: vrrpMulticast4,
    ttl: 255,
    protocol: 112,
    payload: sentBy(other),
  });
  return verdict.kind === "dropped" ? verdict.counter : "advert";
}

test("an advert carries the password behind its addresses and covers it by its checksum", () => {
  const expected = hex(`
    21 33 96 01  # version 2, type 1, VRID 51, priority 150, one address
    01 01 db 03  # simple text password, 1 second, checksum
    0a 00 00 64  # 10.0.0.100
    31 31 31 31 00 00 00 00  # "1111"
  `);
  assert.deepEqual(sentBy(plan("1111")), expected);
});

test("routers with the same password hear each other", () => {
  assert.equal(heard(plan("1111"), plan("1111")), "advert");
});

test("a wrong password is an authentication failure, wherever it differs", () => {
  for (const wrong of ["1112", "2111", "111", "11111", "1111\u0001"]) {
    assert.equal(heard(plan("1111"), plan(wrong)), "authFailure", wrong);
  }
});

test("a password where none is expected, and none where one is, is a type mismatch", () => {
  assert.equal(heard(plan(), plan("1111")), "authTypeMismatch");
  assert.equal(heard(plan("1111"), plan()), "authTypeMismatch");
});
