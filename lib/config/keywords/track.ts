/**
 * The keywords of what can be tracked, as data: scripts, processes, files, BFD sessions, and the
 * groups of static addresses and announcement gaps. None of them is in effect yet.
 */
import { notYetTable, type Table } from "../keyword.ts";

/** A script that is run again and again. */
export const vrrpScript: Table<unknown> = notYetTable(`
script | <command or </file> | command line, or readability test of a file
interval | <seconds.ms> | time between runs; 0 coerced to 1
timeout | <seconds.ms> | run limit; 0 coerced to 1
weight | <-253..253> [reverse] | priority change; 0 = FAULT on failure
rise | <n> | successes needed
fall | <n> | failures needed
user | <user> [[:]<group>] | identity of script
init_fail | | assume failing until first success
`);

/** A process that must be there. */
export const trackProcess: Table<unknown> = notYetTable(`
process | <name> [<param>...] | process to match; params imply full command line
param_match | [initial / partial] | how parameters are compared; bare: exactly
weight | <-254..254> [reverse] | priority change; 0 = FAULT
quorum | <1..65535> | minimum processes
quorum_max | <0..65535> | maximum processes; 0 = fail if any
delay | <0.000001..3600 s> | sets fork and terminate delay
terminate_delay | <s> | grace after quorum lost
fork_delay | <s> | grace after quorum gained
full_command | | match whole command line
`);

/** A file whose number counts. */
export const trackFile: Table<unknown> = notYetTable(`
file | <path> | file to watch
weight | <-254..254> [reverse] | multiplier of file value
init_file | [<value>] [overwrite] | create (or rewrite) file at start
`);

/** One BFD session. */
export const bfdInstance: Table<unknown> = notYetTable(`
source_ip | <ip> | local address
neighbor_ip | <ip> | peer address
neighbour_ip | <ip> | alternate spelling
min_rx | <ms.frac> | required minimum receive interval
min_tx | <ms.frac> | desired minimum transmit interval
idle_tx | <ms.frac >=1000> | transmit interval while not up
multiplier | <1..255> | detection multiplier
passive | | wait for peer to start
ttl | <1..255> | TTL/hop limit sent
hoplimit | <1..255> | alias of ttl
max_hops | <-1..255> | allowed TTL reduction of received packets; 255 = no check
multihop | [<bool>] | use port 4784
weight | <-253..253> [reverse] | default weight for track_bfd
vrrp | | send events to VRRP only
checker | | send events to checker only
`);

/** Instances that watch static addresses, routes and rules. */
export const trackGroup: Table<unknown> = notYetTable(`
group | {…} | instances sent to FAULT if tracked static object vanishes
`);

/** Gaps between gratuitous ARPs of interfaces. */
export const garpGroup: Table<unknown> = notYetTable(`
garp_interval | <seconds.frac> | gap between GARPs
gna_interval | <seconds.frac> | gap between NAs
interface | <ifname> | single physical interface
interfaces | {…} | interfaces sharing one rate limit
`);

/** The words after the name in `track_script`, `track_file`, `track_process`, `track_bfd`. */
export const trackLine: Table<unknown> = notYetTable(`
weight | <-253..253> | override script weight; 254 clamped
reverse | (after weight) | invert effect
noreverse | (after weight) | cancel inherited reverse
`);

/** The words after the name in `track_interface`. */
export const trackInterfaceLine: Table<unknown> = notYetTable(`
weight | <-253..253> | priority change; 254 clamped; 0 = FAULT
reverse | (after weight) | invert effect
`);

/** The words after the name in `linkbeat_interfaces`. */
export const linkbeatLine: Table<unknown> = notYetTable(`
MII | | preferred method
ETHTOOL | | preferred method
IOCTL | | preferred method
`);

/** The word that ties a static line to a group of instances. */
export const trackGroupWord: Table<unknown> = notYetTable(`
track_group | <name> | instances that go to FAULT when it is lost
`);
