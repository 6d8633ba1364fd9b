/**
 * One virtual router: its plan, its state machine, sync groups, priority arithmetic, adverts.
 * RFC 3768 (version 2) and RFC 9568 (version 3); where they differ, keepalived.
 */
export * from "./plan.ts";
export * from "./state.ts";
