/**
 * Words of routes and rules, virtual and static, from a line of a file to what the kernel is asked:
 * every word of the tables changes the request. A word that were ignored would leave it as it was.
 */
import assert from "node:assert/strict";
import { type IfIndex, ifIndex, toHex } from "../../../lib/base/mod.ts";
import { loadConfig } from "../../../lib/config/mod.ts";
import {
  encapIp6Words,
  encapIpWords,
  nexthopWords,
  routeWords,
  ruleWords,
} from "../../../lib/config/keywords/route.ts";
import { encodeAddRoute, encodeAddRule } from "../../../lib/netlink/mod.ts";
import type { HopPlan, InstancePlan, RoutePlan } from "../../../lib/vrrp/mod.ts";
import { test } from "../../support/test.ts";
import { testEnvironment } from "./memory.ts";

/** Where the lines stand: in an instance, or outside of all. */
type Owner = "virtual" | "static";

type Lines = Pick<InstancePlan, "routes" | "rules">;

function load(kind: "routes" | "rules", line: string, owner: Owner = "virtual"): Lines {
  const block = `${owner}_${kind} {\n        ${line}\n    }\n`;
  const text = `
${owner === "static" ? block : ""}
vrrp_instance A {
    interface eth0
    virtual_router_id 1
    virtual_ipaddress { 10.0.0.1 }
    ${owner === "virtual" ? block : ""}
}
`;
  const files = { "test.conf": text, "/etc/iproute2/rt_tables": "# names\n100 blue\n" };
  const { model } = loadConfig("test.conf", { ...testEnvironment(files), interfaces: undefined });
  const [plan] = owner === "static" ? [model?.statics] : model?.instances ?? [];
  assert.ok(plan !== undefined);
  return plan;
}

function hopOf({ device, ...hop }: HopPlan): Omit<HopPlan, "device"> & { ifIndex?: IfIndex } {
  return device === undefined ? hop : { ...hop, ifIndex: ifIndex(device.length) };
}

/** What the kernel and the engine get of a route; nothing when the line was refused. */
function routeAsked(line: string, owner: Owner): string {
  const [plan]: readonly (RoutePlan | undefined)[] = load("routes", line, owner).routes;
  if (plan === undefined) return "refused";
  const request = { ...plan, ...hopOf(plan), hops: plan.hops.map(hopOf) };
  return `${toHex(encodeAddRoute(request, 1, plan.insertion))} ${plan.tracked} ${plan.vrf ?? ""}`;
}

function ruleAsked(line: string, owner: Owner): string {
  const [plan] = load("rules", line, owner).rules;
  return plan === undefined ? "refused" : `${toHex(encodeAddRule(plan, 1))} ${plan.tracked}`;
}

type Sample = readonly [without: string, words: string];

const four = "10.1.0.0/16 dev eth0";
const six = "2001:db8::/32 dev eth0";

/** A line without the word, and the word with its value. */
const routeSamples: Readonly<Record<string, Sample>> = {
  inet: ["default dev eth0 via fe80::1", "inet"],
  inet6: ["default dev eth0", "inet6"],
  src: [four, "src 10.0.0.1"],
  as: [four, "as to"],
  via: [four, "via 10.0.0.2"],
  gw: [four, "gw 10.0.0.2"],
  or: [four, "or 10.0.0.3"],
  from: [six, "from 2001:db8:1::/48"],
  tos: [four, "tos 0x10"],
  dsfield: [four, "dsfield 0x10"],
  table: [four, "table blue"],
  protocol: [`${four} no_track`, "protocol static"],
  scope: [four, "scope link"],
  metric: [four, "metric 5"],
  priority: [four, "priority 5"],
  preference: [four, "preference 5"],
  dev: ["10.1.0.0/16 no_track", "dev eth0"],
  oif: ["10.1.0.0/16 no_track", "oif eth0"],
  onlink: [four, "onlink"],
  encap: [four, "encap mpls 100/200"],
  expires: [six, "expires 60"],
  mtu: [four, "mtu lock 1400"],
  hoplimit: [four, "hoplimit 9"],
  advmss: [four, "advmss 1000"],
  rtt: [four, "rtt 1s"],
  rttvar: [four, "rttvar 1s"],
  reordering: [four, "reordering 4"],
  window: [four, "window 5"],
  cwnd: [four, "cwnd 6"],
  ssthresh: [four, "ssthresh 7"],
  realms: [four, "realms 1/2"],
  rto_min: [four, "rto_min 300ms"],
  initcwnd: [four, "initcwnd 8"],
  initrwnd: [four, "initrwnd 9"],
  features: [four, "features ecn"],
  quickack: [four, "quickack 1"],
  congctl: [four, "congctl reno"],
  pref: [six, "pref low"],
  "ttl-propagate": [four, "ttl-propagate enabled"],
  fastopen_no_cookie: [four, "fastopen_no_cookie 1"],
  add: [four, "add"],
  prepend: [`${four} add`, "prepend"],
  append: [four, "append"],
  vrf: [four, "vrf red"],
  no_track: [four, "no_track"],
  nexthop: [four, "nexthop via 10.0.0.2"],
};

const hop = `${four} nexthop via 10.0.0.2`;
const hopSamples: Readonly<Record<string, Sample>> = {
  via: [`${four} nexthop dev eth0`, "via 10.0.0.2"],
  dev: [hop, "dev eth0"],
  weight: [hop, "weight 5"],
  onlink: [hop, "onlink"],
  encap: [hop, "encap ila 1:2:3:4"],
  realms: [hop, "realms 7"],
  as: [hop, "as to"],
};

const tunnel = `${four} encap ip dst 10.0.0.9`;
const tunnelSamples: Readonly<Record<string, Sample>> = {
  id: [tunnel, "id 5"],
  dst: [`${four} encap ip id 5`, "dst 10.0.0.9"],
  src: [tunnel, "src 10.0.0.8"],
  tos: [tunnel, "tos 0x10"],
  ttl: [tunnel, "ttl 9"],
  flags: [tunnel, "flags 8"],
};

const tunnel6 = `${six} encap ip6 dst 2001:db8::9`;
const tunnel6Samples: Readonly<Record<string, Sample>> = {
  id: [tunnel6, "id 5"],
  dst: [`${six} encap ip6 id 5`, "dst 2001:db8::9"],
  src: [tunnel6, "src 2001:db8::8"],
  tc: [tunnel6, "tc 0x10"],
  hoplimit: [tunnel6, "hoplimit 9"],
  flags: [tunnel6, "flags 8"],
};

const rule = "from 10.1.0.0/16 preference 9 table 100";
const bare = "from 10.1.0.0/16 preference 9";
const ruleSamples: Readonly<Record<string, Sample>> = {
  inet: ["preference 9 nop inet6", "inet"],
  inet6: ["preference 9 nop", "inet6"],
  from: ["preference 9 nop", "from 10.1.0.0/16"],
  to: [rule, "to 10.2.0.0/16"],
  table: [bare, "table blue"],
  lookup: [bare, "lookup 100"],
  not: [rule, "not"],
  preference: ["from 10.1.0.0/16 nop", "preference 9"],
  order: ["from 10.1.0.0/16 nop", "order 9"],
  priority: ["from 10.1.0.0/16 nop", "priority 9"],
  tos: [rule, "tos 0x10"],
  dsfield: [rule, "dsfield 0x10"],
  fwmark: [rule, "fwmark 5/0xff"],
  realms: [rule, "realms 1/2"],
  suppress_prefixlength: [rule, "suppress_prefixlength 8"],
  sup_pl: [rule, "sup_pl 8"],
  suppress_ifgroup: [rule, "suppress_ifgroup 8"],
  sup_group: [rule, "sup_group default"],
  dev: [rule, "dev eth0"],
  iif: [rule, "iif eth0"],
  oif: [rule, "oif eth0"],
  "tunnel-id": [rule, "tunnel-id 18446744073709551615"],
  uidrange: [rule, "uidrange 1-2"],
  l3mdev: [bare, "l3mdev"],
  protocol: [`${rule} no_track`, "protocol 4"],
  ipproto: [rule, "ipproto udp"],
  sport: [rule, "sport 1-2"],
  dport: [rule, "dport 1-2"],
  no_track: [rule, "no_track"],
  goto: [bare, "goto 10"],
  nop: [bare, "nop"],
  blackhole: [bare, "blackhole"],
  unreachable: [bare, "unreachable"],
  prohibit: [bare, "prohibit"],
};

/** The same words behind the next hop of a route. */
function ofHop(given: Readonly<Record<string, Sample>>): Record<string, Sample> {
  return Object.fromEntries(
    Object.entries(given).map(([word, [without, words]]): [string, Sample] => [
      word,
      [without.replace(" encap", " nexthop encap"), words],
    ]),
  );
}

const tables = [
  ["routes", routeWords, routeSamples, routeAsked],
  ["next hops", nexthopWords, hopSamples, routeAsked],
  ["encap ip", encapIpWords, tunnelSamples, routeAsked],
  ["encap ip6", encapIp6Words, tunnel6Samples, routeAsked],
  ["encap ip of a next hop", encapIpWords, ofHop(tunnelSamples), routeAsked],
  ["encap ip6 of a next hop", encapIp6Words, ofHop(tunnel6Samples), routeAsked],
  // `type` stands before an action and says nothing.
  ["rules", ruleWords, { ...ruleSamples, type: [bare, "type nop"] as const }, ruleAsked],
] as const;

for (const [name, table, samples, asked] of tables) {
  for (const owner of ["virtual", "static"] as const) {
    test(`every word of ${owner} ${name} changes what the kernel is asked`, () => {
      assert.deepEqual(Object.keys(samples).sort(), Object.keys(table).sort());
      for (const [word, [without, words]] of Object.entries(samples)) {
        const [told, ignored] = [asked(`${without} ${words}`, owner), asked(without, owner)];
        assert.notEqual(told, ignored, `${word} of ${name}`);
      }
    });
  }
}

test("types of routes are those of the kernel", () => {
  const kinds = [
    "unicast",
    "local",
    "broadcast",
    "anycast",
    "multicast",
    "blackhole",
    "unreachable",
  ];
  for (const [index, kind] of kinds.entries()) {
    const [plan] = load("routes", `${kind} 10.1.0.0/16 no_track`).routes;
    assert.ok(plan !== undefined);
    assert.equal(encodeAddRoute(plan, 1)[16 + 7], index + 1, kind);
  }
});

test("a rule without a preference gets one from 16384 downwards, each family by itself", () => {
  const { rules } = load("rules", "from 10.1.0.0/16 nop\nto 2001:db8::/32 nop\nto 10.2.0.0/16 nop");
  assert.deepEqual(rules.map(({ preference }) => preference), [16_384, 16_384, 16_383]);
});
