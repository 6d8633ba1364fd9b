/**
 * Record and replay: what an engine was given, as lines of a file, and the same played again with
 * what was decided. Pure: hosts and commands read and write the lines.
 */
export * from "./about.ts";
export * from "./effect_words.ts";
export * from "./event_words.ts";
export { encodeLine, type EndReason, type Head } from "./format.ts";
export * from "./names.ts";
export type { NameOf } from "./plain_words.ts";
export * from "./play.ts";
export * from "./recorder.ts";
