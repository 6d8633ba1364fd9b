/**
 * The command line: one file per command, and keepalived's own options beside them.
 */
export * from "./exit.ts";
export * from "./main.ts";
