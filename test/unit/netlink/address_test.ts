/** Addresses and routes: recorded messages are read, requests are what a kernel accepted. */
import assert from "node:assert/strict";
import { ifIndex, parsePrefix } from "../../../lib/base/mod.ts";
import {
  type AddressRequest,
  decodeAddress,
  encodeAddAddress,
  encodeAddRoute,
  encodeDeleteAddress,
  encodeDeleteRoute,
  encodeDumpAddresses,
  encodeReplaceAddress,
  foreverSeconds,
  protocol,
  scope,
} from "../../../lib/netlink/mod.ts";
import { hex } from "../../support/hex.ts";
import { test } from "../../support/test.ts";
import { onlyMessage } from "./message.ts";
import { ip } from "../wire/vectors.ts";
import * as vectors from "./vectors.ts";

const forever = { preferredLft: foreverSeconds, validLft: foreverSeconds };
const usable = { secondary: false, tentative: false };
const ours = { ifIndex: 2, protocol: protocol.keepalived };

test("decodeAddress reads IPv4 addresses", () => {
  const peer = decodeAddress(onlyMessage(vectors.peerAddress4));
  assert.ok(peer.ok);
  assert.deepEqual(peer.value, {
    ...ours,
    ...usable,
    ...forever,
    family: "ipv4",
    local: ip("10.9.1.1"),
    peer: ip("10.9.1.2"),
    prefixLength: 24,
    scope: scope.link,
    flags: 0x280,
    broadcast: ip("10.9.1.255"),
    label: "br0:vip",
  });
  const leased = decodeAddress(onlyMessage(vectors.leasedAddress4));
  assert.ok(leased.ok);
  assert.deepEqual(leased.value, {
    ...ours,
    ...usable,
    family: "ipv4",
    local: ip("10.9.2.1"),
    prefixLength: 24,
    scope: scope.universe,
    flags: 0,
    label: "br0",
    preferredLft: 1000,
    validLft: 1200,
  });
});

test("decodeAddress reads IPv6 addresses", () => {
  const rows = [
    [vectors.peerAddress6, {
      ...forever,
      local: ip("2001:db8:a::1"),
      peer: ip("2001:db8:a::2"),
      prefixLength: 128,
      flags: 0x82,
    }],
    [vectors.managedAddress6, {
      ...forever,
      local: ip("2001:db8:9::56"),
      prefixLength: 64,
      flags: 0x382,
    }],
    [vectors.deprecatedAddress6, {
      local: ip("2001:db8:9::55"),
      prefixLength: 128,
      flags: 0xb2,
      preferredLft: 0,
      validLft: foreverSeconds,
    }],
    [vectors.tentativeAddress6, {
      ...forever,
      local: ip("fe80::bc34:e5ff:fe5d:738f"),
      prefixLength: 64,
      flags: 0xc0,
      scope: scope.link,
      tentative: true,
      // IFAPROT_KERNEL_LL: the kernel made it by itself.
      protocol: 3,
    }],
  ] as const;
  for (const [bytes, expected] of rows) {
    const address = decodeAddress(onlyMessage(bytes));
    assert.ok(address.ok);
    assert.deepEqual(address.value, {
      ...ours,
      ...usable,
      family: "ipv6",
      scope: scope.universe,
      ...expected,
    });
  }
});

test("decodeAddress takes the eight flag bits of the header where the attribute is missing", () => {
  const payload = hex("02 18 81 00 02000000 0800 0200 0a090201");
  const address = decodeAddress({ ...onlyMessage(vectors.leasedAddress4), payload });
  assert.ok(address.ok);
  assert.deepEqual([address.value.flags, address.value.secondary], [0x81, true]);
  assert.equal(address.value.protocol, undefined);
});

test("decodeAddress refuses other families, truncations and messages without an address", () => {
  const message = onlyMessage(vectors.peerAddress4);
  const rows = [
    ["11 18 00 00 02000000 0800 0200 0a090201", "malformed"],
    ["02 18 00 00 02000000", "malformed"],
    ["02 18 00 00 02000000 0600 0200 0a09 0000", "malformed"],
    ["02 18 00 00 0200", "truncated"],
    ["02 18 00 00 02000000 0800 0200 0a09", "truncated"],
  ] as const;
  for (const [text, kind] of rows) {
    const address = decodeAddress({ ...message, payload: hex(text) });
    assert.equal(address.ok ? "ok" : address.error.kind, kind, text);
  }
});

const request: AddressRequest = {
  ifIndex: ifIndex(2),
  address: ip("10.9.1.1"),
  prefixLength: 24,
  peer: ip("10.9.1.2"),
  broadcast: ip("10.9.1.255"),
  label: "br0:vip",
  scope: scope.link,
  flags: { noprefixroute: true },
};

test("encodeAddAddress makes the octets of an IPv4 address", () => {
  assert.deepEqual(
    encodeAddAddress(request, 7),
    hex(`
      4c000000 1400 0506 07000000 00000000  # RTM_NEWADDR, ack, create, exclusive
      02 18 00 fd 02000000                  # IPv4, /24, scope link
      0800 0200 0a090101                    # IFA_LOCAL
      0800 0100 0a090102                    # IFA_ADDRESS: the peer
      0800 0400 0a0901ff                    # IFA_BROADCAST
      0c00 0300 6272303a76697000            # IFA_LABEL
      0800 0800 00020000                    # IFA_FLAGS: noprefixroute
      0500 0b00 12 000000                   # IFA_PROTO: 18
    `),
  );
});

test("encodeAddAddress makes the octets of a deprecated IPv6 address", () => {
  const address = ip("2001:db8:9::55");
  const flags = { nodad: true, home: true };
  assert.deepEqual(
    encodeAddAddress(
      { ifIndex: ifIndex(2), address, prefixLength: 128, scope: 0, flags, preferredLft: 0 },
      7,
    ),
    hex(`
      64000000 1400 0506 07000000 00000000
      0a 80 12 00 02000000
      1400 0200 20010db8000900000000000000000055
      1400 0100 20010db8000900000000000000000055
      0800 0800 12000000
      1400 0600 00000000 ffffffff 00000000 00000000  # preferred 0 s, valid for ever
      0500 0b00 12 000000
    `),
  );
});

test("what the kernel said of an address is what was asked for", () => {
  const added = decodeAddress(onlyMessage(encodeAddAddress(request, 7)));
  const told = decodeAddress(onlyMessage(vectors.peerAddress4));
  assert.ok(added.ok && told.ok);
  // IFA_F_PERMANENT is the kernel's to set.
  assert.deepEqual({ ...added.value, flags: added.value.flags | 0x80 }, told.value);
});

test("a lease is preferred as long as it is valid, unless it says otherwise", () => {
  const { label: _label, ...plain } = request;
  const address = decodeAddress(onlyMessage(encodeReplaceAddress({ ...plain, validLft: 3 }, 7)));
  assert.ok(address.ok);
  assert.deepEqual([address.value.preferredLft, address.value.validLft], [3, 3]);
  assert.equal(onlyMessage(encodeReplaceAddress(request, 7)).flags, 0x505);
});

test("encodeDeleteAddress says which address, and nothing of what it is like", () => {
  assert.deepEqual(
    encodeDeleteAddress(request, 14),
    hex(`
      34000000 1500 0500 0e000000 00000000
      02 18 00 fd 02000000
      0800 0200 0a090101
      0800 0100 0a090102
      0c00 0300 6272303a76697000
    `),
  );
});

test("encodeDumpAddresses asks for one family or for both", () => {
  const start = "18000000 1600 0103 0c000000 00000000";
  assert.deepEqual(encodeDumpAddresses(12), hex(`${start} 00000000 00000000`));
  assert.deepEqual(encodeDumpAddresses(12, "ipv6"), hex(`${start} 0a000000 00000000`));
});

test("encodeAddRoute makes a default route through a gateway", () => {
  assert.deepEqual(
    encodeAddRoute({ family: "ipv4", gateway: ip("10.9.2.254"), metric: 50 }, 8),
    hex(`
      2c000000 1800 0506 08000000 00000000
      02 00 00 00 fe 12 00 01 00000000      # main table, protocol 18, universe, unicast
      0800 0500 0a0902fe                    # RTA_GATEWAY
      0800 0600 32000000                    # RTA_PRIORITY
    `),
  );
});

test("encodeAddRoute makes a route to a prefix on a link, in a table beyond 255", () => {
  const destination = parsePrefix("10.77.0.0/16");
  assert.ok(destination !== undefined);
  assert.deepEqual(
    encodeAddRoute({
      family: "ipv4",
      destination,
      ifIndex: ifIndex(2),
      source: ip("10.9.2.1"),
      table: 1000,
    }, 8),
    hex(`
      3c000000 1800 0506 08000000 00000000
      02 10 00 00 00 12 fd 01 00000000      # table in the attribute, scope link
      0800 0100 0a4d0000                    # RTA_DST
      0800 0700 0a090201                    # RTA_PREFSRC
      0800 0400 02000000                    # RTA_OIF
      0800 0f00 e8030000                    # RTA_TABLE
    `),
  );
});

test("encodeDeleteRoute leaves scope and maker open", () => {
  assert.deepEqual(
    encodeDeleteRoute({ family: "ipv4", gateway: ip("10.9.2.254"), metric: 50 }, 15),
    hex(`
      2c000000 1900 0500 0f000000 00000000
      02 00 00 00 fe 00 ff 00 00000000
      0800 0500 0a0902fe
      0800 0600 32000000
    `),
  );
});
