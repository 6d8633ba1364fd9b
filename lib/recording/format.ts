/**
 * A recording: everything that one run of an engine was given, as lines of JSON. The first line is
 * the head. A configuration stands in several lines, a part or an item of a part each, before the
 * event that brings it and names its number. Every other line is one step: an event with its
 * instant, and what was decided then, as sentences and as a digest of all effects, so that another
 * run can be held against it. The last line says why the recording ends; without it the daemon was
 * killed.
 */
import {
  decodePlain,
  encodePlain,
  err,
  type Fields,
  type Instant,
  isFields,
  ok,
  type Result,
} from "../base/mod.ts";
import type { ModelPart } from "../config/mod.ts";

/** The form of the lines; it changes when a reader has to know. */
export const formatNumber = 1;

/** Who recorded, and when. */
export interface Head {
  /** The version of standin that decided. */
  readonly version: string;
  /** The name of the host. */
  readonly node: string;
  /** ISO 8601; what the clock on the wall said at the instant `at`. */
  readonly startedAt: string;
  readonly at: Instant;
}

/** What came of an event. */
export interface Outcome {
  /** A digest of the effects; absent when there were none. */
  readonly digest?: string;
  /** The sentences among the effects; absent when there were none. */
  readonly told?: readonly string[];
  /** The engine gave up: what it threw. */
  readonly failed?: string;
}

/** Why a recording ends. */
export type EndReason = "stopped" | "limit" | "slow-disk";

/** One line. */
export type Line =
  | ({ readonly kind: "head" } & Head)
  | ({ readonly kind: "model"; readonly model: number } & ModelPart)
  | ({ readonly kind: "step"; readonly at: Instant; readonly event: Fields } & Outcome)
  | { readonly kind: "end"; readonly end: EndReason };

/** The text of a line. */
export function encodeLine(line: Line): string {
  const { kind, ...fields } = line;
  return encodePlain(kind === "head" ? { recording: formatNumber, ...fields } : fields);
}

/** Reads a line; the error says what is wrong with it. */
export function decodeLine(text: string): Result<Line, string> {
  let fields: unknown;
  try {
    fields = decodePlain(text);
  } catch {
    return err("it is no JSON");
  }
  if (!isFields(fields)) return err("it is no line of a recording");
  const { recording, model, part, at, event, end } = fields;
  if (recording !== undefined && recording !== formatNumber) {
    return err(`it is a recording of form ${recording}, and this standin reads ${formatNumber}`);
  }
  const line = { ...fields };
  if (recording === formatNumber && isHead(line)) return ok({ ...line, kind: "head" });
  if (typeof model === "number" && typeof part === "string") {
    const piece = "item" in fields ? { item: fields["item"] } : { value: fields["value"] };
    return ok({ kind: "model", model, part, ...piece });
  }
  if (isInstant(at) && isFields(event) && typeof event["kind"] === "string") {
    return ok({ kind: "step", at, event, ...outcomeOf(fields) });
  }
  return isEnd(end) ? ok({ kind: "end", end }) : err("it is no line of a recording");
}

function outcomeOf({ digest, told, failed }: Fields): Outcome {
  return {
    ...(typeof digest === "string" ? { digest } : {}),
    ...(Array.isArray(told) ? { told: told.map(String) } : {}),
    ...(typeof failed === "string" ? { failed } : {}),
  };
}

function isInstant(value: unknown): value is Instant {
  return typeof value === "number";
}

function isHead(fields: Fields): fields is Fields & Head {
  const { version, node, startedAt, at } = fields;
  return [version, node, startedAt].every((text) => typeof text === "string") && isInstant(at);
}

function isEnd(value: unknown): value is EndReason {
  return value === "stopped" || value === "limit" || value === "slow-disk";
}
