/**
 * Real servers that differ in address and port alone are read together, and are checked and told of
 * like the first of them. Nobody may notice: the same text with a comment behind each first line,
 * with which every server is read by itself, must give the same.
 */
import assert from "node:assert/strict";
import { test } from "../../support/test.ts";
import { seen } from "./seen.ts";

interface Kind {
  readonly from?: number;
  /** What stands before the servers, and inside each. */
  readonly service?: string;
  readonly inside?: (index: number) => string;
  /** What stands behind `real_server`. */
  readonly head?: (index: number) => string;
}

const check = (keyword: string, lines = ""): string => `    ${keyword} {\n${lines}    }\n`;
const tcp = check("TCP_CHECK", "      connect_timeout 3\n      retry 2\n");

function service(count: number, kind: Kind = {}): string {
  const { from = 1, service = "  lvs_sched rr\n  lvs_method NAT\n  protocol TCP\n" } = kind;
  const { inside = () => tcp, head = (index) => `10.1.0.${index} 80` } = kind;
  const servers = Array.from({ length: count }, (_, offset) => from + offset).map((index) =>
    `  real_server ${head(index)} {\n${inside(index)}  }\n`
  );
  return `virtual_server 10.0.0.${from} 80 {\n${service}${servers.join("")}}\n`;
}

const url = "      url {\n        path /\n      }\n";
const routed = "  lvs_sched rr\n  lvs_method DR\n  protocol TCP\n";

const cases: Readonly<Record<string, string>> = {
  "nothing to say": service(6) + service(6, { from: 11 }),
  "servers without checks": service(6, { inside: () => "" }),
  "another port": service(6, { head: (index) => `10.1.0.${index} ${8000 + index}` }),
  "ports of which there are none": service(6, { head: (index) => `10.1.0.1 ${65_533 + index}` }),
  "no port for some": service(6, { head: (index) => `10.1.0.${index}${index > 3 ? "" : " 80"}` }),
  "port 0": service(6, { head: (index) => `10.1.0.${index} ${index > 3 ? 0 : 80}` }),
  "a server twice": service(6, { head: (index) => `10.1.0.${index % 4} 80` }),
  "an address that is none": service(6, { head: (index) => `10.1.0.${252 + index} 80` }),
  "IPv6": service(6, { head: (index) => `2001:db8::${index} 80` }),
  "IPv6 between": service(6, {
    head: (index) => index === 4 ? "2001:db8::1 80" : `10.1.0.${index} 80`,
  }),
  "every second": service(8, { inside: (index) => index % 2 === 0 ? tcp : "    weight 2\n" }),
  "weights and a quorum": service(6, {
    service: `${routed}  quorum 99\n  hysteresis 3\n`,
    inside: (index) => `    weight ${index > 3 ? 5 : 7}\n${tcp}`,
  }),
  "routed servers have the port of the service": service(6, {
    service: routed,
    head: (index) => `10.1.0.${index} 81`,
  }),
  "a flag before its scheduler": service(3, { service: `  sh-port\n${routed}` }),
  "a flag behind its scheduler": service(3, {
    service: "  lvs_sched sh\n  sh-port\n  lvs_method DR\n  protocol TCP\n",
  }),
  "two schedulers": service(3, { service: `  lb_algo wrr\n${routed}  lb_kind NAT\n` }),
  "a method of their own": service(6, { inside: () => "    lvs_method TUN\n    slow_start 5\n" }),
  "several checks": service(6, { inside: () => tcp + check("PING_CHECK") + check("TCP_CHECK") }),
  "a target of its own": service(6, {
    inside: () =>
      check("TCP_CHECK", "      connect_ip 10.9.9.9\n") +
      check("TCP_CHECK", "      connect_port 81\n      bindto 10.9.9.1\n      fwmark 3\n"),
  }),
  "mail servers": service(6, {
    inside: () =>
      check("SMTP_CHECK", "      helo_name a\n      host {\n        connect_port 25\n      }\n"),
  }),
  "agents with and without a port": service(6, {
    inside: () => check("AGENT_CHECK", "      connect_port 9\n") + check("AGENT_CHECK"),
  }),
  "UDP": service(6, { inside: () => check("UDP_CHECK", "      payload 0a\n") }),
  "HTTP": service(6, { inside: () => check("HTTP_GET", url) }),
  "HTTP beside TCP": service(6, { inside: () => tcp + check("HTTP_GET", url) }),
  "names of DNS that are none": service(6, {
    inside: () => check("DNS_CHECK", `      name ${"a".repeat(64)}.b\n`),
  }),
  "commands": service(6, { inside: () => check("MISC_CHECK", "      misc_path /bin/true\n") }),
  "scripts": service(6, { inside: () => `    notify_up /bin/true\n${tcp}` }),
  "scripts of some": service(6, {
    inside: (index) => index === 4 ? `    notify_up /bin/a\n` : tcp,
  }),
  "a FIFO": "global_defs {\n  notify_fifo /run/f\n}\n" + service(6),
  "mail about some":
    "global_defs {\n  smtp_server 10.0.0.9\n  notification_email {\n    a@b\n  }\n" +
    "}\n" + service(6, { inside: (index) => index > 3 ? tcp : `    smtp_alert off\n${tcp}` }),
  "failures are told": "global_defs {\n  checker_log_all_failures\n}\n" + service(6),
  "unknown words": service(6, { inside: () => "    wieght 5\n" }),
  "words without effect": service(6, { inside: () => "    alpha\n    virtualhost a\n" }),
  "settings twice": service(6, { inside: () => "    weight 5\n    weight 6\n" }),
  "no braces": service(6).replace("  }\n  real_server 10.1.0.4", "  real_server 10.1.0.4"),
  "a brace too much": service(6).replace("  real_server 10.1.0.5", "  }\n  real_server 10.1.0.5"),
  "no service around them": service(6).replace(/^virtual_server.*\n/, ""),
  "elsewhere": service(6).replaceAll("real_server", "virtual_ipaddress"),
  "a group of services": "virtual_server_group G {\n  10.0.0.1 80\n  10.0.0.2 81\n}\n" +
    service(6).replace("virtual_server 10.0.0.1 80", "virtual_server group G"),
  "marks": service(6).replace("virtual_server 10.0.0.1 80", "virtual_server fwmark 7"),
  "lines in a definition": "$MORE= \\\n" + service(6),
  "comments": service(6).replaceAll("10.1.0.4 80 {\n", "10.1.0.4 80 {\n    # it is needed\n"),
  "tabs": service(6).replaceAll("  ", "\t"),
  "line ends of another system": service(6).replaceAll("\n", "\r\n"),
  "no end of the last line": service(6).trimEnd(),
};

for (const [what, text] of Object.entries(cases)) {
  test(`servers that are alike say the same as others: ${what}`, () => {
    const alone = text.replaceAll(
      /^(.*(?:real_server|virtual_ipaddress) .*\{)(\r?)$/gm,
      "$1 # alone$2",
    );
    assert.deepEqual(seen(text), seen(alone));
  });
}
