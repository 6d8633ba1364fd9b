/**
 * Words of addresses, virtual, excluded and static, from a line of a file to what the kernel is
 * asked: every word of the tables changes the request, its interface, or what becomes of it when
 * somebody else deletes it. A word that were ignored would leave all of that as it was.
 */
import assert from "node:assert/strict";
import { ifIndex, toHex } from "../../../lib/base/mod.ts";
import { loadConfig } from "../../../lib/config/mod.ts";
import { addressWords, staticAddressWords } from "../../../lib/config/keywords/address.ts";
import { toAddressRequest } from "../../../lib/host/linux/address_request.ts";
import { encodeAddAddress } from "../../../lib/netlink/mod.ts";
import type { AddressPlan } from "../../../lib/vrrp/mod.ts";
import { test } from "../../support/test.ts";
import { testEnvironment } from "./memory.ts";

const blocks = ["virtual_ipaddress", "virtual_ipaddress_excluded", "static_ipaddress"] as const;
type Block = typeof blocks[number];

function planOf(line: string, block: Block): AddressPlan | undefined {
  const body = `${block} {\n${line}\n}\n`;
  const vip = line.includes(":") && !line.includes("label") ? "fe80::1/64" : "10.9.9.9/24";
  const text = `global_defs {\ndefault_interface eth0\n}\n` +
    "track_group T {\ngroup {\nA\n}\n}\n" +
    (block === "static_ipaddress" ? body : "") +
    "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nversion 3\n" +
    (block === "virtual_ipaddress" ? "" : `virtual_ipaddress {\n${vip}\n}\n`) +
    `${block === "static_ipaddress" ? "" : body}}\n`;
  const { model } = loadConfig("f", testEnvironment({ f: text }));
  const [plan] = model?.instances ?? [];
  assert.ok(model !== undefined && plan !== undefined);
  if (block === "static_ipaddress") return model.statics.addresses[0];
  return block === "virtual_ipaddress" ? plan.addresses[0] : plan.excludedAddresses[0];
}

/** What the kernel and the engine get of an address. */
function asked(line: string, block: Block): string {
  const plan = planOf(line, block);
  if (plan === undefined) return "refused";
  const { device, tracked, virtualLink, trackGroup } = plan;
  const octets = toHex(encodeAddAddress(toAddressRequest(ifIndex(2), plan), 1));
  return [octets, device, tracked, virtualLink?.kind, trackGroup].join(" ");
}

type Sample = readonly [without: string, words: string];

const four = "10.1.0.1/24";
const six = "2001:db8::1/64";

/** A line without the word, and the word with its value. */
const samples: Readonly<Record<string, Sample>> = {
  dev: [four, "dev eth1"],
  scope: [four, "scope link"],
  broadcast: [four, "broadcast 10.1.0.255"],
  brd: [four, "brd +"],
  label: [four, "label eth0:1"],
  peer: ["10.1.0.1", "peer 10.1.0.2/32"],
  preferred_lft: [six, "preferred_lft 60"],
  "-nodad": [six, "-nodad"],
  home: [six, "home"],
  mngtmpaddr: [six, "mngtmpaddr"],
  noprefixroute: [six, "noprefixroute"],
  autojoin: [four, "autojoin"],
  no_track: [four, "no_track"],
  use_vmac: [`${four} dev eth1`, "use_vmac"],
};

for (const block of blocks) {
  test(`every word of ${block} changes what the kernel is asked`, () => {
    const isStatic = block === "static_ipaddress";
    const table = isStatic ? staticAddressWords : addressWords;
    const { use_vmac: vmac, ...shared } = samples;
    const all: Readonly<Record<string, Sample | undefined>> = isStatic
      ? { ...shared, track_group: [four, "track_group T"] }
      : { ...shared, use_vmac: vmac };
    assert.deepEqual(Object.keys(all).sort(), Object.keys(table).sort());
    for (const [word, sample] of Object.entries(all)) {
      assert.ok(sample !== undefined);
      const [without, words] = sample;
      assert.notEqual(asked(`${without} ${words}`, block), asked(without, block), word);
    }
  });
}

test("every name of a scope is a number of the kernel", () => {
  const numbers = { global: 0, site: 200, link: 253, host: 254, nowhere: 255, "7": 7 };
  for (const [name, number] of Object.entries(numbers)) {
    assert.equal(planOf(`${four} scope ${name}`, "virtual_ipaddress")?.scope, number, name);
  }
});

test("a lease ends an address, and one that is deprecated stays so", () => {
  const lifetimes = (line: string, lease?: number): unknown[] => {
    const plan = planOf(line, "virtual_ipaddress");
    if (plan === undefined) return [];
    const { preferredLft, validLft } = toAddressRequest(ifIndex(2), plan, lease);
    return [preferredLft, validLft];
  };
  assert.deepEqual(lifetimes(four), [undefined, undefined]);
  assert.deepEqual(lifetimes(four, 10), [10, 10]);
  // keepalived: an address of a single host is deprecated, so that nothing is sent from it.
  assert.deepEqual(lifetimes("2001:db8::1/128"), [0, undefined]);
  assert.deepEqual(lifetimes("2001:db8::1/128", 10), [0, 10]);
  assert.deepEqual(lifetimes(`${six} preferred_lft 60`, 10), [10, 10]);
});
