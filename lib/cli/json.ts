/**
 * Looks into JSON that came from somewhere else, without believing in its shape.
 */

import type { Diagnostic } from "../config/mod.ts";

/** Whether a value is an object with properties. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The texts of an array; nothing for anything else. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** The `error` text of an answer, or the number of its status. */
export function errorText(status: number, body: unknown): string {
  if (isRecord(body) && typeof body["error"] === "string") return body["error"];
  return `status ${status}`;
}

/** The diagnostics among the values of an array. */
export function diagnosticsOf(value: unknown): readonly Diagnostic[] {
  return Array.isArray(value) ? value.filter(isDiagnostic) : [];
}

function isDiagnostic(value: unknown): value is Diagnostic {
  return isRecord(value) && typeof value["message"] === "string" &&
    typeof value["severity"] === "string" && typeof value["code"] === "string";
}
