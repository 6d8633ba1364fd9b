/**
 * Configurations of virtual servers that are to leave the same table of IPVS, whoever reads them.
 * Each is one block, or a group and its block; `@` is its number, which stands in all of its
 * addresses and marks, so that many stand in one file and are told apart in one table.
 */

/** A configuration by what is special about it. */
export interface Configuration {
  readonly name: string;
  readonly text: string;
}

const tcp = "protocol TCP";
const rr = "lvs_sched rr";
const nat = "lvs_method NAT";
const usual = [tcp, rr, nat];

function server(address: string, ...lines: readonly string[]): string {
  return `real_server ${address} {\n${lines.join("\n")}\n}`;
}

const two = [server("10.9.@.11 80", "weight 3"), server("10.9.@.12 8080")];
const two6 = [server("2001:db8:@::11 80", "weight 3"), server("2001:db8:@::12 8080")];

function block(head: string, lines: readonly string[], servers: readonly string[] = two): string {
  return `virtual_server ${head} {\n${[...lines, ...servers].join("\n")}\n}\n`;
}

function web(...lines: readonly string[]): string {
  return block("10.1.@.1 80", lines);
}

function group(entries: string, lines: readonly string[], servers?: readonly string[]): string {
  const members = entries.split(";").map((line) => line.trim()).join("\n");
  return `virtual_server_group G@ {\n${members}\n}\n${block("group G@", lines, servers)}`;
}

const schedulers = "rr wrr lc wlc lblc lblcr sh mh dh fo ovf sed nq".split(" ")
  .map((word): [string, string] => [`scheduler ${word}`, web(tcp, `lvs_sched ${word}`, nat)]);

const flags = [
  "rr;flag-1",
  "rr;flag-2",
  "rr;flag-3",
  "sh;sh-port",
  "sh;sh-fallback",
  "sh;sh-port;sh-fallback",
  "mh;mh-port",
  "mh;mh-fallback",
  "sh;mh-port",
].map((words): [string, string] => {
  const [scheduler = "", ...set] = words.split(";");
  return [`flags ${words}`, web(tcp, `lvs_sched ${scheduler}`, nat, ...set)];
});

const methods = [
  "NAT",
  "DR",
  "TUN",
  "TUN type ipip",
  "TUN type gue port 6080",
  "TUN type gue port 6080 csum",
  "TUN type gue port 6080 remcsum",
  "TUN type gue port 6080 nocsum",
  "TUN type gre",
  "TUN type gre csum",
].map((words): [string, string] => [`method ${words}`, web(tcp, rr, `lvs_method ${words}`)]);

const persistence: [string, string][] = [
  ["persistence", web(...usual, "persistence_timeout 120")],
  ["persistence, bare", web(...usual, "persistence_timeout")],
  ["granularity", web(...usual, "persistence_timeout 60", "persistence_granularity 255.255.0.0")],
  ["granularity alone", web(...usual, "persistence_granularity 255.255.255.0")],
  [
    "granularity of IPv6",
    block(
      "2001:db8:@::1 80",
      [...usual, "persistence_timeout 60", "persistence_granularity 64"],
      two6,
    ),
  ],
  [
    "granularity of IPv6 alone",
    block("2001:db8:@::1 80", [...usual, "persistence_granularity 48"], two6),
  ],
  ["no port", block("10.1.@.1", usual)],
  ["no port, own timeout", block("10.1.@.1", [...usual, "persistence_timeout 77"])],
  [
    "an engine",
    block("10.1.@.1 5060", [
      "protocol UDP",
      rr,
      nat,
      "persistence_timeout 60",
      "persistence_engine sip",
    ]),
  ],
];

const heads: [string, string][] = [
  ["no protocol", web(rr, nat)],
  ["protocol udp", web("protocol udp", rr, nat)],
  ["protocol SCTP", web("protocol SCTP", rr, nat)],
  ["no scheduler", web(tcp, nat)],
  ["no method", web(tcp, rr)],
  ["older spellings", web(tcp, "lb_algo wrr", "lb_kind DR")],
  ["one packet", web("protocol UDP", rr, nat, "ops")],
  ["one packet of TCP", web(...usual, "ops")],
  ["IPv6", block("2001:db8:@::1 80", usual, two6)],
  ["IPv6 by a tunnel to IPv4", block("2001:db8:@::1 80", [tcp, rr, "lvs_method TUN"])],
  ["IPv4 by a tunnel to IPv6", block("10.1.@.1 80", [tcp, rr, "lvs_method TUN"], two6)],
  ["a mark", block("fwmark @", [rr, nat])],
  ["a mark, direct", block("fwmark @", [rr, "lvs_method DR"])],
  ["a mark of IPv6", block("fwmark @", [rr, "lvs_method DR"], two6)],
  [
    "a mark of IPv6 by ip_family",
    block("fwmark @", [rr, "lvs_method DR", "ip_family inet6"], two6),
  ],
  ["a mark, one packet", block("fwmark @", [rr, nat, "ops"])],
  ["a mark, persistent", block("fwmark @", [rr, nat, "persistence_timeout 60"])],
];

const servers: [string, string][] = [
  ["weight of the service", block("10.1.@.1 80", [...usual, "weight 5"])],
  ["weight 0", block("10.1.@.1 80", usual, [server("10.9.@.11 80", "weight 0"), ...two.slice(1)])],
  [
    "largest weight",
    block("10.1.@.1 80", usual, [server("10.9.@.11 80", "weight 2147483647")]),
  ],
  [
    "connection limits",
    block("10.1.@.1 80", usual, [server("10.9.@.11 80", "uthreshold 100", "lthreshold 10")]),
  ],
  ["upper limit alone", block("10.1.@.1 80", usual, [server("10.9.@.11 80", "uthreshold 7")])],
  [
    "a method of its own",
    block("10.1.@.1 80", usual, [server("10.9.@.11 80", "lvs_method DR"), ...two.slice(1)]),
  ],
  [
    "tunnels of their own",
    block("10.1.@.1 80", [tcp, rr, "lvs_method TUN"], [
      server("10.9.@.11 80", "lvs_method TUN type gue port 5555 csum"),
      server("10.9.@.12 80", "lvs_method TUN type gre csum"),
      server("10.9.@.13 80"),
    ]),
  ],
  ["no port of a server, NAT", block("10.1.@.1 80", usual, [server("10.9.@.11")])],
  [
    "no port of a server, DR",
    block("10.1.@.1 80", [tcp, rr, "lvs_method DR"], [server("10.9.@.11")]),
  ],
  ["other port of a server, DR", block("10.1.@.1 80", [tcp, rr, "lvs_method DR"])],
  ["no port of a service, ports of servers", block("10.1.@.1", usual)],
  [
    "the same server twice",
    block("10.1.@.1 80", usual, [...two, server("10.9.@.11 80", "weight 9")]),
  ],
];

const alpha = "delay_loop 100\nTCP_CHECK {\nconnect_timeout 1\n}";
const down = [server("10.9.@.11 80", "alpha", alpha), server("10.9.@.12 80", "alpha", alpha)];
const inhibited = down.map((text) => text.replace("{", "{\ninhibit_on_failure"));
const sorry = "sorry_server 10.9.@.99 8888";

const quorum: [string, string][] = [
  ["sorry server in reserve", web(...usual, sorry)],
  ["sorry server in reserve, inhibited", web(...usual, sorry, "sorry_server_inhibit")],
  [
    "sorry server with a method",
    web(...usual, sorry, "sorry_server_inhibit", "sorry_server_lvs_method DR"),
  ],
  ["quorum", web(...usual, "quorum 4", sorry)],
  ["quorum out of reach", web(...usual, "quorum 9", sorry)],
  ["quorum with hysteresis", web(...usual, "quorum 3", "hysteresis 1", sorry)],
  ["all down", block("10.1.@.1 80", usual, down)],
  ["all down, inhibited", block("10.1.@.1 80", usual, inhibited)],
  [
    "all down, inhibited by the service",
    block("10.1.@.1 80", [...usual, "inhibit_on_failure"], down),
  ],
  [
    "all down by the service",
    block("10.1.@.1 80", [...usual, "alpha"], [server("10.9.@.11 80", alpha)]),
  ],
  ["all down, sorry server", block("10.1.@.1 80", [...usual, sorry], down)],
  [
    "all down, sorry server without port",
    block("10.1.@.1 80", [...usual, "sorry_server 10.9.@.99"], down),
  ],
  [
    "all down, inhibited, sorry server direct",
    block("10.1.@.1 80", [...usual, sorry, "sorry_server_lvs_method DR"], inhibited),
  ],
  [
    "one down of two, too few",
    block("10.1.@.1 80", [...usual, "quorum 2", sorry], [two[0] ?? "", down[1] ?? ""]),
  ],
  [
    "one down of two, enough",
    block("10.1.@.1 80", [...usual, sorry], [two[0] ?? "", down[1] ?? ""]),
  ],
  [
    "one down of two, no sorry server",
    block("10.1.@.1 80", [...usual, "quorum 4"], [two[0] ?? "", down[1] ?? ""]),
  ],
  [
    "the sorry server is a server",
    block("10.1.@.1 80", [...usual, "sorry_server 10.9.@.11 80"], down),
  ],
];

const groups: [string, string][] = [
  ["group of addresses", group("10.1.@.1 80; 10.1.@.2 80; 10.1.@.3 443", usual)],
  ["group, range of the last octet", group("10.1.@.1-4 80", usual)],
  ["group, range of addresses", group("10.1.@.1-10.1.@.3 80", usual)],
  ["group, network", group("10.1.@.8/30 80", usual)],
  ["group of IPv6", group("2001:db8:@::1 80; 2001:db8:@::a-c 80", usual, two6)],
  ["group without ports", group("10.1.@.1; 10.1.@.2 80", usual)],
  ["group, direct", group("10.1.@.1 80; 10.1.@.2 443", [tcp, rr, "lvs_method DR"])],
  [
    "group, NAT, servers without ports",
    group("10.1.@.1 80; 10.1.@.2 443", usual, [server("10.9.@.11")]),
  ],
  ["group of marks", group("fwmark @; fwmark 1@", [rr, nat])],
  ["group of marks, direct", group("fwmark @; fwmark 1@ inet", [rr, "lvs_method DR"])],
  [
    "group of marks of IPv6",
    group("fwmark @ inet6; fwmark 1@ inet6", [rr, "lvs_method DR"], two6),
  ],
  ["group of an address and a mark", group("10.1.@.1 80; fwmark @", [...usual])],
  ["group, sorry server", group("10.1.@.1 80; 10.1.@.2 443", [...usual, sorry], down)],
  [
    "group, sorry server in reserve",
    group("10.1.@.1 80; 10.1.@.2 443", [...usual, sorry, "sorry_server_inhibit"]),
  ],
  ["group, persistent", group("10.1.@.1-2 80", [...usual, "persistence_timeout 50"])],
];

/** All of them. */
export const configurations: readonly Configuration[] = [
  ...schedulers,
  ...flags,
  ...methods,
  ...persistence,
  ...heads,
  ...servers,
  ...quorum,
  ...groups,
].map(([name, text]) => ({ name, text }));
