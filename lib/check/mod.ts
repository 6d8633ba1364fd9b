/**
 * Health checks of real servers: when a check is due and what its results mean. What is asked of
 * a server is an effect of the engine's; here are the schedule and the verdict, as keepalived has
 * them.
 */
export * from "./checker.ts";
export * from "./judge.ts";
export * from "./memory.ts";
export * from "./plan.ts";
export * from "./target.ts";
