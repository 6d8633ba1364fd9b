/**
 * What Debian's keepalived 2.2.7 makes of `nftables_ipvs`, as `nft list ruleset` shows it: its
 * messages to the kernel were caught where IPVS is and given to a kernel with nftables.
 */
/** The file that it read. */
export const markConfiguration: string = `global_defs {
nftables_ipvs
}
virtual_server_group A {
10.1.0.1-3 80
10.1.1.1 443
}
virtual_server_group B {
10.3.5.3 80
}
virtual_server_group C {
2001:db8::1 80
}
${
  [["A", "TCP", "10.9.0.1"], ["A", "UDP", "10.9.0.2"], ["B", "SCTP", "10.9.0.4"], [
    "C",
    "TCP",
    "2001:db8:9::2",
  ]].map(([group, protocol, server]) =>
    `virtual_server group ${group} {\nprotocol ${protocol}\nlvs_sched rr\nlvs_method NAT\n` +
    `real_server ${server} 80 {\n}\n}\n`
  ).join("")
}`;

/** The tables. */
export const markTables = `table ip keepalived_ipvs {
	map tcp_map {
		type ipv4_addr . inet_service : mark
		flags interval
		elements = { 10.1.0.1-10.1.0.3 . 80 : 0x000003e8,
			     10.1.1.1 . 443 : 0x000003e8 }
	}

	map udp_map {
		type ipv4_addr . inet_service : mark
		flags interval
		elements = { 10.1.0.1-10.1.0.3 . 80 : 0x000003e9,
			     10.1.1.1 . 443 : 0x000003e9 }
	}

	map sctp_map {
		type ipv4_addr . inet_service : mark
		flags interval
		elements = { 10.3.5.3 . 80 : 0x000003ea }
	}

	chain in {
		type filter hook input priority filter - 1; policy accept;
		meta mark set ip daddr . tcp dport map @tcp_map return
		meta mark set ip daddr . udp dport map @udp_map return
		meta mark set ip daddr . sctp dport map @sctp_map return
	}
}
table ip6 keepalived_ipvs {
	map tcp_map {
		type ipv6_addr . inet_service : mark
		flags interval
		elements = { 2001:db8::1 . 80 : 0x000003eb }
	}

	chain in {
		type filter hook input priority filter - 1; policy accept;
		meta mark set ip6 daddr . tcp dport map @tcp_map return
	}
}
`;
