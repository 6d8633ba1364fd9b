/**
 * The keywords outside of all blocks, and what stands inside which block. standin's own keywords
 * are among them: in a file that keepalived reads too they stand behind `@standin`.
 */
import { sessionKeywords } from "./bfd_instance.ts";
import type { GlobalDraft } from "../draft.ts";
import {
  inEffect,
  keeping,
  type KeywordInfo,
  nothing,
  one,
  plain,
  type Table,
  takes,
  timer,
  withoutEffect,
} from "../keyword.ts";
import { keepBalance } from "../balance_lines.ts";
import { keepNotify } from "../notify_lines.ts";
import { decimalSeconds, fileName, integer, listenAddress, oneOf, text } from "../value.ts";
import { addressWords, staticAddressWords } from "./address.ts";
import { authenticationKeywords, hmacKeywords } from "./authentication.ts";
import { headWords, markWords, methodWords, realServer, tls, virtualServer } from "./balance.ts";
import { checkerTables, patternWords } from "./checker.ts";
import { garpGroup } from "./garp_group.ts";
import { globalKeywords } from "./global_defs.ts";
import { anywhere, optionTables, scriptWords } from "./option.ts";
import { resourceTables } from "./resource.ts";
import * as route from "./route.ts";
import * as track from "./track.ts";
import { peerWords } from "./unicast.ts";
import { webhookWords } from "./webhook.ts";
import { instanceKeywords } from "./vrrp_instance.ts";
import { groupKeywords } from "./vrrp_sync_group.ts";

/** Keywords outside of all blocks that are no blocks themselves. */
export const rootSettings: Table<GlobalDraft> = {
  ...inEffect<GlobalDraft>(
    "status_listen | <listen> | 127.0.0.1:9568 | where the status endpoint is, or off | standin",
    {
      status_listen: takes(one(listenAddress), (draft, value) => {
        draft.statusListen = value;
      }),
    },
  ),
  ...inEffect<GlobalDraft>(
    `status_token_file | <path> | none
  | file of the token with which the status endpoint takes commands, too | standin`,
    {
      status_token_file: takes(one(text), (draft, value) => {
        draft.statusTokenFile = value;
      }),
    },
  ),
  ...inEffect<GlobalDraft>(
    "notify_timeout | <timer 1..86400> | 60 | how long a script may hold up the next | standin",
    {
      notify_timeout: takes(timer(decimalSeconds(6, 1, 86_400)), (draft, value) => {
        draft.notifyTimeout = value;
      }),
    },
  ),
  ...keeping<GlobalDraft>(
    plain(`
smtp_tls | off|try|starttls|tls | try
  | how the connection to the mail server is protected; try takes any certificate | standin
smtp_login | <text> <path> | none | user at the mail server, and file of the password | standin
`),
    keepNotify,
  ),
  ...inEffect<GlobalDraft>(
    `balancer | ipvs|nftables|auto | auto
  | where virtual servers are; auto is IPVS where the kernel has it, else nftables | standin`,
    {
      balancer: takes(one(oneOf("ipvs", "nftables", "auto")), (draft, value) => {
        draft.balancer = value;
      }),
    },
  ),
  ...inEffect<GlobalDraft>(
    `address_lease | <seconds 2..86400> | no end
  | the kernel drops virtual addresses that the daemon has not renewed for so long | standin`,
    {
      address_lease: takes(one(integer(2, 86_400)), (draft, value) => {
        draft.addressLease = value;
      }),
    },
  ),
  ...inEffect<GlobalDraft>(
    "linkbeat_use_polling | | off | ask for the link of every interface instead of being told",
    {
      linkbeat_use_polling: takes(nothing, (draft) => {
        draft.linkPolling = true;
      }),
    },
  ),
  ...withoutEffect(
    "files are kept in the directory that --run-dir names",
    "use_pid_dir | | off | pid files in a directory of their own",
  ),
  ...inEffect<GlobalDraft>(
    "instance | <name> | none | name of this daemon among several, in the names of dump files",
    {
      instance: takes(one(fileName), (draft, value) => {
        (draft.dump ??= {}).instance = value;
      }),
    },
  ),
  ...inEffect<GlobalDraft>(
    "net_namespace | <name> | that of the caller | run in this network namespace",
    {
      net_namespace: takes(one(fileName), (draft, value) => {
        (draft.process ??= {}).netNamespace = value;
      }),
    },
  ),
  ...withoutEffect(
    "sets of nftables belong to one network namespace",
    "namespace_with_ipsets | | off | sets in network namespaces of kernels before 3.13",
  ),
  ...withoutEffect(
    "standin is a single process",
    "child_wait_time | <seconds 0..4294967295> | 5 | how long child processes may take at the end",
  ),
  ...keeping(
    plain(`
net_namespace_ipvs | [<name>] | that of the daemon
  | keep the tables of virtual servers in another network namespace; bare, in that of the machine
`),
    keepBalance,
  ),
};

/** Blocks of what is there as long as the daemon. */
export const staticBlocks: Table<unknown> = plain(`
track_group | <name> {…} | - | instances that watch static addresses, routes and rules
static_ipaddress | {…} | - | addresses that are there as long as the daemon
static_routes | {…} | - | routes that are there as long as the daemon
static_rules | {…} | - | rules that are there as long as the daemon
`);

/** Blocks that builders look into when all was read, and blocks that are not built yet. */
export const rootBlocksLater: Table<unknown> = {
  ...plain(`
linkbeat_interfaces | {…} | - | interfaces that are asked for their link
vrrp_script | <name> {…} | - | a script that is run again and again
vrrp_track_process | <name> {…} | - | a process that must be there
interface_up_down_delays | {…} | - | wait before believing a change of a link, down and up
track_file | <name> {…} | - | a file whose number counts
track_probe | <name> {…} | - | something that standin itself looks at again and again | standin
vrrp_track_file | <name> {…} | - | older spelling of track_file
virtual_server | [<ip>] [<0..65535>] [<option>…] {…} | - | one service of IPVS
virtual_server_group | <name> {…} | - | several virtual servers with the same real servers
SSL | {…} | none | client certificate of SSL_GET checks
webhook | <name> {…} | - | a program that is told of changes of state by HTTP | standin
`),
};

/** What is known of keywords without reading anything, for one block. */
export type Info = Readonly<Record<string, KeywordInfo>>;

/** Everything that may stand outside of all blocks. */
export const rootInfo: Info = {
  ...rootSettings,
  ...staticBlocks,
  ...rootBlocksLater,
  ...plain(`
garp_group | {…} | - | gaps between gratuitous ARPs
global_defs | {…} | - | settings of the whole daemon
vrrp_instance | <name> {…} | - | one virtual router
vrrp_sync_group | <name> {…} | - | instances that change their state together
bfd_instance | <name> {…} | - | one BFD session
`),
};

const routeTables: [string, Info][] = ["vrrp_instance/virtual_routes", "static_routes"]
  .flatMap((path): [string, Info][] => [
    [path, path === "static_routes" ? withGroup(route.routeWords) : route.routeWords],
    [`${path}/nexthop`, route.nexthopWords],
    ...[path, `${path}/nexthop`].flatMap((owner): [string, Info][] => [
      [`${owner}/encap/ip`, route.encapIpWords],
      [`${owner}/encap/ip6`, route.encapIp6Words],
    ]),
  ]);

const trackTables: [string, Info][] = ["vrrp_instance", "vrrp_sync_group"]
  .flatMap((owner): [string, Info][] => [
    [`${owner}/track_interface`, track.trackInterfaceLine],
    [`${owner}/track_script`, track.trackLine],
    [`${owner}/track_file`, track.trackWideLine],
    [`${owner}/track_process`, track.trackWideLine],
    [`${owner}/track_bfd`, track.trackLine],
    [`${owner}/track_probe`, track.trackLine],
  ]);

const methodTables: [string, Info][] = [
  "virtual_server/lvs_method",
  "virtual_server/lb_kind",
  "virtual_server/sorry_server_lvs_method",
  "virtual_server/real_server/lvs_method",
].map((path) => [path, methodWords]);

/**
 * What may stand in a block, by the keywords that lead to it, joined by slashes. For blocks of
 * lines that start with a name or an address, and for keywords with `<option>…`, these are the
 * words that may follow in any order.
 */
export const infoOf: ReadonlyMap<string, Info> = new Map<string, Info>([
  ["", rootInfo],
  ["global_defs", globalKeywords],
  ["vrrp_sync_group", groupKeywords],
  ["vrrp_instance", instanceKeywords],
  ["vrrp_instance/authentication", authenticationKeywords],
  ["vrrp_instance/auth_hmac", hmacKeywords],
  ["vrrp_instance/unicast_peer", peerWords],
  ["vrrp_instance/virtual_ipaddress", addressWords],
  ["vrrp_instance/virtual_ipaddress_excluded", addressWords],
  ["vrrp_instance/virtual_rules", route.ruleWords],
  ["static_ipaddress", staticAddressWords],
  ["static_rules", withGroup(route.ruleWords)],
  ...routeTables,
  ...trackTables,
  ...resourceTables,
  ...methodTables,
  ...optionTables,
  ["vrrp_instance/track_virtual_server", track.trackServerLine],
  ["track_group", track.trackGroup],
  ["garp_group", garpGroup],
  ["linkbeat_interfaces", track.linkbeatLine],
  ["vrrp_script", track.vrrpScript],
  ["vrrp_track_process", track.trackProcess],
  ["track_file", track.trackFile],
  ["track_probe", track.trackProbe],
  ["vrrp_track_file", track.trackFile],
  ["bfd_instance", sessionKeywords],
  ["SSL", tls],
  ["webhook", webhookWords],
  ["virtual_server_group", markWords],
  ["virtual_server (head)", headWords],
  ["virtual_server", virtualServer],
  ["virtual_server/real_server", realServer],
  ...Object.entries(checkerTables).map(([name, table]): [string, Info] => [
    `virtual_server/real_server/${name}`,
    table,
  ]),
  ["virtual_server/real_server/HTTP_GET/url/regex_options", patternWords],
  ["virtual_server/real_server/SSL_GET/url/regex_options", patternWords],
  ["SCRIPTLINE", scriptWords],
  ["(anywhere)", anywhere],
]);

function withGroup(words: Info): Info {
  return { ...words, ...track.trackGroupWord };
}

/** How the lines of a block begin that holds lines and no keywords, as a form. */
export const lineForms: ReadonlyMap<string, string> = new Map(
  `
global_defs/notification_email | <text>…
vrrp_sync_group/group | <instance>…
track_group/group | <instance>…
garp_group/interfaces | <interface>…
linkbeat_interfaces | <interface>
interface_up_down_delays | <interface> <0..255> [<0..255>]
virtual_server_group | [<addresses>] [<0..65535>]
vrrp_instance/unicast_peer | <ip>
vrrp_instance/virtual_ipaddress | <cidr>
vrrp_instance/virtual_ipaddress_excluded | <cidr>
static_ipaddress | <cidr>
vrrp_instance/virtual_routes | ROUTE
static_routes | ROUTE
vrrp_instance/virtual_rules |
static_rules |
vrrp_instance/track_interface | <interface>
vrrp_instance/track_script | <vrrp_script>
vrrp_instance/track_file | <track_file>
vrrp_instance/track_process | <vrrp_track_process>
vrrp_instance/track_bfd | <bfd_instance>
vrrp_instance/track_probe | <track_probe>
vrrp_instance/track_virtual_server | <text>
vrrp_sync_group/track_interface | <interface>
vrrp_sync_group/track_script | <vrrp_script>
vrrp_sync_group/track_file | <track_file>
vrrp_sync_group/track_process | <vrrp_track_process>
vrrp_sync_group/track_bfd | <bfd_instance>
vrrp_sync_group/track_probe | <track_probe>
`.trim().split("\n").map((line): [string, string] => {
    const [path = "", form = ""] = line.split(" |").map((column) => column.trim());
    return [path, form === "ROUTE" ? route.routeStart : form];
  }),
);

/** The keywords that open a block, inside the blocks of the path joined by slashes. */
export function blocksIn(path: string): ReadonlySet<string> {
  const info = infoOf.get(path) ?? {};
  return new Set(Object.keys(info).filter((keyword) => info[keyword]?.block === true));
}

/** Whether a block can only stand outside of all others: seeing it inside, a brace is missing. */
export function isRootOnly(keyword: string): boolean {
  if (!Object.hasOwn(rootInfo, keyword) || rootInfo[keyword]?.block !== true) return false;
  for (const [path, info] of infoOf) if (path !== "" && Object.hasOwn(info, keyword)) return false;
  return true;
}
