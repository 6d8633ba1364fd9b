/**
 * Scenarios on the virtual network: plain data that says which nodes there are and what is done to
 * them, how it is played, and who watches. Nothing here is loaded by the daemon.
 */
export * from "./history.ts";
export * from "./play.ts";
export * from "./referee.ts";
export * from "./rules.ts";
export * from "./scenario.ts";
export * from "./watchers.ts";
export * from "./assemble.ts";
export * from "./faults.ts";
export * from "./judge.ts";
export * from "./picture.ts";
export * from "./report.ts";
export * from "./script.ts";
