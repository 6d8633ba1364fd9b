/**
 * The file in the run directory that keeps results of checks beyond the end of the daemon. It is
 * replaced as a whole; one that can not be understood, or not be had, is as if there were none.
 */
import { readFileSync } from "node:fs";
import type { Effect } from "../../engine/mod.ts";
import { writeWhole } from "./whole_file.ts";

type Checks = Extract<Effect, { kind: "remember-checks" }>["checks"];

/** What the file says. */
export function readChecks(path: string): Checks {
  try {
    const found: unknown = JSON.parse(readFileSync(path, "utf8"));
    return Array.isArray(found) ? found.filter(isMemory) : [];
  } catch {
    return [];
  }
}

/** Replaces what the file says. */
export function writeChecks(path: string, checks: Checks): void {
  try {
    writeWhole(path, `${JSON.stringify(checks)}\n`);
  } catch {
    // Without it the next start looks at all servers anew.
  }
}

function isMemory(value: unknown): value is Checks[number] {
  return typeof value === "object" && value !== null &&
    "name" in value && typeof value.name === "string" &&
    "up" in value && typeof value.up === "boolean" &&
    (!("weight" in value) || isWeight(value.weight));
}

function isWeight(value: unknown): boolean {
  return typeof value === "object" && value !== null &&
    "kind" in value && (value.kind === "is" || value.kind === "adds") &&
    "value" in value && Number.isInteger(value.value);
}
