/**
 * The keywords of a `vrrp_instance` that make it one of unicast. Whether they go together is
 * decided in `../build_unicast.ts`; the lines of `unicast_peer` have been held against their table
 * before they come here.
 */
import { formatIp, isMulticast, parseIp } from "../../base/mod.ts";
import type { InstanceDraft } from "../draft.ts";
import {
  type Apply,
  type Context,
  inEffect,
  keeping,
  nothing,
  one,
  optional,
  plain,
  type Table,
  takes,
} from "../keyword.ts";
import type { Statement } from "../parse.ts";
import { integer, interfaceName, oneOf } from "../value.ts";
import { agrees } from "./family.ts";

/** The words of a line of `unicast_peer`. */
export const peerWords: Table<unknown> = plain(`
min_ttl | <0..255> | 0 | lowest TTL of its adverts
max_ttl | <0..255> | 255 | highest TTL of its adverts
`);

const bindings: Readonly<Record<string, Apply<InstanceDraft>>> = {
  unicast_ttl: takes(one(integer(0, 255)), ({ unicast }, value) => {
    unicast.ttl = value;
  }),
  check_unicast_src: takes(nothing, ({ unicast }) => {
    unicast.checkSource = true;
  }),
  unicast_fault_no_peer: takes(nothing, ({ unicast }) => {
    unicast.faultWithoutPeers = true;
  }),
  old_unicast_checksum: takes(optional(oneOf("never"), "always"), ({ unicast }, value) => {
    unicast.oldChecksum = value === "never" ? "never" : "always";
  }),
  vrf: takes(one(interfaceName), ({ unicast }, value, place) => {
    unicast.vrf = { value, place };
  }),
};

const octet = integer(0, 255);

const settings: Table<InstanceDraft> = inEffect(
  `
unicast_ttl | <0..255> | 255 with IPv4, that of the kernel with IPv6 | TTL of unicast adverts
check_unicast_src | | off, on with min_ttl or max_ttl
  | drop unicast adverts of routers that are no peers
unicast_fault_no_peer | | off | no peers is a fault instead of multicast
old_unicast_checksum | [never] | found out | checksum of unicast adverts as it was before 1.3.6
vrf | <interface> | none | VRF of a unicast instance without an interface
`,
  bindings,
);

const peers = plain("unicast_peer | {…} | multicast | send adverts to these routers only");

/** The keywords of unicast. */
export const unicastKeywords: Table<InstanceDraft> = {
  ...settings,
  ...keeping(peers, keepPeers),
};

/** Takes the lines of `unicast_peer`; what is wrong with their form has been told. */
function keepPeers(draft: InstanceDraft, block: Statement, context: Context): void {
  for (const line of block.children ?? []) {
    const address = parseIp(line.name);
    if (address === undefined) continue;
    const { place } = line.keyword;
    const { owner, report } = context;
    const name = formatIp(address);
    if (!agrees(draft, address.family, place, context, `unicast peer ${name}`)) {
      continue;
    }
    if (isMulticast(address)) {
      const message = `Cannot use ${name} as a unicast peer of ${owner}: it is a multicast group`;
      report.error("bad-value", place, message);
      continue;
    }
    const minTtl = limitOf(line, "min_ttl");
    const maxTtl = limitOf(line, "max_ttl");
    if (minTtl !== undefined || maxTtl !== undefined) draft.unicast.checkSource = true;
    const plan = { address, minTtl: minTtl ?? 0, maxTtl: maxTtl ?? 255 };
    draft.unicast.peers.push({ value: plan, place });
  }
}

function limitOf({ args }: Statement, name: string): number | undefined {
  const at = args.findLastIndex(({ text }) => text === name);
  return at < 0 ? undefined : octet.read(args[at + 1]?.text ?? "");
}
