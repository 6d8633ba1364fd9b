/**
 * The second door of the configuration room, for commands that tell people about their files: the
 * rules over one file and over several. The daemon does not open it.
 */
export { compareNodes } from "../cluster.ts";
export type { ClusterNode } from "../cluster_router.ts";
export { docsPathOf } from "./docs.ts";
export { lintConfig, type Linted } from "./lint.ts";
export { type Machine, unknownMachine } from "./machine.ts";
