/**
 * The keywords of a `vrrp_instance` that put it on an interface of its own, and what their words
 * say. The words were held against their forms before they are taken.
 */
import { fromHex, type IpPrefix, parsePrefix } from "../../base/mod.ts";
import type { InstanceDraft } from "../draft.ts";
import type { VirtualLinkDraft } from "../draft_link.ts";
import { type Context, keptBy, plain, type Table } from "../keyword.ts";
import { Names } from "../line_values.ts";
import type { Statement } from "../parse.ts";

const rows: Table<unknown> = plain(`
use_vmac | [<link>] [<mac>] [<option>…] | off | run on a macvlan of its own
use_vmac_addr | | off | a macvlan for each other interface of the addresses
vmac_xmit_base | | off | send and receive adverts on the interface below
use_ipvlan | [<link>] [<cidr>] [<option>…] | off | run on an ipvlan
`);

type Keeper = (draft: InstanceDraft, statement: Statement, context: Context) => void;

const keepers: Readonly<Record<string, Keeper>> = {
  use_vmac: (draft, ...rest) => keepLink(draft, "macvlan", ...rest),
  use_ipvlan: (draft, ...rest) => keepLink(draft, "ipvlan", ...rest),
  use_vmac_addr: (draft, { place }) => {
    draft.macvlansForAddresses = { value: true, place };
  },
  vmac_xmit_base: (draft, { place }) => {
    draft.transmitOnBase = { value: true, place };
  },
};

/** The keywords. */
export const virtualLinkKeywords: Table<InstanceDraft> = Object.fromEntries(
  Object.entries(rows).map(([name, row]) => {
    const keep = keepers[name];
    return [name, keep === undefined ? row : keptBy(row, keep)];
  }),
);

/** keepalived: of two the first counts. */
function keepLink(
  draft: InstanceDraft,
  kind: VirtualLinkDraft["kind"],
  line: Statement,
  context: Context,
): void {
  draft.virtualLink ??= { kind, place: line.place, ...readLinkWords(line, context) };
}

/** What stands after the keyword, in any order. */
function readLinkWords(
  { args }: Statement,
  context: Context,
): Omit<VirtualLinkDraft, "kind" | "place"> {
  const found: { -readonly [K in keyof VirtualLinkDraft]?: VirtualLinkDraft[K] } = {};
  const words = args.values();
  for (const { text, place } of words) {
    if (text === "name" || text === "group") {
      const next = words.next();
      if (next.done === true) break;
      if (text === "name") found.name = { value: next.value.text, place: next.value.place };
      else {
        const group = new Names(context).number("group", "group", next.value);
        if (group !== undefined) found.group = group;
      }
    } else if (text === "netlink_notify_msg") found.notify = true;
    else if (text === "bridge" || text === "private" || text === "vepa") found.flag = text;
    else {
      const address = readAddress(text);
      const octets = readOctets(text);
      if (octets !== undefined) found.octets = { value: octets, place };
      else if (address !== undefined) found.address = { value: address, place };
      else found.name ??= { value: text, place };
    }
  }
  return found;
}

/** Five octets, to which the VRID is added, or all six. */
function readOctets(text: string): Uint8Array | undefined {
  if (!/^[\da-f]{2}(?::[\da-f]{2}){4,5}$/i.test(text)) return undefined;
  return fromHex(text.replaceAll(":", ""));
}

function readAddress(text: string): IpPrefix | undefined {
  return text.includes(".") || text.includes(":") ? parsePrefix(text) : undefined;
}
