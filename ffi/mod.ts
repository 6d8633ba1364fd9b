/**
 * The C library and the kernel's interface: one symbol table, two runtimes. What is thin and the
 * same for every program lives here; what it is used for lives in `lib/host/linux`.
 */
export type { HttpHandler, HttpPlace, HttpServer } from "./binding.ts";
export * from "./clock.ts";
export * from "./clock_watch.ts";
export * from "./constants.ts";
export * from "./errno.ts";
export * from "./layouts.ts";
export * from "./libc.ts";
export * from "./nftables.ts";
export * from "./packet_filter.ts";
export * from "./pcre2.ts";
export * from "./poller.ts";
export * from "./process_connector.ts";
export * from "./scheduling.ts";
export * from "./signal_pipe.ts";
export * from "./socket.ts";
export * from "./spawn.ts";
