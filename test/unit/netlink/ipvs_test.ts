/** IPVS over generic netlink: requests have the octets of linux/ip_vs.h, and dumps are read. */
import assert from "node:assert/strict";
import {
  decodeDestination,
  decodeDestinationCounters,
  decodeFamily,
  decodeIpvsInfo,
  decodeIpvsTimeouts,
  decodeService,
  decodeServiceCounters,
  encodeDestination,
  encodeDumpServices,
  encodeGetFamily,
  encodeGetIpvsInfo,
  encodeGetIpvsTimeouts,
  encodeIpvsFlush,
  encodeIpvsTimeouts,
  encodeService,
  encodeStartSync,
  encodeStopSync,
  type IpvsDestination,
  type IpvsService,
  type IpvsServiceId,
  type NetlinkMessage,
} from "../../../lib/netlink/mod.ts";
import { hex } from "../../support/hex.ts";
import { test } from "../../support/test.ts";
import { ip } from "../wire/vectors.ts";
import { onlyMessage } from "./message.ts";

const request = { family: 0x1c, sequence: 5 };

const web: IpvsServiceId = { kind: "address", protocol: 6, address: ip("10.77.0.100"), port: 80 };

const service: IpvsService = {
  id: web,
  scheduler: "wrr",
  flags: 1,
  timeoutSeconds: 120,
  netmask: 0xffff_ff00,
};

const destination: IpvsDestination = {
  address: ip("10.77.0.11"),
  port: 8080,
  method: 0,
  weight: 3,
  upperThreshold: 100,
  lowerThreshold: 10,
};

test("the number of a family is asked for by its name, and read", () => {
  assert.deepEqual(
    encodeGetFamily("IPVS", 1),
    hex("20000000 1000 0100 01000000 00000000  03010000  0900 0200 4950565300 000000"),
  );
  const answer = hex("1c000000 1000 0000 01000000 00000000  01020000  0600 0100 1c00 0000");
  assert.deepEqual(decodeFamily(onlyMessage(answer)), { ok: true, value: 0x1c });
  const without = hex("14000000 1000 0000 01000000 00000000  01020000");
  assert.equal(decodeFamily(onlyMessage(without)).ok, false);
});

test("a service is added with its scheduler, flags with their mask, timeout and netmask", () => {
  assert.deepEqual(
    encodeService("newService", service, request),
    hex(`68000000 1c00 0500 05000000 00000000  01010000  5400 0180
      0600 0100 0200 0000  0600 0200 0600 0000
      1400 0300 0a4d0064 00000000 00000000 00000000  0600 0400 0050 0000
      0800 0600 77727200  0c00 0700 01000000 ffffffff
      0800 0800 78000000  0800 0900 ffffff00`),
  );
});

test("to delete a service it is named, and no more", () => {
  const id: IpvsServiceId = { kind: "mark", mark: 7, family: "ipv6" };
  assert.deepEqual(
    encodeService("deleteService", { ...service, id }, request),
    hex(`28000000 1c00 0500 05000000 00000000  03010000  1400 0180
      0600 0100 0a00 0000  0800 0500 07000000`),
  );
});

test("a destination in a tunnel is added", () => {
  const tunnel = { type: 1, port: 6080, flags: 1 };
  const id: IpvsServiceId = { kind: "mark", mark: 7, family: "ipv4" };
  assert.deepEqual(
    encodeDestination("newDestination", id, { ...destination, method: 2, tunnel }, request),
    hex(`88000000 1c00 0500 05000000 00000000  05010000
      1400 0180  0600 0100 0200 0000  0800 0500 07000000
      6000 0280  1400 0100 0a4d000b 00000000 00000000 00000000  0600 0200 1f90 0000
      0600 0b00 0200 0000  0800 0300 02000000  0800 0400 03000000
      0800 0500 64000000  0800 0600 0a000000
      0500 0d00 01 000000  0600 0e00 17c0 0000  0600 0f00 0100 0000`),
  );
});

test("what was written is read again", () => {
  const prefixed: IpvsService = {
    id: { kind: "address", protocol: 17, address: ip("2001:db8::1"), port: 53 },
    scheduler: "sh",
    flags: 0x1d,
    timeoutSeconds: 360,
    netmask: 64,
    engine: "sip",
  };
  for (const one of [service, prefixed]) {
    assert.deepEqual(decodeService(onlyMessage(encodeService("setService", one, request))), {
      ok: true,
      value: one,
    });
  }
  const tunnel = { type: 2, port: 0, flags: 1 };
  for (const one of [destination, { ...destination, method: 2, tunnel }]) {
    const message = onlyMessage(encodeDestination("setDestination", web, one, request));
    assert.deepEqual(decodeDestination(message, web), { ok: true, value: one });
  }
});

test("the kernel's own flag of a service is left out", () => {
  const message = onlyMessage(encodeService("newService", { ...service, flags: 3 }, request));
  const read = decodeService(message);
  assert.ok(read.ok);
  assert.equal(read.value.flags, 1);
});

test("dumps and the version are asked for", () => {
  assert.deepEqual(
    encodeDumpServices(request),
    hex("14000000 1c00 0103 05000000 00000000  04010000"),
  );
  assert.deepEqual(
    encodeGetIpvsInfo(request),
    hex("14000000 1c00 0100 05000000 00000000  0f010000"),
  );
  const answer = hex("1c000000 1c00 0000 05000000 00000000  0f010000  0800 0100 01020100");
  assert.deepEqual(decodeIpvsInfo(onlyMessage(answer)), { ok: true, value: 0x010201 });
});

test("everything is asked to go, and timeouts are set and read", () => {
  assert.deepEqual(
    encodeIpvsFlush(request),
    hex("14000000 1c00 0500 05000000 00000000  11010000"),
  );
  assert.deepEqual(
    encodeIpvsTimeouts({ tcp: 100, tcpFin: 20, udp: 50 }, request),
    hex(`2c000000 1c00 0500 05000000 00000000  0c010000
      0800 0400 64000000  0800 0500 14000000  0800 0600 32000000`),
  );
  assert.deepEqual(
    encodeIpvsTimeouts({ udp: 50 }, request),
    hex("1c000000 1c00 0500 05000000 00000000  0c010000  0800 0600 32000000"),
  );
  assert.deepEqual(
    encodeGetIpvsTimeouts(request),
    hex("14000000 1c00 0100 05000000 00000000  0d010000"),
  );
  const answer = onlyMessage(encodeIpvsTimeouts({ tcp: 900, tcpFin: 120, udp: 300 }, request));
  assert.deepEqual(decodeIpvsTimeouts(answer), {
    ok: true,
    value: { tcp: 900, tcpFin: 120, udp: 300 },
  });
});

test("a sync daemon is started with all that is said of it, and stopped by its role", () => {
  const daemon = {
    interfaceName: "eth0",
    id: 7,
    maxLength: 1000,
    port: 8888,
    ttl: 3,
    group: ip("224.0.0.99"),
  };
  assert.deepEqual(
    encodeStartSync("backup", daemon, request),
    hex(`54000000 1c00 0500 05000000 00000000  09010000  4000 0380
      0800 0100 02000000  0900 0200 6574683000 000000  0800 0300 07000000
      0600 0400 e803 0000  0800 0500 e0000063  0600 0700 b822 0000  0500 0800 03 000000`),
  );
  assert.deepEqual(
    encodeStopSync("master", request),
    hex("20000000 1c00 0500 05000000 00000000  0a010000  0c00 0380 0800 0100 01000000"),
  );
});

test("counters of services and destinations are read, the wide ones first", () => {
  const message = (inside: string): NetlinkMessage => onlyMessage(hex(inside));
  const wide = message(`58000000 1c00 0200 05000000 00000000  01010000  4400 0180
    4000 0c80  0c00 0100 0700000000000000  0c00 0200 0000000001000000
    0c00 0300 0900000000000000  0c00 0400 0a00000000000000  0c00 0500 0b00000000000000`);
  const counters = {
    connections: 7,
    inPackets: 0x1_0000_0000,
    outPackets: 9,
    inBytes: 10,
    outBytes: 11,
  };
  assert.deepEqual(decodeServiceCounters(wide), counters);
  const old = message(`34000000 1c00 0200 05000000 00000000  05010000  2000 0280
    0800 0700 02000000  0800 0800 03000000  0c00 0a80 0800 0100 07000000`);
  assert.deepEqual(decodeDestinationCounters(old), {
    connections: 7,
    inPackets: 0,
    outPackets: 0,
    inBytes: 0,
    outBytes: 0,
    activeConnections: 2,
    inactiveConnections: 3,
  });
  assert.equal(
    decodeServiceCounters(onlyMessage(encodeService("newService", service, request))),
    undefined,
  );
});

test("what is cut short is no service", () => {
  const whole = onlyMessage(encodeService("newService", service, request));
  for (const length of [0, 4, 12, 40]) {
    const message = { ...whole, payload: whole.payload.subarray(0, length) };
    assert.equal(decodeService(message).ok, false);
    assert.equal(decodeDestination(message, web).ok, false);
  }
});
