/**
 * The keywords of `global_defs` about the interfaces that standin makes.
 */
import type { GlobalDraft } from "../draft.ts";
import { plain, type Table } from "../keyword.ts";
import type { Statement } from "../parse.ts";

const rows: Table<unknown> = plain(`
vmac_prefix | <name> | vrrp | start of the names of macvlans
vmac_addr_prefix | <name> | vmac_prefix | start of the names of macvlans for addresses
`);

/** keepalived: of two the first counts. */
const keepers: Readonly<Record<string, (draft: GlobalDraft, statement: Statement) => void>> = {
  vmac_prefix: (draft, { args: [prefix] }) => {
    if (prefix !== undefined) draft.vmacPrefix ??= prefix.text;
  },
  vmac_addr_prefix: (draft, { args: [prefix] }) => {
    if (prefix !== undefined) draft.vmacAddressPrefix ??= prefix.text;
  },
};

/** The keywords. */
export const linkDefs: Table<GlobalDraft> = Object.fromEntries(
  Object.entries(rows).map(([name, row]) => {
    const keep = keepers[name];
    return [name, keep === undefined ? row : { ...row, keep }];
  }),
);
