/**
 * keepalived's own windows: the files that it writes on USR1 (data), USR2 (statistics) and
 * SIGRTMIN+2 (JSON), in its words, so that what was made to read them goes on working. Pure: from
 * the model and the snapshot to a text; who asks, and where it is written, is the host's.
 */
export { bfdDataPieces } from "./bfd.ts";
export { checkDataPieces } from "./check.ts";
export { dataPieces } from "./data.ts";
export { renderJson } from "./json.ts";
export { whole } from "./section.ts";
export { renderStatistics } from "./statistics.ts";
export type { DumpView } from "./view.ts";
