/**
 * Tales of what is in the kernel: addresses of every kind, routes, rules, links, firewall sets.
 */
import type { Tale } from "./tale.ts";
import {
  backup,
  instance,
  master,
  secondLink,
  start,
  step,
  stop,
  stopped,
  v3,
} from "./tale_words.ts";

const quick = ["version 3", "advert_int 0.2"];

/** It becomes master and stops; the kernel is looked at in between. */
function comesAndGoes(name: string, config: string, box: readonly string[] = []): Tale {
  return {
    name,
    config,
    box,
    steps: [step("it starts", start, master), step("it stops", stop, stopped)],
  };
}

const dummy = [
  secondLink,
  "link set dummy1 up",
  "link set dummy0 up",
];

/** The tales of the kernel. */
export const tablesTales: readonly Tale[] = [
  comesAndGoes(
    "addresses with everything that can be said of them",
    instance([
      ...quick,
      "virtual_ipaddress {",
      "    10.77.0.100/24 brd 10.77.0.255 label eth0:vip",
      "    10.77.0.101/32 scope link",
      "    10.99.0.1/24 dev dummy0 noprefixroute",
      "    10.99.1.1/24 dev dummy0 scope site",
      "    10.99.2.1/24 dev dummy0 scope 7",
      "    239.1.2.3/32 dev dummy0 autojoin",
      "}",
      "virtual_ipaddress_excluded {",
      "    10.77.0.110",
      "    2001:db8:77::110/64",
      "    2001:db8:99::1/64 dev dummy0 home",
      "    2001:db8:98::1/64 dev dummy0 mngtmpaddr",
      "    2001:db8:97::1/64 dev dummy0 preferred_lft forever -nodad",
      "}",
    ]),
    dummy,
  ),
  comesAndGoes(
    "addresses of IPv6",
    instance([
      ...quick,
      "virtual_ipaddress { fe80::77:100/64\n2001:db8:77::100/64\n2001:db8:77::101 }",
      "virtual_ipaddress_excluded { 10.77.0.110/24 }",
    ]),
  ),
  {
    name: "somebody deletes an address",
    config: instance(v3),
    steps: [
      step("it starts", start, master),
      step(
        "the address is deleted",
        ({ node }) => void node.namespace.ip("address delete 10.77.0.100/24 dev eth0"),
        backup,
        master,
      ),
    ],
  },
  {
    name: "somebody deletes an address that does not matter",
    config: instance([
      ...quick,
      "virtual_ipaddress { 10.77.0.100/24 }",
      "virtual_ipaddress_excluded { 10.77.0.110/24 no_track }",
    ]),
    steps: [
      step("it starts", start, master),
      step(
        "the address is deleted",
        ({ node }) => void node.namespace.ip("address delete 10.77.0.110/24 dev eth0"),
      ),
      step("it stops", stop, stopped),
    ],
  },
  comesAndGoes(
    "routes that come and go",
    instance([
      ...v3,
      "virtual_routes {",
      "    192.168.100.0/24 via 10.77.0.2 dev eth0",
      "    192.168.101.0/24 dev eth0 table 100 metric 50",
      "    blackhole 192.168.102.0/24",
      "    192.168.103.0/24 via 10.77.0.2 mtu 1400 advmss 1300 src 10.77.0.100",
      "    default via 10.77.0.2 dev eth0 table 101",
      "}",
    ]),
  ),
  comesAndGoes(
    "a route with several gateways",
    instance([
      ...v3,
      "virtual_routes {",
      "    192.168.100.0/24 nexthop via 10.77.0.2 dev eth0 weight 2 nexthop via 10.77.0.3 weight 1",
      "}",
    ]),
  ),
  comesAndGoes(
    "rules that come and go",
    instance([
      ...v3,
      "virtual_rules {",
      "    from 192.168.100.0/24 table 100 priority 1000",
      "    to 192.168.101.0/24 iif eth0 table 101 priority 1001",
      "    fwmark 0x10/0xff table 102 priority 1002",
      "    from 10.1.0.0/16 blackhole priority 1003",
      "}",
    ]),
  ),
  comesAndGoes(
    "static addresses, routes and rules",
    "static_ipaddress {\n    10.98.0.1/24 dev dummy0\n}\n" +
      "static_routes {\n    192.168.200.0/24 via 10.77.0.2 dev eth0\n}\n" +
      "static_rules {\n    from 192.168.200.0/24 table 200 priority 2000\n}\n" + instance(v3),
    dummy,
  ),
  comesAndGoes("a virtual MAC", instance(["use_vmac", ...v3])),
  comesAndGoes(
    "a virtual MAC, adverts from the interface",
    instance(["use_vmac", "vmac_xmit_base", ...v3]),
  ),
  comesAndGoes(
    "virtual MACs with prefixes of their names",
    instance([
      "use_vmac_addr",
      "use_vmac",
      ...quick,
      "virtual_ipaddress {\n10.77.0.100/24\n10.99.0.1/24 dev dummy0\n}",
    ], { global: ["vmac_prefix gate", "vmac_addr_prefix side"] }),
    dummy,
  ),
  comesAndGoes("a virtual MAC with a name", instance(["use_vmac vip0", ...v3])),
  {
    ...comesAndGoes(
      "a virtual MAC of IPv6",
      instance(["use_vmac", ...quick, "virtual_ipaddress { fe80::77:100/64 }"]),
    ),
    newerFirewall: "what 2.4.3 does with MLD and neighbour adverts, 2.2.7 does not do yet",
  },
  comesAndGoes("packets to the addresses are not accepted", instance(["no_accept", ...v3])),
];
