/**
 * The firewall in the words of nft: what stays is not written again, what comes and goes is written
 * as elements, and everything that belongs together is one text.
 */
import assert from "node:assert/strict";
import type { FirewallState, FirewallTable } from "../../../lib/engine/mod.ts";
import { ifIndex } from "../../../lib/base/mod.ts";
import { renderFirewall } from "../../../lib/host/linux/firewall_text.ts";
import { test } from "../../support/test.ts";

const empty: FirewallTable = {
  drops: false,
  addresses: [],
  byIndex: [],
  byName: [],
  macvlans: [],
  baseAddresses: [],
};

function state(
  ipv4: Partial<FirewallTable> | undefined,
  ipv6?: Partial<FirewallTable>,
): FirewallState {
  return {
    table: "keepalived",
    priority: -1,
    ipv4: ipv4 === undefined ? undefined : { ...empty, ...ipv4 },
    ipv6: ipv6 === undefined ? undefined : { ...empty, ...ipv6 },
  };
}

const one = state({ drops: true, addresses: ["10.0.0.1"] });
const two = state({ drops: true, addresses: ["10.0.0.2", "10.0.0.3"] });

test("nothing new is no text", () => {
  assert.equal(renderFirewall(one, one, true), "");
  assert.equal(renderFirewall(undefined, undefined, true), "");
});

test("addresses come and go as elements", () => {
  assert.equal(
    renderFirewall(one, two, true),
    "delete element ip keepalived vips { 10.0.0.1 }\n" +
      "add element ip keepalived vips { 10.0.0.2, 10.0.0.3 }\n",
  );
});

test("a table that is there from before is replaced, and removed at the end", () => {
  const first = renderFirewall(undefined, one, true);
  assert.match(first, /^table ip keepalived\ndelete table ip keepalived\ntable ip keepalived \{/);
  assert.doesNotMatch(first, /ip6/);
  const remove = "table ip keepalived\ndelete table ip keepalived\n";
  assert.equal(renderFirewall(one, undefined, true), remove);
});

test("another name takes the table of the old one away", () => {
  const text = renderFirewall(one, { ...one, table: "other" }, true);
  assert.match(text, /^table ip keepalived\ndelete table ip keepalived\n/);
  assert.match(text, /table ip other \{/);
});

test("priority and counters stand in the rules", () => {
  const text = renderFirewall(undefined, { ...one, priority: -150, counters: true }, true);
  assert.match(text, /hook input priority -150;/);
  assert.match(text, /ip daddr @vips counter drop/);
});

test("without nft_dup reports of macvlans are dropped", () => {
  const macvlans = state({ macvlans: [[ifIndex(5), ifIndex(2)]] });
  assert.match(renderFirewall(undefined, macvlans, true), /igmp .* dup to .* @vmac_map drop/);
  const plain = renderFirewall(undefined, macvlans, false);
  assert.match(plain, /ip protocol igmp oif @vmac_set drop/);
  assert.match(plain, /set vmac_set \{ type iface_index; elements = \{ 5 \} \}/);
});

test("link-local addresses stand beside their interface, by index or by name", () => {
  const address = "fe80::1";
  const text = renderFirewall(
    undefined,
    state(undefined, {
      drops: true,
      byIndex: [{ address, interface: ifIndex(5) }],
      byName: [{ address, interface: "eth1" }],
    }),
    true,
  );
  assert.match(text, /vips_link_local \{ type ipv6_addr \. iface_index; elements = .*:1 \. 5/);
  assert.match(text, /vips_link_local_name \{ type ipv6_addr \. ifname; .*:1 \. "eth1"/);
  assert.ok(text.indexOf("chain in_link_local") < text.indexOf("goto in_link_local"));
});
