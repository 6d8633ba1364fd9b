/**
 * Configurations that are about the language and not about keywords: comments, quotes, braces,
 * conditions, definitions, sequences and lists.
 */
import type { Case } from "./cases.ts";

const body = "interface eth0\nvirtual_router_id 1\n";
const addresses = "virtual_ipaddress {\n10.0.0.1\n}\n";
const whole = `vrrp_instance V {\n${body}${addresses}}\n`;

function inside(lines: string): string {
  return `vrrp_instance V {\n${body}${addresses}${lines}\n}\n`;
}

const texts: Readonly<Record<string, string>> = {
  "an empty file": "",
  "only comments": "# one\n! two\n",
  "a plain router": whole,
  "a comment after a keyword": inside("priority 10 # comment"),
  "a comment with the other sign": inside("priority 10 ! comment"),
  "a comment that touches a word": inside("priority 10#comment"),
  "a comment sign between quotes": `global_defs {\nrouter_id "a#b"\n}\n${whole}`,
  "an escaped comment sign": `global_defs {\nrouter_id a\\#b\n}\n${whole}`,
  "a comment sign between single quotes": `global_defs {\nrouter_id 'a # b'\n}\n${whole}`,
  "white space around everything": whole.replaceAll("\n", " \t\n\t "),
  "carriage returns": whole.replaceAll("\n", "\r\n"),
  "no newline at the end": whole.trimEnd(),
  "a block on one line": "vrrp_instance V { interface eth0\nvirtual_router_id 1\n" +
    "virtual_ipaddress { 10.0.0.1 }\n}\n",
  "a brace on a line of its own": `vrrp_instance V\n{\n${body}${addresses}}\n`,
  "two closing braces on a line": `vrrp_instance V {\n${body}virtual_ipaddress {\n10.0.0.1 } }\n`,
  "a quoted name": `vrrp_instance "V" {\n${body}${addresses}}\n`,
  "a quoted number": inside('priority "10"'),
  "quotes that nobody closes": `global_defs {\nrouter_id "a\n}\n${whole}`,
  "an unknown keyword at the root": `nonsense 1\n${whole}`,
  "an unknown keyword in a block": inside("nonsense 1"),
  "an unknown keyword in upper case": inside("PRIORITY 10"),
  "an abbreviated keyword": inside("prio 10"),
  "an unknown block": `nonsense {\npriority 10\n}\n${whole}`,
  "an unknown block in a block": inside("nonsense {\n10\n}"),
  "a closing brace too much": `${whole}}\n`,
  "a closing brace too few": whole.replace(/\}\n$/, ""),
  "an opening brace of its own": `{\n}\n${whole}`,
  "a line of 2000 characters": inside(`# ${"x".repeat(2000)}`),
  "a long line without a comment": inside(`nonsense ${"x".repeat(2000)}`),
  "a trailing backslash": inside("priority 10 \\"),
  "a name without a value": inside("priority"),
  "a word after the value": inside("priority 10 20"),
  "a number with rubbish behind it": inside("priority 10x"),
  "a number with a sign": inside("priority +10"),
  "a negative number": inside("priority -10"),
  "a hexadecimal number": inside("priority 0x10"),
  "an octal number": inside("priority 010"),
  "a fraction with too many digits": inside("version 3\nadvert_int 0.1234567"),
  "a fraction without digits before the point": inside("version 3\nadvert_int .5"),
  "a fraction without digits after the point": inside("advert_int 1."),
  "a truth value in upper case": inside("smtp_alert TRUE"),
  "a truth value of one digit": inside("smtp_alert 1"),
  "a condition that holds": inside("@mine priority 10"),
  "a condition that holds not": inside("@other nonsense 10"),
  "a negated condition": inside("@^other priority 10"),
  "a negated condition with nonsense": inside("@^other nonsense 10"),
  "a condition with nothing after it": inside("@mine"),
  "a condition with blanks": inside("@mine   priority   10"),
  "a definition": `$PRIO=10\n${inside("priority $PRIO")}`,
  "a definition in braces": `$PRIO=1\n${inside("priority ${PRIO}0")}`,
  "a definition again": `$PRIO=x\n$PRIO=10\n${inside("priority $PRIO")}`,
  "a definition of nothing": `$NOTHING=\n${inside("$NOTHING")}`,
  "a definition with a definition": `$A=1\n$B=${"${A}"}0\n${inside("priority $B")}`,
  "a definition that comes later": `$B=${"${A}"}0\n$A=1\n${inside("priority $B")}`,
  "a definition between quotes": `$NAME=a b\nglobal_defs {\nrouter_id "$NAME"\n}\n${whole}`,
  "an undefined name between quotes": `global_defs {\nrouter_id "\${NOBODY}"\n}\n${whole}`,
  "an undefined name as a value": inside("priority $NOBODY"),
  "a definition with a condition": `@mine $PRIO=10\n@other $PRIO=x\n${inside("priority $PRIO")}`,
  "a definition of several lines": "$BODY= \\\npriority 10 \\\nadvert_int 2\n" +
    inside("$BODY"),
  "a definition of several lines with nonsense": "$BODY= \\\npriority 10 \\\nnonsense 2\n" +
    inside("$BODY"),
  "the name of the directory": `global_defs {\nrouter_id \${_PWD}\n}\n${whole}`,
  "the config-id": `global_defs {\nrouter_id \${_INSTANCE}\n}\n${whole}`,
  "a random number": inside("priority ${_RANDOM 10 20}"),
  "the character of a comment": `global_defs {\nrouter_id a\${_HASH}b\n}\n${whole}`,
  "a sequence": "virtual_server_group G {\n~SEQ(I,1,3) 10.0.0.$I 80\n}\n" + whole,
  "a sequence with a step": "virtual_server_group G {\n~SEQ(I,1,2,9) 10.0.0.$I 80\n}\n" + whole,
  "a sequence backwards": "virtual_server_group G {\n~SEQ(I,9,-1,7) 10.0.0.$I 80\n}\n" + whole,
  "a sequence of hexadecimal numbers":
    "virtual_server_group G {\n~SEQx(I,8,12) 2001:db8::$I 80\n}\n" +
    whole,
  "a sequence with a step of 0": "virtual_server_group G {\n~SEQ(I,1,0,9) 10.0.0.$I 80\n}\n" +
    whole,
  "a list": "virtual_server_group G {\n~LST(A,10.0.0.1,10.0.0.3) $A 80\n}\n" + whole,
  "a list of pairs": "virtual_server_group G {\n" +
    "~LST({A,P},{10.0.0.1,80},{10.0.0.2,81}) $A $P\n}\n" + whole,
  "a list with too many members": "virtual_server_group G {\n~LST({A,P},{1,2,3}) $A $P\n}\n" +
    whole,
  "an include of nothing": `include /nonexistent/*.conf\n${whole}`,
  "an include that insists": `includea /nonexistent/x.conf\n${whole}`,
  "one instance twice": `${whole}${whole}`,
  "one VRID twice": `${whole}${whole.replace(" V ", " W ")}`,
  "one VRID for both families": whole +
    whole.replace(" V ", " W ").replace("10.0.0.1", "2001:db8::1"),
  "an instance without a name": `vrrp_instance {\n${body}${addresses}}\n`,
  "an instance without an interface": inside("").replace("interface eth0\n", ""),
  "an instance without a VRID": inside("").replace("virtual_router_id 1\n", ""),
  "an instance without addresses": `vrrp_instance V {\n${body}}\n`,
  "an instance of version 3 without addresses": `vrrp_instance V {\n${body}version 3\n}\n`,
  "an instance on the loopback": whole.replace("eth0", "lo"),
  "an instance that owns its addresses": inside("priority 255"),
  "state MASTER with nopreempt": inside("state MASTER\nnopreempt"),
  "addresses of both families": whole.replace("10.0.0.1\n", "10.0.0.1\n2001:db8::1\n"),
  "version 2 with IPv6": inside("version 2").replace("10.0.0.1", "2001:db8::1"),
  "fractions in version 2": inside("version 2\nadvert_int 1.5"),
  "an interval that is too long for version 3": inside("version 3\nadvert_int 41"),
  "strict mode": inside("strict_mode"),
  "strict mode with what it does not allow": inside("strict_mode\ndown_timer_adverts 5"),
  "a group of one": `${whole}vrrp_sync_group G {\ngroup {\nV\n}\n}\n`,
  "a group of nobody": `${whole}vrrp_sync_group G {\n}\n`,
  "a group with a stranger": `${whole}vrrp_sync_group G {\ngroup {\nV\nX\n}\n}\n`,
  "a member of two groups": whole + whole.replace(" V ", " W ").replace("_id 1", "_id 2") +
    "vrrp_sync_group G {\ngroup {\nV\nW\n}\n}\nvrrp_sync_group H {\ngroup {\nV\nW\n}\n}\n",
  "a script that is tracked before it is there": inside("track_script {\nS\n}") +
    'vrrp_script S {\nscript "/bin/true"\n}\n',
  "a script that runs": `vrrp_script S {\nscript "/bin/true"\n}\n` +
    inside("track_script {\nS\n}"),
  "a script that nobody tracks": `vrrp_script S {\nscript "/bin/true"\n}\n${whole}`,
  "a command that runs": inside('notify "/bin/true"'),
  "a command that is not there": inside('notify "/bin/nonexistent"'),
  "a command with words": inside('notify "/bin/true a b"'),
  "a command without quotes": inside("notify /bin/true"),
};

/** All of them; what they are about stands where other cases have their keyword. */
export function lexicalCases(): Case[] {
  return Object.entries(texts).map(([row, text]) => ({ row, what: "", since: "2.2.7", text }));
}
