/**
 * What a node holds besides addresses: file systems, services, NFS exports, scripts, in the order
 * of the file. They are started in order where the role is, and stopped in reverse where it is not.
 * `set.ts` is the state machine, `commands.ts` what is run for each kind.
 */
export * from "./commands.ts";
export * from "./plan.ts";
export * from "./replan.ts";
export * from "./set.ts";
export * from "./state.ts";
