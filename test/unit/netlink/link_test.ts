/** Links: recorded messages are read, and requests have the octets that a kernel accepted. */
import assert from "node:assert/strict";
import { ifIndex } from "../../../lib/base/mod.ts";
import {
  addressFamily,
  decodeLink,
  encodeCreateLink,
  encodeDeleteLink,
  encodeDumpLinks,
  encodeGetLink,
  encodeSetLink,
  macvlanMode,
} from "../../../lib/netlink/mod.ts";
import { hex } from "../../support/hex.ts";
import { test } from "../../support/test.ts";
import { onlyMessage } from "./message.ts";
import { mac } from "../wire/vectors.ts";
import { macvlanLink, vethLink } from "./vectors.ts";

test("decodeLink reads a veth end that is a port of a bridge", () => {
  const link = decodeLink(onlyMessage(vethLink));
  assert.ok(link.ok);
  assert.deepEqual(link.value, {
    family: 0,
    ifIndex: 3,
    name: "dee0",
    mac: mac("02:00:00:00:00:01"),
    mtu: 1500,
    flags: 0x1003,
    up: true,
    running: false,
    loopback: false,
    operState: "down",
    kind: "veth",
    master: 2,
    group: 0,
    linkIndex: 3,
    netnsId: 0,
  });
});

test("decodeLink reads a macvlan and its mode", () => {
  const link = decodeLink(onlyMessage(macvlanLink));
  assert.ok(link.ok);
  assert.deepEqual(link.value, {
    family: 0,
    ifIndex: 4,
    name: "vrrp.51",
    mac: mac("00:00:5e:00:01:33"),
    mtu: 1500,
    flags: 0x1002,
    up: false,
    running: false,
    loopback: false,
    operState: "down",
    kind: "macvlan",
    macvlanMode: macvlanMode.private,
    group: 0,
    linkIndex: 2,
  });
});

test("decodeLink reads a loopback, which has no Ethernet address", () => {
  const link = decodeLink({
    ...onlyMessage(vethLink),
    payload: hex(`
      00 00 0403 01000000 49000100 00000000  # ARPHRD_LOOPBACK, index 1, up, running, lower up
      0700 0300 6c6f00 00
      0800 0400 00000100
      0a00 0100 000000000000 0000
    `),
  });
  assert.ok(link.ok);
  const { name, mtu, up, running, loopback, operState } = link.value;
  assert.deepEqual({ name, mtu, up, running, loopback, operState, mac: link.value.mac }, {
    name: "lo",
    mtu: 65536,
    up: true,
    running: true,
    loopback: true,
    operState: "unknown",
    mac: undefined,
  });
});

test("a message about membership in a bridge says so by its family", () => {
  const payload = hex("07 00 0100 03000000 03100000 00000000 0900 0300 6465653000 000000");
  const link = decodeLink({ ...onlyMessage(vethLink), type: 17, payload });
  assert.ok(link.ok);
  assert.equal(link.value.family, addressFamily.bridge);
});

test("decodeLink refuses every truncation inside its header or an attribute", () => {
  const message = onlyMessage(vethLink);
  for (let length = 0; length < 16 + 9; length++) {
    const link = decodeLink({ ...message, payload: message.payload.subarray(0, length) });
    assert.ok(!link.ok, `${length} octets`);
  }
  for (let length = 16 + 9; length < message.payload.length; length++) {
    const link = decodeLink({ ...message, payload: message.payload.subarray(0, length) });
    assert.ok(!link.ok || link.value.name === "dee0", `${length} octets`);
  }
});

test("a link without a name is malformed", () => {
  const link = decodeLink({ ...onlyMessage(vethLink), payload: new Uint8Array(16) });
  assert.equal(link.ok ? "ok" : link.error.kind, "malformed");
});

test("requests for links ask for no counters", () => {
  assert.deepEqual(
    encodeDumpLinks(10),
    hex(`
      28000000 1200 0103 0a000000 00000000  # RTM_GETLINK, request and dump
      00000000000000000000000000000000
      0800 1d00 08000000                    # IFLA_EXT_MASK: skip statistics
    `),
  );
  const get = onlyMessage(encodeGetLink("vrrp.51", 13));
  assert.deepEqual([get.type, get.flags], [18, 1]);
  assert.deepEqual(get.payload.subarray(-12), hex("0c00 0300 767272702e353100"));
});

test("encodeCreateLink makes a veth pair whose other end lives elsewhere", () => {
  const request = encodeCreateLink({
    kind: "veth",
    name: "v0",
    mac: mac("02:00:00:00:00:01"),
    up: true,
    peer: { name: "v1", mac: mac("02:00:00:00:00:02"), netnsFd: 9 },
  }, 3);
  assert.deepEqual(
    request,
    hex(`
      78000000 1000 0506 03000000 00000000            # RTM_NEWLINK, ack, create, exclusive
      00 00 0000 00000000 01000000 01000000           # up
      0700 0300 763000 00                             # IFLA_IFNAME
      0a00 0100 020000000001 0000                     # IFLA_ADDRESS
      4400 1280                                       # IFLA_LINKINFO
        0900 0100 7665746800 000000                   # IFLA_INFO_KIND
        3400 0280                                     # IFLA_INFO_DATA
          3000 0180 00000000000000000000000000000000  # VETH_INFO_PEER
            0700 0300 763100 00
            0a00 0100 020000000002 0000
            0800 1c00 09000000                        # IFLA_NET_NS_FD
    `),
  );
});

test("encodeCreateLink makes a macvlan, private unless told otherwise", () => {
  const request = {
    kind: "macvlan",
    name: "vrrp.51",
    link: ifIndex(2),
    mac: mac("00:00:5e:00:01:33"),
  } as const;
  assert.deepEqual(
    encodeCreateLink(request, 4),
    hex(`
      5c000000 1000 0506 04000000 00000000
      00000000000000000000000000000000
      0c00 0300 767272702e353100
      0a00 0100 00005e000133 0000
      0800 0500 02000000               # IFLA_LINK
      1c00 1280
        0c00 0100 6d6163766c616e00     # macvlan
        0c00 0280 0800 0100 01000000   # IFLA_MACVLAN_MODE: private
    `),
  );
  const bridge = encodeCreateLink({ ...request, mode: "bridge" }, 4);
  assert.deepEqual(bridge.subarray(-4), hex("04000000"));
});

test("encodeSetLink writes the device group and that no link-local address is made", () => {
  const group = encodeSetLink({ ifIndex: ifIndex(3), group: 7 }, 1);
  assert.deepEqual(group.subarray(32), hex("0800 1b00 07000000"));
  const mode = encodeSetLink({ ifIndex: ifIndex(3), withoutLinkLocal: true }, 1);
  assert.deepEqual(mode.subarray(32), hex("1000 1a80 0c00 0a80 0500 0800 01000000"));
});

test("encodeCreateLink writes what each other kind needs", () => {
  const link = ifIndex(7);
  const rows = [
    [{ kind: "bridge", name: "x" }, "0b00 0100 62726964676500 00 0400 0280"],
    [{ kind: "dummy", name: "x" }, "0a00 0100 64756d6d7900 0000 0400 0280"],
    [{ kind: "vlan", name: "x", link, vlanId: 5 }, "0c00 0280 0600 0100 0500 0000"],
    [{ kind: "ipvlan", name: "x", link, mode: "l3" }, "0c00 0280 0600 0100 0100 0000"],
    [
      { kind: "ipvlan", name: "x", link, flag: "private" },
      "1400 0280 0600 0100 0000 0000 0600 0200 0100 0000",
    ],
    [{ kind: "vrf", name: "x", table: 100 }, "0c00 0280 0800 0100 64000000"],
  ] as const;
  for (const [request, end] of rows) {
    const octets = hex(end);
    const bytes = encodeCreateLink(request, 1);
    assert.deepEqual(bytes.subarray(-octets.length), octets, request.kind);
  }
});

test("encodeSetLink names only what changes", () => {
  assert.deepEqual(
    encodeSetLink({ ifIndex: ifIndex(3), up: true, master: ifIndex(2), name: "dee0" }, 6),
    hex(`
      34000000 1000 0500 06000000 00000000
      00 00 0000 03000000 01000000 01000000
      0900 0300 6465653000 000000
      0800 0a00 02000000
    `),
  );
  const down = onlyMessage(encodeSetLink({ ifIndex: ifIndex(3), up: false }, 6));
  assert.deepEqual(down.payload, hex("00000000 03000000 00000000 01000000"));
  const leave = onlyMessage(encodeSetLink({ ifIndex: ifIndex(3), master: 0 }, 6));
  assert.deepEqual(leave.payload, hex("00000000 03000000 00000000 00000000 08000a00 00000000"));
});

test("encodeDeleteLink names the link by its index", () => {
  assert.deepEqual(
    encodeDeleteLink(ifIndex(4), 16),
    hex("20000000 1100 0500 10000000 00000000 00000000 04000000 00000000 00000000"),
  );
});

test("a name that is too long is a mistake of ours", () => {
  assert.throws(() => encodeCreateLink({ kind: "bridge", name: "a".repeat(16) }, 1));
});
