/**
 * One virtual router: its plan, its state machine, sync groups, priority arithmetic, adverts.
 * RFC 3768 (version 2) and RFC 9568 (version 3); where they differ, keepalived.
 */
export type { AddressDifference } from "./address_list.ts";
export * from "./advert.ts";
export { addressRoom } from "./advert_room.ts";
export * from "./announcement.ts";
export { describeSkew } from "./authentication/hmac.ts";
export type { HmacKey, HmacPlan } from "./authentication/plan.ts";
export * from "./authentication/sign.ts";
export { spreadBeats } from "./beat.ts";
export * from "./contender.ts";
export * from "./hear.ts";
export * from "./instance.ts";
export * from "./instance_state.ts";
export * from "./output.ts";
export * from "./plan.ts";
export * from "./priority.ts";
export * from "./receive.ts";
export * from "./stall.ts";
export * from "./stand_back.ts";
export * from "./route_line.ts";
export * from "./route_plan.ts";
export * from "./state.ts";
export * from "./sync_group.ts";
export * from "./timing.ts";
export * from "./unicast.ts";
export type * from "./virtual_link_plan.ts";
export * from "./witness.ts";
