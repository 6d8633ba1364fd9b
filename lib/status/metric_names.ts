/**
 * The names of all metrics, in one place for code and tests. `standin_…` are our own, with the
 * unit last. `keepalived_…` are the names and labels that the keepalived exporter by mehdy made
 * common, so that dashboards and alerts made for it keep working.
 */
import type { CounterName, StateName } from "../vrrp/mod.ts";

/** Our own metrics about the daemon and its instances. */
export const standinMetrics = {
  buildInfo: "standin_build_info",
  startTime: "standin_start_time_seconds",
  configLoadTime: "standin_config_load_time_seconds",
  configReloads: "standin_config_reloads_total",
  lastReload: "standin_config_last_reload_successful",
  state: "standin_instance_state",
  priority: "standin_instance_priority",
  basePriority: "standin_instance_base_priority",
  advertInterval: "standin_instance_advert_interval_seconds",
  lastTransition: "standin_instance_last_transition_time_seconds",
  faults: "standin_instance_faults",
  groupState: "standin_sync_group_state",
  masterKnown: "standin_instance_master_known",
  twoMasters: "standin_instance_two_masters",
  duplicateAddresses: "standin_instance_duplicate_addresses",
  addressDifferences: "standin_instance_address_differences",
  maintenance: "standin_maintenance",
  stalls: "standin_stalls_total",
  longestStall: "standin_longest_stall_seconds",
  unmatchedPackets: "standin_unmatched_packets_total",
  lostPackets: "standin_lost_packets_total",
  trackerState: "standin_tracker_state",
  trackerValue: "standin_tracker_value",
  trackerLastChange: "standin_tracker_last_change_time_seconds",
  trackerPriority: "standin_tracker_priority_change",
  trackerFault: "standin_tracker_fault",
  resourceState: "standin_resource_state",
  resourceFailures: "standin_resource_failures",
  resourceLastChange: "standin_resource_last_change_time_seconds",
  resourcesHeldOff: "standin_resources_held_off",
  bfdState: "standin_bfd_session_state",
  bfdTransmitInterval: "standin_bfd_session_transmit_interval_seconds",
  bfdDetectionTime: "standin_bfd_session_detection_time_seconds",
  bfdSent: "standin_bfd_packets_sent_total",
  bfdReceived: "standin_bfd_packets_received_total",
  bfdDropped: "standin_bfd_packets_dropped_total",
  bfdWentUp: "standin_bfd_session_up_total",
  bfdWentDown: "standin_bfd_session_down_total",
  virtualServerUp: "standin_virtual_server_up",
  virtualServerBalanced: "standin_virtual_server_balanced",
  realServerUp: "standin_real_server_up",
  checkUp: "standin_check_up",
  checkRuns: "standin_check_runs_total",
  checkFailures: "standin_check_failures_total",
  checkDuration: "standin_check_last_duration_seconds",
  realServerWeight: "standin_real_server_weight",
  realServerConnections: "standin_real_server_active_connections",
  bfdUnmatched: "standin_bfd_unmatched_packets_total",
} as const;

/** Metrics that exporters for keepalived made common. */
export const keepalivedMetrics = {
  up: "keepalived_up",
  state: "keepalived_vrrp_state",
  excludedState: "keepalived_vrrp_excluded_state",
  gratuitousArpDelay: "keepalived_gratuitous_arp_delay_total",
  scriptStatus: "keepalived_script_status",
  scriptState: "keepalived_script_state",
} as const;

/** All states, in the order in which they are printed. */
export const stateNames: readonly StateName[] = ["INIT", "BACKUP", "MASTER", "FAULT", "STOPPED"];

/** The numbers of `keepalived_vrrp_state`; it knows no STOPPED, which is nearest to INIT. */
export const keepalivedStateNumbers: Readonly<Record<StateName, number>> = {
  INIT: 0,
  BACKUP: 1,
  MASTER: 2,
  FAULT: 3,
  STOPPED: 0,
};

/** How one counter of an instance is called and explained. */
export interface CounterMetric {
  readonly standin: string;
  /** Absent where the exporters have no such counter. */
  readonly keepalived?: string;
  readonly help: string;
}

/** The metric names of every counter. */
export const counterMetrics: Readonly<Record<CounterName, CounterMetric>> = {
  advertReceived: {
    standin: "standin_adverts_received_total",
    keepalived: "keepalived_advertisements_received_total",
    help: "Advertisements received and accepted",
  },
  advertSent: {
    standin: "standin_adverts_sent_total",
    keepalived: "keepalived_advertisements_sent_total",
    help: "Advertisements sent",
  },
  becomeMaster: {
    standin: "standin_become_master_total",
    keepalived: "keepalived_become_master_total",
    help: "Transitions to MASTER",
  },
  releaseMaster: {
    standin: "standin_release_master_total",
    keepalived: "keepalived_release_master_total",
    help: "Transitions from MASTER",
  },
  packetLengthErrors: {
    standin: "standin_packet_length_errors_total",
    keepalived: "keepalived_packet_length_errors_total",
    help: "Packets dropped because their length was wrong",
  },
  advertIntervalErrors: {
    standin: "standin_advert_interval_errors_total",
    keepalived: "keepalived_advertisements_interval_errors_total",
    help: "Advertisements with an interval that is not ours",
  },
  ipTtlErrors: {
    standin: "standin_ip_ttl_errors_total",
    keepalived: "keepalived_ip_ttl_errors_total",
    help: "Packets dropped because their TTL or hop limit was not 255",
  },
  invalidTypeReceived: {
    standin: "standin_invalid_type_received_total",
    keepalived: "keepalived_invalid_type_received_total",
    help: "Packets dropped because they were no advertisement",
  },
  versionErrors: {
    standin: "standin_version_errors_total",
    help: "Packets dropped because of their VRRP version",
  },
  checksumErrors: {
    standin: "standin_checksum_errors_total",
    help: "Packets dropped because their checksum was wrong",
  },
  addressListErrors: {
    standin: "standin_address_list_errors_total",
    keepalived: "keepalived_address_list_errors_total",
    help: "Advertisements with a list of addresses that is not ours",
  },
  invalidAuthType: {
    standin: "standin_authentication_invalid_total",
    keepalived: "keepalived_authentication_invalid_total",
    help: "Packets with an unknown type of authentication",
  },
  authTypeMismatch: {
    standin: "standin_authentication_mismatch_total",
    keepalived: "keepalived_authentication_mismatch_total",
    help: "Packets with a type of authentication that is not ours",
  },
  authFailure: {
    standin: "standin_authentication_failure_total",
    keepalived: "keepalived_authentication_failure_total",
    help: "Packets that failed authentication",
  },
  authExtMissing: {
    standin: "standin_authentication_extension_missing_total",
    help: "Packets dropped because they were not signed",
  },
  authExtMalformed: {
    standin: "standin_authentication_extension_malformed_total",
    help: "Packets dropped because their signature has no known form",
  },
  authExtUnknownKey: {
    standin: "standin_authentication_extension_unknown_key_total",
    help: "Packets dropped because they were signed with an unknown key",
  },
  authExtInvalidHmac: {
    standin: "standin_authentication_extension_invalid_hmac_total",
    help: "Packets dropped because their signature was wrong",
  },
  authExtStale: {
    standin: "standin_authentication_extension_stale_total",
    help: "Packets dropped because their time stamp was out of the window",
  },
  authExtReplay: {
    standin: "standin_authentication_extension_replay_total",
    help: "Packets dropped because their time stamp was used before",
  },
  priorityZeroReceived: {
    standin: "standin_priority_zero_received_total",
    keepalived: "keepalived_priority_zero_received_total",
    help: "Advertisements with priority 0 received: the master gave its role away",
  },
  priorityZeroSent: {
    standin: "standin_priority_zero_sent_total",
    keepalived: "keepalived_priority_zero_sent_total",
    help: "Advertisements with priority 0 sent",
  },
  ownerAdvertIgnored: {
    standin: "standin_owner_adverts_ignored_total",
    help: "Advertisements that the owner of the addresses left out of account",
  },
  ownAdvertReceived: {
    standin: "standin_own_adverts_received_total",
    help: "Advertisements received that this node itself had sent",
  },
  unknownPeer: {
    standin: "standin_unknown_peer_adverts_total",
    help: "Unicast advertisements of routers that are no peers",
  },
  gratuitousArpSent: {
    standin: "standin_gratuitous_arp_sent_total",
    help: "Gratuitous ARP packets sent",
  },
  neighborAdvertisementSent: {
    standin: "standin_neighbor_advertisements_sent_total",
    help: "Unsolicited neighbour advertisements sent",
  },
  nearFailovers: {
    standin: "standin_near_failovers_total",
    help: "Advertisements that came when the timer of a backup was nearly out",
  },
  contenderAdverts: {
    standin: "standin_second_master_adverts_total",
    help: "Advertisements of another master that were heard while master",
  },
  externalDeletions: {
    standin: "standin_vrrp_external_deletions_total",
    help: "Addresses, routes and rules of a master that somebody else deleted",
  },
  duplicateClaims: {
    standin: "standin_duplicate_address_claims_total",
    help: "ARP packets and neighbour advertisements in which somebody else uses an address of ours",
  },
};
