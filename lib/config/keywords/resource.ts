/**
 * The keywords of `resources`: one line for each resource, in the order in which they are started,
 * and settings for all of the block.
 */
import { plain, type Table } from "../keyword.ts";

type Rows = Table<unknown>;

const looks = `
start_timeout | <timer 1..86400> | that of the block | how long a start may take | standin
stop_timeout | <timer 1..86400> | that of the block
  | how long an attempt to stop may take | standin
status_timeout | <timer 1..3600> | that of the block | how long a look may take | standin
interval | <timer 0..86400> | that of the block | pause between looks, 0 for none | standin
retry | <0..1000> | that of the block | new starts before the role is given away | standin
`;

const limits: Rows = plain(looks);

const kinds: Rows = plain(`
filesystem | <source> <directory> <fstype> [<options>] [<option>…] | -
  | mount a device at a directory, with its type and options of mount | standin
service | <service> [<option>…] | -
  | a service of systemd, OpenRC, procd or an init script | standin
nfs_export | <directory> <clients> <options> [<option>…] | -
  | export a directory to clients, with options of exportfs | standin
script | <command> <command> [<command>] [<option>…] | -
  | commands that start, stop and look, which is exit 0 while active | standin
address | | before all others | the place of the addresses in the order | standin
route | | right after the addresses | the place of routes and rules in the order | standin
`);

/** The keywords that are resources. */
export const resourceKinds: readonly string[] = Object.keys(kinds);

const block: Rows = {
  ...kinds,
  ...plain(`
start_timeout | <timer 1..86400> | 60 | how long a start may take | standin
stop_timeout | <timer 1..86400> | 60 | how long an attempt to stop may take | standin
status_timeout | <timer 1..3600> | 10 | how long a look at the status may take | standin
interval | <timer 0..86400> | 10 | pause between looks at what is active, 0 for none | standin
retry | <0..1000> | 2 | new starts of a resource before the role is given away | standin
start_delay | <timer 0..3600> | 0
  | a new master waits before the first start, so that the old one has stopped | standin
hold_off | <timer 0..86400> | 60
  | the role is not taken for so long after it was given away | standin
fence | <script> | none | last resort for what can not be stopped; exit 0 means it is | standin
`),
};

const withBusy: Rows = {
  ...limits,
  ...plain(`
busy | kill|lazy|wait | kill
  | users that keep it mounted: end them, detach it after that, or try again | standin
`),
};

/** The tables of both owners. */
export const resourceTables: readonly (readonly [path: string, table: Rows])[] = [
  "vrrp_instance/resources",
  "vrrp_sync_group/resources",
].flatMap((path): [string, Rows][] => [
  [path, block],
  [`${path}/filesystem`, withBusy],
  ...["service", "nfs_export", "script"].map((kind): [string, Rows] => [`${path}/${kind}`, limits]),
]);
