/**
 * The keywords of `global_defs` about the interfaces that standin makes, and about the firewall.
 */
import type { GlobalDraft } from "../draft.ts";
import { keptBy, plain, type Table, withoutEffect } from "../keyword.ts";
import type { Statement } from "../parse.ts";

const rows: Table<unknown> = plain(`
vmac_prefix | <name> | vrrp | start of the names of macvlans
vmac_addr_prefix | <name> | vmac_prefix | start of the names of macvlans for addresses
nftables | [<name>] | keepalived | firewall through nftables, in this table
nftables_priority | <-2147483648..2147483647> | -1 | priority of the base chains
nftables_ifindex | | off | name interfaces by their index in the firewall
nftables_counters | | off | counters in the firewall rules
`);

/** keepalived: of two the first counts. */
const keepers: Readonly<Record<string, (draft: GlobalDraft, statement: Statement) => void>> = {
  vmac_prefix: (draft, { args: [prefix] }) => {
    if (prefix !== undefined) draft.vmacPrefix ??= prefix.text;
  },
  vmac_addr_prefix: (draft, { args: [prefix] }) => {
    if (prefix !== undefined) draft.vmacAddressPrefix ??= prefix.text;
  },
  nftables: (draft, { args: [name], place }) => {
    draft.firewallTable ??= { value: name?.text ?? "keepalived", place: name?.place ?? place };
  },
  nftables_priority: (draft, { args: [priority] }) => {
    const value = Number(priority?.text);
    if (Number.isInteger(value) && Math.abs(value) <= 2 ** 31) draft.firewallPriority = value;
  },
  nftables_ifindex: (draft) => {
    draft.firewallByIndex = true;
  },
  nftables_counters: (draft) => {
    draft.firewallCounters = true;
  },
};

/** The keywords. */
export const linkDefs: Table<GlobalDraft> = {
  ...Object.fromEntries(
    Object.entries(rows).map(([name, row]) => {
      const keep = keepers[name];
      return [name, keep === undefined ? row : keptBy(row, keep)];
    }),
  ),
  ...withoutEffect(
    "the firewall is one of nftables",
    `
vrrp_iptables | [<name> <name>] | off; INPUT and OUTPUT when bare
  | firewall through iptables, in these chains
vrrp_ipsets | [<name>…] | keepalived, keepalived6, keepalived_if6
  | sets for the iptables firewall; bare for none
`,
  ),
};
