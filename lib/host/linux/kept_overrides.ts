/**
 * What people said of servers and is to persist: a file of JSON in the run directory, written whole
 * and put in its place at once, so a crash leaves the old one or the new one.
 */
import { readFileSync } from "node:fs";
import type { OverriddenServer } from "../../engine/mod.ts";
import type { RunFiles } from "./run_files.ts";

/** Keeps them for the next run; none of them is no file. */
export function keepOverrides(
  files: RunFiles,
  path: string,
  overrides: readonly OverriddenServer[],
): void {
  if (overrides.length === 0) files.remove(path);
  else files.write(path, `${JSON.stringify(overrides, null, 2)}\n`);
}

/** What an earlier run kept; nothing when there is no such file, or somebody spoiled it. */
export function keptOverrides(path: string): OverriddenServer[] {
  try {
    const kept: unknown = JSON.parse(readFileSync(path, "utf8"));
    return Array.isArray(kept) ? kept.filter(isOverridden) : [];
  } catch {
    return [];
  }
}

function isOverridden(value: unknown): value is OverriddenServer {
  if (typeof value !== "object" || value === null) return false;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const { virtualServer, server, persistent, state, weight } = fields;
  return typeof virtualServer === "string" && typeof server === "string" && persistent === true &&
    (state === undefined || state === "drained" || state === "disabled") &&
    (weight === undefined || Number.isInteger(weight));
}
