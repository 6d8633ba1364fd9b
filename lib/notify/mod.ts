/**
 * Who is told what, and in which order: the scripts and FIFOs of virtual routers and sync groups.
 * Pure: a queue says what is to be run, the engine has it run and says when it has ended.
 */
export * from "./delivery_queue.ts";
export * from "./mail.ts";
export * from "./plan.ts";
export * from "./queue.ts";
export * from "./webhook.ts";
export * from "./words.ts";
