/**
 * The keywords outside of all blocks, and what stands inside which block. standin's own keywords
 * are among them: in a file that keepalived reads too they stand behind `@standin`.
 */
import type { GlobalDraft } from "../draft.ts";
import {
  inEffect,
  type KeywordInfo,
  notYetTable,
  one,
  type Table,
  withoutEffect,
} from "../keyword.ts";
import { listenAddress } from "../value.ts";
import { addressWords } from "./address.ts";
import { realServer, tls, virtualServer } from "./balance.ts";
import { checkerTables } from "./checker.ts";
import { globalKeywords } from "./global_defs.ts";
import * as route from "./route.ts";
import * as track from "./track.ts";
import * as instance from "./vrrp_instance.ts";
import { groupKeywords } from "./vrrp_sync_group.ts";

const runDirectory = "files are kept in the directory that --run-dir names";

/** Keywords outside of all blocks that are no blocks themselves. */
export const rootSettings: Table<GlobalDraft> = {
  status_listen: inEffect(
    one("<address>:<port>|off", listenAddress),
    "where the status endpoint listens",
    (draft, value) => {
      draft.statusListen = value;
    },
  ),
  use_pid_dir: withoutEffect("", "pid files in a directory of their own", runDirectory),
  instance: withoutEffect("<name>", "name of this daemon among several", runDirectory),
  child_wait_time: withoutEffect(
    "<seconds>",
    "how long to wait for child processes at the end",
    "standin is a single process",
  ),
  ...notYetTable(`
linkbeat_use_polling | | ask for the link of every interface instead of being told
net_namespace | <name> | run in this network namespace
net_namespace_ipvs | [<name>] | keep the IPVS tables in another network namespace
namespace_with_ipsets | | sets in network namespaces of kernels before 3.13
`),
};

/** Blocks that are not built yet. */
export const rootBlocksLater: Table<unknown> = notYetTable(`
track_group | <name> {…} | instances that watch static addresses, routes and rules
static_ipaddress | {…} | addresses that are there as long as the daemon
static_routes | {…} | routes that are there as long as the daemon
static_rules | {…} | rules that are there as long as the daemon
garp_group | {…} | gaps between gratuitous ARPs
linkbeat_interfaces | {…} | interfaces that are asked for their link
vrrp_script | <name> {…} | a script that is run again and again
vrrp_track_process | <name> {…} | a process that must be there
interface_up_down_delays | {…} | wait before believing a change of a link
SSL | {…} | client certificates of SSL_GET checks
virtual_server_group | <name> {…} | several virtual servers with the same real servers
virtual_server | <ip> [<port>] / fwmark <n> / group <name> {…} | one service of IPVS
bfd_instance | <name> {…} | one BFD session
track_file | <name> {…} | a file whose number counts
vrrp_track_file | <name> {…} | older spelling of track_file
`);

/** What is known of keywords without reading anything, for one block. */
export type Info = Readonly<Record<string, KeywordInfo>>;

function block(argument: string, help: string): KeywordInfo {
  return { argument, help, block: true, standing: { kind: "in-effect" } };
}

/** Everything that may stand outside of all blocks. */
export const rootInfo: Info = {
  ...rootSettings,
  ...rootBlocksLater,
  global_defs: block("{…}", "settings of the whole daemon"),
  vrrp_instance: block("<name> {…}", "one virtual router"),
  vrrp_sync_group: block("<name> {…}", "instances that change their state together"),
};

const trackLines: Info = track.trackLine;

/**
 * What may stand in a block, by the keywords that lead to it, joined by slashes. For blocks of
 * lines that start with a name or an address these are the words after it.
 */
export const infoOf: ReadonlyMap<string, Info> = new Map<string, Info>([
  ["", rootInfo],
  ["global_defs", globalKeywords],
  ["vrrp_sync_group", groupKeywords],
  ["vrrp_instance", instance.instanceKeywords],
  ["vrrp_instance/authentication", instance.authenticationKeywords],
  ["vrrp_instance/auth_hmac", instance.hmacKeywords],
  ["vrrp_instance/unicast_peer", instance.peerWords],
  ["vrrp_instance/virtual_ipaddress", addressWords],
  ["vrrp_instance/virtual_ipaddress_excluded", addressWords],
  ["vrrp_instance/virtual_routes", route.routeWords],
  ["vrrp_instance/virtual_rules", route.ruleWords],
  ["static_ipaddress", { ...addressWords, ...track.trackGroupWord }],
  ["static_routes", { ...route.routeWords, ...track.trackGroupWord }],
  ["static_rules", { ...route.ruleWords, ...track.trackGroupWord }],
  ...["vrrp_instance", "vrrp_sync_group"].flatMap((owner): [string, Info][] => [
    [`${owner}/track_interface`, track.trackInterfaceLine],
    [`${owner}/track_script`, trackLines],
    [`${owner}/track_file`, trackLines],
    [`${owner}/track_process`, trackLines],
    [`${owner}/track_bfd`, trackLines],
  ]),
  ["track_group", track.trackGroup],
  ["garp_group", track.garpGroup],
  ["linkbeat_interfaces", track.linkbeatLine],
  ["vrrp_script", track.vrrpScript],
  ["vrrp_track_process", track.trackProcess],
  ["track_file", track.trackFile],
  ["vrrp_track_file", track.trackFile],
  ["bfd_instance", track.bfdInstance],
  ["SSL", tls],
  ["virtual_server", virtualServer],
  ["virtual_server/real_server", realServer],
  ...Object.entries(checkerTables).map(([name, table]): [string, Info] => [
    `virtual_server/real_server/${name}`,
    table,
  ]),
]);

/** Whether a keyword, inside the blocks of the path, opens a block. */
export function opensBlock(path: readonly string[], keyword: string): boolean {
  const info = infoOf.get(path.join("/"));
  return info !== undefined && Object.hasOwn(info, keyword) && info[keyword]?.block === true;
}

/** Blocks of the root whose keyword means nothing anywhere else. */
const rootOnly: ReadonlySet<string> = new Set(
  Object.keys(rootInfo).filter((keyword) => {
    const elsewhere = [...infoOf].some(([path, info]) =>
      path !== "" && Object.hasOwn(info, keyword)
    );
    return rootInfo[keyword]?.block === true && !elsewhere;
  }),
);

/** Whether a block can only stand outside of all others: seeing it inside, a brace is missing. */
export function isRootOnly(keyword: string): boolean {
  return rootOnly.has(keyword);
}
