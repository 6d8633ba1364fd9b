/**
 * The words that may stand after some keywords, in any order, as data.
 */
import { plain, type Table } from "../keyword.ts";

type Words = Table<unknown>;

const bits = (["USR", "GRP", "OTH"] as const).flatMap((who, index) => {
  const whose = ["the owner", "the group", "others"][index];
  const rows = [["R", "read"], ["W", "write"], ["X", "execute"]].map(([letter, verb]) =>
    `I${letter}${who} | | - | ${whose} can not ${verb}`
  );
  return [...rows, `IRWX${who[0]} | | - | ${whose} can do nothing`];
});

/** Words by the keyword that they follow, itself by its path. */
export const optionTables: readonly (readonly [path: string, words: Words])[] = [
  [
    "vrrp_instance/use_vmac",
    plain(`
name | <link> | - | name of the macvlan, whatever it looks like | 2.3.0
netlink_notify_msg | | off | let the kernel tell of the interface below | 2.3.0
group | <symbol> | that of the interface below | group of the macvlan | 2.3.0
`),
  ],
  [
    "vrrp_instance/use_ipvlan",
    plain(`
name | <link> | - | name of the ipvlan, whatever it looks like | 2.3.0
bridge | | on | ipvlans reach each other
private | | off | ipvlans do not reach each other
vepa | | off | ipvlans reach each other through the switch
group | <symbol> | that of the interface below | group of the ipvlan | 2.3.0
`),
  ],
  [
    "global_defs/lvs_sync_daemon",
    plain(`
inst | <instance> | none | instance whose state says which daemon runs
id | <0..255> | that of the virtual router, else 0 | number of the synchronisation
maxlen | <1..65507> | that of the kernel | largest packet
port | <port> | 8848 | UDP port
ttl | <1..255> | that of the kernel | TTL
group | <group> | 224.0.0.81 | multicast group
`),
  ],
  [
    "global_defs/lvs_timeouts",
    plain(`
tcp | <seconds 1..2678400> | as it was | of TCP connections
tcpfin | <seconds 1..2678400> | as it was | of TCP connections after FIN
udp | <seconds 1..2678400> | as it was | of UDP
`),
  ],
  ["global_defs/umask", plain(bits.join("\n"))],
  [
    "global_defs/include_check",
    plain(`
read | | off | what can not be read is an error
match | | off | a plain name that matches nothing is an error
wildcard_match | | off | a wildcard that matches nothing is an error
brace_match | | off | an alternative that matches nothing is an error
`),
  ],
];

/** Who a script runs as: the words after every command. */
export const scriptWords: Words = plain(`
<user> | | script_user | who the command runs as
[:]<group> | | that of the user | its group; with a colon the user's other groups, too | 2.4.4
`);

/** What may stand anywhere, before any keyword is looked at. */
export const anywhere: Words = plain(`
include | <glob> | - | read more files, if there are such
includer | <glob> | - | read more files; that they can not be read is an error
includem | <glob> | - | read more files; that there is none of that name is an error
includew | <glob> | - | read more files; that a wildcard matches nothing is an error
includeb | <glob> | - | read more files; that an alternative matches nothing is an error
includea | <glob> | - | read more files with all of these checks
@<id> | <text>… | - | keep the rest of the line on nodes with this config-id
@^<id> | <text>… | - | keep the rest of the line on all other nodes
$<NAME>= | <text>… | - | define a name; a backslash at the end goes on on the next line
~SEQ( | var, [start, [step,]] end) text… | start and step 1 or -1 | repeat the text over numbers
~SEQx( | var, [start, [step,]] end) text… | start and step 1 or -1 | over hexadecimal numbers
~LST( | var, value…) text… | missing values are empty | repeat the text over a list
\${_PWD} | | - | directory of the file
\${_INSTANCE} | | - | the config-id
\${_RANDOM} | [<number>] [<number>] | 0 to 32767 | a random number
\${_ENV} | <name> | empty | a variable of the environment | 2.4.0
\${_HASH} | | - | the character #
\${_BANG} | | - | the character !
`);
