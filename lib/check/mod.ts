/**
 * Health checks of real servers: when a check is due and what its results mean. What is asked of
 * a server is an effect of the engine's; here are the schedule and the verdict, as keepalived has
 * them.
 */
export * from "./agent.ts";
export * from "./checker.ts";
export * from "./datagram.ts";
export { isDnsName } from "../wire/mod.ts";
export * from "./exchange.ts";
export * from "./http.ts";
export * from "./judge.ts";
export * from "./memory.ts";
export * from "./plan.ts";
export * from "./smtp.ts";
export * from "./target.ts";
export { probeOf } from "./urls.ts";
