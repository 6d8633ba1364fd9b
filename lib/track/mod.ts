/**
 * What is tracked besides the virtual routers themselves: scripts, files, processes, interfaces and
 * BFD sessions. Each kind has a machine that turns observations into a verdict; `weigh.ts` turns
 * the verdicts into a change of a priority or a FAULT. Behaviour as keepalived's.
 */
export * from "./debounce.ts";
export * from "./file.ts";
export * from "./plan.ts";
export * from "./probe_plan.ts";
export * from "./process.ts";
export * from "./process_match.ts";
export * from "./script.ts";
export * from "./weigh.ts";
