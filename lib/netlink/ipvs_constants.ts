/**
 * Numbers of IPVS by the names that linux/ip_vs.h gives them. Only those that we send or
 * understand.
 */

/** IPVS_GENL_NAME and IPVS_GENL_VERSION. */
export const ipvsFamily = { name: "IPVS", version: 1 } as const;

/** Commands (IPVS_CMD_*). */
export const ipvsCommand = {
  newService: 1,
  setService: 2,
  deleteService: 3,
  getService: 4,
  newDestination: 5,
  setDestination: 6,
  deleteDestination: 7,
  getDestination: 8,
  newDaemon: 9,
  deleteDaemon: 10,
  setConfig: 12,
  getConfig: 13,
  getInfo: 15,
  flush: 17,
} as const;

/** What a command is about (IPVS_CMD_ATTR_*). */
export const ipvsAttribute = {
  service: 1,
  destination: 2,
  daemon: 3,
  timeoutTcp: 4,
  timeoutTcpFin: 5,
  timeoutUdp: 6,
} as const;

/** Attributes of a sync daemon (IPVS_DAEMON_ATTR_*). */
export const daemonAttribute = {
  state: 1,
  interface: 2,
  id: 3,
  maxLength: 4,
  group: 5,
  group6: 6,
  port: 7,
  ttl: 8,
} as const;

/** What a sync daemon does (IP_VS_STATE_*). */
export const syncState = { master: 1, backup: 2 } as const;

/** Attributes of a service (IPVS_SVC_ATTR_*). */
export const serviceAttribute = {
  family: 1,
  protocol: 2,
  address: 3,
  port: 4,
  mark: 5,
  scheduler: 6,
  flags: 7,
  timeout: 8,
  netmask: 9,
  counters: 10,
  engine: 11,
  wideCounters: 12,
} as const;

/** Attributes of a destination (IPVS_DEST_ATTR_*). */
export const destinationAttribute = {
  address: 1,
  port: 2,
  method: 3,
  weight: 4,
  upper: 5,
  lower: 6,
  active: 7,
  inactive: 8,
  counters: 10,
  family: 11,
  wideCounters: 12,
  tunnelType: 13,
  tunnelPort: 14,
  tunnelFlags: 15,
} as const;

/** Counters (IPVS_STATS_ATTR_*). */
export const counterAttribute = {
  connections: 1,
  inPackets: 2,
  outPackets: 3,
  inBytes: 4,
  outBytes: 5,
} as const;

/** IPVS_INFO_ATTR_VERSION. */
export const infoVersionAttribute = 1;

/** Flags of a service (IP_VS_SVC_F_*); the kernel sets `hashed` by itself. */
export const serviceFlag = {
  persistent: 0x1,
  hashed: 0x2,
  onePacket: 0x4,
  scheduler1: 0x8,
  scheduler2: 0x10,
  scheduler3: 0x20,
} as const;

/** How packets get to a destination (IP_VS_CONN_F_*), and the bits that say it. */
export const forwarding = { masquerade: 0, tunnel: 2, direct: 3, mask: 7 } as const;

/** Kinds of tunnels (IP_VS_CONN_F_TUNNEL_TYPE_*). */
export const tunnelType = { ipip: 0, gue: 1, gre: 2 } as const;

/** Flags of a tunnel (IP_VS_TUNNEL_ENCAP_FLAG_*). */
export const tunnelFlag = { noChecksum: 0, checksum: 1, remoteChecksum: 2 } as const;
