/**
 * Instances that are alike are recognised by a pattern and share what was found out about the first
 * of them. Nobody may notice: the same text with a blank more after each name, which no pattern
 * takes, must give the same model, the same remarks at the same places and the same tree.
 */
import assert from "node:assert/strict";
import { test } from "../../support/test.ts";
import { seen } from "./seen.ts";

interface Kind {
  readonly from?: number;
  /** Lines before the addresses and after them. */
  readonly before?: string;
  readonly after?: string;
  readonly address?: (index: number) => string;
  readonly vrid?: (index: number) => string;
  readonly name?: (index: number) => string;
}

function instances(count: number, kind: Kind = {}): string {
  const { from = 1, before = "  interface eth0\n", after = "", vrid = String } = kind;
  const { address = (index) => `10.0.${index}.1/24`, name = (index) => `VI_${index}` } = kind;
  return Array.from({ length: count }, (_, offset) => from + offset).map((index) =>
    `vrrp_instance ${name(index)} {\n${before}  virtual_router_id ${vrid(index)}\n` +
    `  virtual_ipaddress {\n    ${address(index)}\n    10.9.0.${index}\n  }\n${after}}\n`
  ).join("");
}

const cases: Readonly<Record<string, string>> = {
  "nothing to say": instances(6),
  "settings before them": "global_defs {\n  vrrp_version 3\n}\n" +
    instances(6, { before: "  interface eth0\n  priority 120\n  advert_int 0.5\n  nopreempt\n" }),
  "strict mode behind them": instances(6, { before: "  state MASTER\n  interface eth0\n" }) +
    "global_defs {\n  vrrp_strict\n}\n",
  "an interval that is rounded": instances(6, {
    before: "  interface eth0\n  advert_int 1.5\n",
  }),
  "an interface that is absent": instances(6, { before: "  interface eth7\n" }),
  "addresses of an absent interface": instances(6, {
    address: (index) => `10.0.${index}.1/24 dev eth7`,
  }),
  "addresses with an interface": instances(6, {
    address: (index) => `10.0.${index}.1/24 dev eth1 label eth1:x`,
  }),
  "macvlans of addresses": instances(6, {
    address: (index) => `10.0.${index}.1/24 dev eth1 use_vmac`,
  }),
  "macvlans": instances(6, { before: "  interface eth0\n  use_vmac\n  vmac_xmit_base\n" }),
  "an address twice": instances(6, {
    address: (index) => index === 5 ? "10.9.0.5/32" : `10.0.${index}.1`,
  }),
  "an address that is none": instances(6, {
    address: (index) => index === 4 ? "10.0.0.999" : `10.0.${index}.1`,
  }),
  "a prefix that is too long": instances(6, { address: (index) => `10.0.${index}.1/3${index}` }),
  "numbers that are none": instances(6, { vrid: (index) => String(253 + index) }),
  "a number twice": instances(6, { vrid: (index) => String(index % 4 + 1) }),
  "a name twice": instances(6, { name: (index) => `VI_${index % 5}` }),
  "IPv6": instances(6, { address: (index) => `2001:db8::${index}/64` }),
  "IPv6 before IPv4": instances(6, { address: (index) => index < 4 ? "10.1.1.1" : "fe80::1/64" }),
  "IPv6 with its family": instances(6, { before: "  interface eth0\n  native_ipv6\n" }),
  "two groups": instances(5, { before: "  interface eth0\n  mcast_dst_ip 224.0.1.1\n" }) +
    instances(5, { from: 6, before: "  interface eth0\n  mcast_dst_ip 224.0.1.2\n" }),
  "every second": Array.from(
    { length: 12 },
    (_, index) => instances(1, { from: index, before: `  interface eth${index % 2}\n` }),
  ).join(""),
  "all different": Array.from(
    { length: 30 },
    (_, index) =>
      instances(1, { from: index, before: `  interface eth0\n  priority ${index + 5}\n` }),
  ).join(""),
  "passwords": instances(6, {
    after: "  authentication {\n    auth_type PASS\n    auth_pass secret\n  }\n",
  }),
  "passwords without effect": "global_defs {\n  vrrp_version 3\n}\n" + instances(6, {
    after: "  authentication {\n    auth_type PASS\n    auth_pass secret\n  }\n",
  }),
  "trackers": "vrrp_script ok {\n  script /bin/true\n}\n" + instances(6, {
    after: "  track_script {\n    ok weight 5\n  }\n  track_interface {\n    eth0\n  }\n",
  }),
  "unknown words": instances(6, { before: "  interface eth0\n  intreface eth1\n" }),
  "scripts and routes": instances(6, {
    after: "  notify /bin/true\n  virtual_routes {\n    10.7.0.0/16 dev eth0\n  }\n",
  }),
  "a sync group": instances(6) + "vrrp_sync_group G {\n  group {\n    VI_3\n    VI_4\n  }\n}\n",
  "no braces": instances(6).replace("  }\n}\nvrrp_instance VI_4", "  }\nvrrp_instance VI_4"),
  "a brace too much": instances(6).replace("vrrp_instance VI_5", "}\nvrrp_instance VI_5"),
  "lines of one host": instances(6).replace("vrrp_instance VI_4", "@node2 vrrp_instance VI_4"),
  "lines in a definition": "$MORE= \\\n" + instances(6),
  "included between": instances(4) + "include more.conf\n" + instances(4, { from: 5 }),
  "comments": instances(6).replaceAll("VI_4 {\n", "VI_4 {\n  # it is needed\n"),
  "tabs": instances(6).replaceAll("  ", "\t"),
  "line ends of another system": instances(6).replaceAll("\n", "\r\n"),
};

for (const [what, text] of Object.entries(cases)) {
  test(`instances that are alike say the same as others: ${what}`, () => {
    const unlike = text.replaceAll(/^(.*vrrp_instance \S+)( \{\r?)$/gm, "$1 $2");
    const more = { "more.conf": instances(3, { from: 40 }) };
    assert.deepEqual(seen(text, more), seen(unlike, more));
  });
}
