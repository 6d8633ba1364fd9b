/**
 * The configuration language of keepalived: lexer → parser → schema → model, with diagnostics.
 */
export * from "./diagnostic.ts";
export * from "./diff.ts";
export { loadConfig, type Loaded } from "./load.ts";
export { type CheckMachine, judgedBy, needsMachine } from "./machine_words.ts";
export * from "./model.ts";
export { type PlannedBlock, type PlannedReload, planReload } from "./planned.ts";
export { defaultAutoPriorityDelay, type ProcessPlan } from "./process_plan.ts";
export { commandNow } from "./program.ts";
export type { DumpPlan, ReloadPlan } from "./reload_plan.ts";
export { exitStatusOf, renderDiagnostic, summariseDiagnostic } from "./render.ts";
export type { ConfigEnvironment, FileProblem, FileSource, ScriptMachine } from "./source.ts";
export { encodeLoaded, type ModelPart, partsOf, type Received, Receiver } from "./transfer.ts";
