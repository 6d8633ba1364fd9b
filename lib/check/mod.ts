/**
 * Health checks of real servers: when a check is due and what its results mean. The connection is
 * an effect of the engine's; here is the schedule and the verdict, as keepalived has them.
 */
export * from "./checker.ts";
export * from "./plan.ts";
export * from "./target.ts";
