/**
 * The parts of the Linux host that need no kernel: the list of held addresses, the capabilities,
 * the mappings of the executable, the rehearsal.
 */
import assert from "node:assert/strict";
import { parseIp } from "../../../lib/base/mod.ts";
import { missingCapabilities } from "../../../lib/host/linux/capability.ts";
import { type HeldAddress, parseHeld, renderHeld } from "../../../lib/host/linux/held_file.ts";
import { plainTell } from "../../../lib/host/linux/plain_tell.ts";
import { rehearseFailover } from "../../../lib/host/linux/rehearsal.ts";
import { codeOf } from "../../../lib/host/linux/start_pages.ts";
import { seconds } from "../../../lib/base/mod.ts";
import { test } from "../../support/test.ts";

function held(address: string, prefixLength: number, peer?: string): HeldAddress {
  const own = parseIp(address);
  const other = peer === undefined ? undefined : parseIp(peer);
  assert.ok(own !== undefined);
  const rest = other === undefined ? {} : { peer: other };
  return { interfaceName: "eth0", address: own, prefixLength, ...rest };
}

test("a held address is written in the words of ip -batch and read back", () => {
  const plain = held("10.0.0.100", 24);
  assert.equal(renderHeld(plain), "address del 10.0.0.100/24 dev eth0\n");
  for (const address of [plain, held("2001:db8::1", 64), held("10.0.0.1", 32, "10.0.0.2")]) {
    assert.deepEqual(parseHeld(renderHeld(address).trimEnd()), address);
  }
});

test("a torn line of the held addresses is no address", () => {
  const line = renderHeld(held("10.0.0.100", 24)).trimEnd();
  for (let length = 0; length < line.length - "eth0".length; length++) {
    assert.equal(parseHeld(line.slice(0, length)), undefined);
  }
});

test("an ordinary user is told which capabilities are missing and what for", () => {
  assert.equal(missingCapabilities("CapEff:\t000001ffffffffff\n").length, 0);
  assert.match(missingCapabilities("CapEff:\t0000000000000000\n").join(), /NET_ADMIN.*NET_RAW/);
  const [only = "", ...others] = missingCapabilities("CapEff:\t0000000000001000\n");
  assert.match(only, /^CAP_NET_RAW \(to send and receive VRRP packets\)$/);
  assert.deepEqual(others, []);
});

test("only the code of the executable itself is given back", () => {
  const maps = [
    "00200000-01a39000 r--p 00000000 fe:00 21 /opt/my standin",
    "01a40000-01a42000 r-xp 01838000 fe:00 21 /opt/my standin",
    "7f0000000000-7f0000001000 r-xp 00000000 fe:00 22 /lib/libc.so.6",
    "7f1000000000-7f1000001000 rw-p 00000000 00:00 0",
  ].join("\n");
  assert.deepEqual(codeOf(maps, "/opt/my standin"), [[0x01a40000, 0x2000]]);
});

test("a failover can be rehearsed without touching anything", () => {
  rehearseFailover("ipv4");
  rehearseFailover("ipv6");
});

test("a tell in a JSON log has addresses as text and durations with their unit", () => {
  const master = parseIp("10.0.0.1");
  assert.ok(master !== undefined);
  const plain = plainTell({
    kind: "transition",
    instance: "VI_1",
    from: "BACKUP",
    to: "MASTER",
    reason: { kind: "master-down", master, silentFor: seconds(3.61) },
  });
  assert.deepEqual(plain, {
    event: "transition",
    instance: "VI_1",
    from: "BACKUP",
    to: "MASTER",
    reason: { kind: "master-down", master: "10.0.0.1", silentForMs: 3610 },
  });
});
