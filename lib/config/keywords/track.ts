/**
 * The keywords of what can be tracked, as data: scripts, processes, files, BFD sessions, and the
 * groups of static addresses.
 */
import { plain, type Table } from "../keyword.ts";

/** A script that is run again and again. */
export const vrrpScript: Table<unknown> = plain(`
script | <script> | required | command line, or readability test of a file
interval | <timer 0..4294> | 1 | time between runs; 0 counts as 1
timeout | <timer 0..4294> | interval | limit of a run; 0 counts as 1
weight | <-253..253> [reverse] | 0 | change of the priority; 0 is FAULT on failure
rise | <0..2147483647> | 1 | successes in a row that are needed
fall | <0..2147483647> | 1 | failures in a row that are needed
user | <user> [<user>] | script_user | who the script runs as, and with which group
init_fail | | off | failed until the first success
`);

/** A process that must be there. */
export const trackProcess: Table<unknown> = plain(`
process | <command>… | required | name of the process; with parameters the whole command line counts
param_match | [initial|partial] | exactly | how parameters are compared
weight | <-254..254> [reverse] | 0 | change of the priority; 0 is FAULT
quorum | <1..65535> | 1 | least number of processes
quorum_max | <0..65535> | no limit | largest number of processes; 0 to fail when there is one
delay | <timer 0.000001..3600> | 0 | both fork_delay and terminate_delay
terminate_delay | <timer 0.000001..3600> | 0 | wait before believing that processes went
fork_delay | <timer 0.000001..3600> | 0 | wait before believing that processes came
full_command | | off | compare the whole command line
`);

/** A file whose number counts. */
export const trackFile: Table<unknown> = plain(`
file | <path> | required | file to watch
weight | <-254..254> [reverse] | 1 | the number in the file is multiplied by it
init_file | [<-2147483648..2147483647>] [overwrite] | none, 0 | make the file at the start
`);

/** Something that standin itself looks at again and again. */
export const trackProbe: Table<unknown> = plain(`
ping | <target> | - | it answers an echo request; gateway is the next hop of the default
  route, gateway6 that of IPv6 | standin
arp | <target> | - | it answers ARP on a link of this node | standin
tcp | <target> <port> | - | it takes a connection | standin
http | <url> [<host>] | - | the page of a server, which is named by its address, is there | standin
status_code | <code>… | 200-299 | status codes of http that are right | standin
dns | <target> [<domain>] [A|NS|CNAME|SOA|MX|TXT|AAAA/i] | -
  | it answers a question without an error; the root and SOA when nothing is said | standin
route | <destination> | - | the kernel has a route to all of the prefix | standin
disk | <path> <free> | - | so much is free there, such as 10% or 500M | standin
command | <script> | - | a command ends with 0 | standin
at_least | <1..255> <track_probe>… | - | so many of these probes before it are good | standin
source | <ip> | that of the kernel | address that a question is sent from | standin
interface | <interface> | that of the route
  | interface that a question leaves by, or that a route leads through | standin
interval | <timer 0.1..86400> | 1 | time from one start to the next | standin
timeout | <timer 0.01..3600> | interval | time for an answer; not longer than the interval | standin
rise | <1..1000> | 1 | successes in a row that are needed | standin
fall | <1..1000> | 3 | failures in a row that are needed | standin
weight | <-253..253> [reverse] | 0 | change of the priority; 0 is FAULT on failure | standin
init_fail | | off | failed until the first success | standin
`);

/** Instances that watch static addresses, routes and rules. */
export const trackGroup: Table<unknown> = plain(
  "group | {…} | required | instances that go to FAULT when a static address or route is lost",
);

/** The words after the name in `track_script`, `track_process`, `track_bfd`. */
export const trackLine: Table<unknown> = plain(`
weight | <-253..253> | that of the block | change of the priority
reverse | | that of the block | the effect is the other way round
noreverse | | that of the block | take back a reverse of the block
`);

/** The words after the name in `track_file` and `track_process`. */
export const trackWideLine: Table<unknown> = {
  ...trackLine,
  ...plain("weight | <-254..254> | that of the block | change of the priority"),
};

/** The words after the name in `track_interface`. */
export const trackInterfaceLine: Table<unknown> = plain(`
weight | <-253..253> | 0 | change of the priority; 0 is FAULT
reverse | | off | the effect is the other way round
`);

/** The words after the name in `track_virtual_server`. */
export const trackServerLine: Table<unknown> = plain(`
weight | <-253..253> | 0 | change of the priority; 0 is FAULT
reverse | | off | the effect is the other way round
`);

/** The words after the name in `linkbeat_interfaces`. */
export const linkbeatLine: Table<unknown> = plain(`
MII | | tried first | ask the transceiver
ETHTOOL | | tried second | ask the driver
IOCTL | | tried last | ask for the flags
`);

/** The word that ties a static line to a group of instances. */
export const trackGroupWord: Table<unknown> = plain(
  "track_group | <track_group> | none | instances that go to FAULT when it is lost",
);
