/**
 * Virtual servers: which real servers take part in a service of IPVS, from who is up, quorum and
 * sorry server; and the difference of that to what the kernel has. Behaviour as keepalived's.
 */
/** The words of IPVS that plans are written in. */
export {
  forwarding,
  type IpvsService,
  type IpvsServiceId,
  serviceFlag,
  tunnelFlag,
  tunnelType,
} from "../netlink/mod.ts";
export * from "./changes.ts";
export * from "./mark_map.ts";
export * from "./nft_limits.ts";
export * from "./nft_service.ts";
export * from "./nft_text.ts";
export * from "./override.ts";
export * from "./plan.ts";
export * from "./quorum.ts";
export * from "./slow_start.ts";
export * from "./settings.ts";
export * from "./wanted.ts";
