/** Rows whose tests stand in files of their own. */

/** The block, its keywords or `*` for all, and the test that fails when one of them is ignored. */
export type Elsewhere = readonly [path: string, words: string, file: string];

/** All of them. */
export const elsewhere: readonly Elsewhere[] = [
  // Everything that is told to scripts and FIFOs.
  ["", "notify_timeout vrrp_script", "test/sim/notify_test.ts"],
  ["", "address_lease", "test/sim/lease_test.ts"],
  ["", "webhook", "test/sim/webhook_test.ts"],
  ["webhook", "url secret_file events timeout", "test/sim/webhook_test.ts"],
  [
    "global_defs",
    "vrrp_notify_fifo vrrp_notify_fifo_script vrrp_notify_priority_changes",
    "test/sim/notify_test.ts",
  ],
  ["vrrp_instance", "smtp_alert", "test/sim/mail_test.ts"],
  ["vrrp_sync_group", "smtp_alert", "test/sim/mail_test.ts"],
  ["virtual_server", "smtp_alert", "test/sim/mail_test.ts"],
  ["virtual_server/real_server", "smtp_alert", "test/sim/mail_test.ts"],
  ["global_defs", "fifo_write_vrrp_states_on_reload", "test/sim/notify_test.ts"],
  ["vrrp_instance", "notify_deleted notify_conflict", "test/sim/notify_test.ts"],
  [
    "global_defs",
    "use_symlink_paths set_supplementary_groups enable_script_security script_user",
    "test/unit/config/commands_test.ts",
  ],
  [
    "global_defs",
    "process_monitor_rcv_bufs process_monitor_rcv_bufs_force",
    "test/unit/config/commands_test.ts",
  ],
  ["global_defs", "startup_script shutdown_script", "test/support/lab/tales.ts"],
  ["vrrp_script", "user", "test/unit/config/commands_test.ts"],
  // Trackers.
  [
    "",
    "linkbeat_use_polling linkbeat_interfaces vrrp_track_process track_file",
    "test/sim/track_test.ts",
  ],
  ["", "interface_up_down_delays", "test/sim/track_test.ts"],
  ["vrrp_script", "interval timeout rise fall init_fail script weight", "test/sim/track_test.ts"],
  ["vrrp_track_process", "process weight quorum quorum_max", "test/sim/track_test.ts"],
  [
    "vrrp_instance",
    "track_interface track_file track_process linkbeat_use_polling track_script",
    "test/sim/track_test.ts",
  ],
  ["", "track_probe", "test/sim/track_probe_test.ts"],
  ["vrrp_instance", "track_probe", "test/sim/track_probe_test.ts"],
  ["vrrp_sync_group", "track_probe", "test/sim/track_probe_test.ts"],
  ["vrrp_instance/track_probe", "weight reverse", "test/sim/track_probe_test.ts"],
  [
    "track_probe",
    "ping arp tcp http dns route disk command at_least interval timeout rise fall weight init_fail",
    "test/sim/track_probe_test.ts",
  ],
  ["vrrp_instance", "witness", "test/sim/witness_test.ts"],
  ["vrrp_instance", "track_bfd", "test/sim/bfd_track_test.ts"],
  ["vrrp_instance", "track_virtual_server", "test/sim/track_server_test.ts"],
  ["vrrp_instance/track_virtual_server", "weight reverse", "test/sim/track_server_test.ts"],
  // Blocks: without them there is nothing to tell.
  ["", "global_defs vrrp_instance", "test/sim/transport_test.ts"],
  ["", "vrrp_sync_group bfd_instance", "test/sim/bfd_track_test.ts"],
  // The transport of adverts.
  ["global_defs", "vrrp_check_unicast_src dynamic_interfaces", "test/sim/transport_test.ts"],
  ["global_defs", "log_unknown_vrids", "test/sim/authentication_test.ts"],
  [
    "vrrp_instance",
    "unicast_src_ip mcast_dst_ip track_src_ip unicast_ttl check_unicast_src",
    "test/sim/transport_test.ts",
  ],
  [
    "vrrp_instance",
    "unicast_fault_no_peer old_unicast_checksum vrf unicast_peer",
    "test/sim/transport_test.ts",
  ],
  ["vrrp_instance/unicast_peer", "min_ttl max_ttl", "test/sim/transport_test.ts"],
  ["vrrp_instance", "authentication auth_hmac", "test/sim/authentication_test.ts"],
  ["vrrp_instance/authentication", "auth_type auth_pass", "test/sim/authentication_test.ts"],
  ["vrrp_instance/auth_hmac", "key active_key time_window mode", "test/sim/authentication_test.ts"],
  ["vrrp_instance", "vmac_xmit_base", "test/sim/virtual_link_test.ts"],
  // Announcements on other interfaces.
  [
    "vrrp_instance",
    "garp_extra_if promote_secondaries",
    "test/sim/other_links_test.ts",
  ],
  // The firewall.
  [
    "global_defs",
    "nftables nftables_priority nftables_ifindex nftables_counters",
    "test/sim/firewall_test.ts",
  ],
  ["vrrp_instance", "accept no_accept", "test/sim/firewall_test.ts"],
  // The process itself.
  [
    "global_defs",
    "max_auto_priority min_auto_priority_delay vrrp_priority vrrp_no_swap umask",
    "test/lab/process_test.ts",
  ],
  [
    "global_defs",
    "vrrp_rt_priority vrrp_cpu_affinity vrrp_rlimit_rttime process_name",
    "test/lab/process_test.ts",
  ],
  ["global_defs", "vrrp_rlimit_rtime", "test/unit/config/process_test.ts"],
  ["", "net_namespace", "test/lab/process_test.ts"],
  // Reloads, and dump files.
  [
    "global_defs",
    "config_save_dir reload_check_config reload_time_file reload_file",
    "test/lab/dump_test.ts",
  ],
  ["global_defs", "reload_repeat", "test/unit/host/reload_time_test.ts"],
  ["global_defs", "state_dump_file data_use_instance json_version", "test/unit/dump_test.ts"],
  ["", "instance", "test/unit/dump_test.ts"],
  ["", "status_listen status_token_file", "test/lab/life_test.ts"],
  // Lines of addresses, routes and rules: what the kernel is asked.
  ["vrrp_instance/virtual_ipaddress", "*", "test/unit/config/address_words_test.ts"],
  ["vrrp_instance/virtual_ipaddress_excluded", "*", "test/unit/config/address_words_test.ts"],
  ["static_ipaddress", "*", "test/unit/config/address_words_test.ts"],
  ["vrrp_instance/virtual_rules", "*", "test/unit/config/routing_words_test.ts"],
  ["static_rules", "*", "test/unit/config/routing_words_test.ts"],
  ["vrrp_instance/virtual_routes", "*", "test/unit/config/routing_words_test.ts"],
  ["vrrp_instance/virtual_routes/nexthop", "*", "test/unit/config/routing_words_test.ts"],
  ["vrrp_instance/virtual_routes/encap/ip", "*", "test/unit/config/routing_words_test.ts"],
  ["vrrp_instance/virtual_routes/encap/ip6", "*", "test/unit/config/routing_words_test.ts"],
  ["vrrp_instance/virtual_routes/nexthop/encap/ip", "*", "test/unit/config/routing_words_test.ts"],
  ["vrrp_instance/virtual_routes/nexthop/encap/ip6", "*", "test/unit/config/routing_words_test.ts"],
  ["static_routes", "*", "test/unit/config/routing_words_test.ts"],
  ["static_routes/nexthop", "*", "test/unit/config/routing_words_test.ts"],
  ["static_routes/encap/ip", "*", "test/unit/config/routing_words_test.ts"],
  ["static_routes/encap/ip6", "*", "test/unit/config/routing_words_test.ts"],
  ["static_routes/nexthop/encap/ip", "*", "test/unit/config/routing_words_test.ts"],
  ["static_routes/nexthop/encap/ip6", "*", "test/unit/config/routing_words_test.ts"],
  // Virtual servers; their configurations are held against keepalived on a kernel with IPVS.
  ["vrrp_instance", "lvs_sync_daemon_interface", "test/sim/balance_settings_test.ts"],
  [
    "global_defs",
    "lvs_timeouts lvs_flush lvs_flush_on_stop lvs_flush_onstop lvs_sync_daemon",
    "test/sim/balance_settings_test.ts",
  ],
  ["global_defs/lvs_timeouts", "tcp tcpfin udp", "test/sim/balance_settings_test.ts"],
  [
    "global_defs/lvs_sync_daemon",
    "inst id maxlen port ttl group",
    "test/sim/balance_settings_test.ts",
  ],
  [
    "global_defs",
    "lvs_notify_fifo lvs_notify_fifo_script rs_init_notifies",
    "test/sim/balance_notify_test.ts",
  ],
  [
    "global_defs",
    "nftables_ipvs nftables_ipvs_priority nftables_ipvs_start_fwmark",
    "test/sim/balance_marks_test.ts",
  ],
  ["global_defs", "checker_alpha", "test/sim/check_test.ts"],
  ["", "net_namespace_ipvs", "test/sim/balance_marks_test.ts"],
  ["", "virtual_server virtual_server_group", "test/sim/balance_group_test.ts"],
  ["virtual_server (head)", "fwmark group", "test/support/kernel/ipvs_configurations.ts"],
  ["virtual_server_group", "fwmark inet inet6", "test/support/kernel/ipvs_configurations.ts"],
  [
    "virtual_server",
    "ip_family lb_algo lvs_sched ops flag-1 flag-2 flag-3 sh-port sh-fallback mh-port mh-fallback",
    "test/support/kernel/ipvs_configurations.ts",
  ],
  [
    "virtual_server",
    "lb_kind lvs_method persistence_engine persistence_timeout persistence_granularity protocol",
    "test/support/kernel/ipvs_configurations.ts",
  ],
  [
    "virtual_server",
    "quorum hysteresis weight sorry_server sorry_server_inhibit sorry_server_lvs_method",
    "test/support/kernel/ipvs_configurations.ts",
  ],
  ["virtual_server", "inhibit_on_failure alpha", "test/support/kernel/ipvs_configurations.ts"],
  ["virtual_server", "real_server ha_suspend omega", "test/sim/balance_notify_test.ts"],
  ["virtual_server", "rise fastinter slow_start", "test/sim/slow_start_test.ts"],
  ["virtual_server/real_server", "rise fastinter slow_start", "test/sim/slow_start_test.ts"],
  ["virtual_server", "quorum_up quorum_down", "test/sim/balance_notify_test.ts"],
  ["virtual_server", "virtualhost", "test/unit/config/check_plan_test.ts"],
  ["virtual_server/real_server", "virtualhost", "test/unit/config/check_plan_test.ts"],
  ["virtual_server/lb_kind", "*", "test/support/kernel/ipvs_configurations.ts"],
  [
    "virtual_server/lvs_method",
    "type port nocsum csum remcsum",
    "test/support/kernel/ipvs_configurations.ts",
  ],
  [
    "virtual_server/sorry_server_lvs_method",
    "type port nocsum csum remcsum",
    "test/support/kernel/ipvs_configurations.ts",
  ],
  [
    "virtual_server/real_server/lvs_method",
    "type port nocsum csum remcsum",
    "test/support/kernel/ipvs_configurations.ts",
  ],
  [
    "virtual_server",
    "retry delay_before_retry warmup connect_timeout delay_loop",
    "test/sim/balance_test.ts",
  ],
  [
    "virtual_server/real_server",
    "weight lvs_method uthreshold lthreshold",
    "test/support/kernel/ipvs_configurations.ts",
  ],
  [
    "virtual_server/real_server",
    "inhibit_on_failure alpha",
    "test/support/kernel/ipvs_configurations.ts",
  ],
  ["virtual_server/real_server", "AGENT_CHECK", "test/sim/agent_check_test.ts"],
  ["virtual_server/real_server", "notify_up notify_down", "test/sim/balance_notify_test.ts"],
  [
    "virtual_server/real_server",
    "retry delay_before_retry warmup connect_timeout delay_loop",
    "test/sim/balance_test.ts",
  ],
];
