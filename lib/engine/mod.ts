/**
 * `step(event, now) → effects` is the whole daemon: events are routed to the rooms that decide,
 * their outputs become effects. No clock, no randomness, no I/O.
 */
export * from "./effect.ts";
export * from "./event.ts";
export * from "./snapshot.ts";
export * from "./tell.ts";
