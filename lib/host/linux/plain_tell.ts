/**
 * A tell as data for JSON logs: addresses as text, durations in milliseconds with the unit in the
 * name, nested data flattened no further than it is.
 */
import { type Duration, formatIp, inMilliseconds, type IpAddress } from "../../base/mod.ts";
import type { Tell } from "../../engine/mod.ts";

const durationKeys = new Set([
  "silentFor",
  "delay",
  "lateBy",
  "lasted",
  "by",
  "took",
  "again",
  "limit",
]);

/** The tell with everything in it as JSON knows it; `kind` becomes `event`. */
export function plainTell(tell: Tell): Readonly<Record<string, unknown>> {
  const { kind: event, ...rest } = tell;
  return { event, ...plainEntries(rest) };
}

function plainEntries(data: object): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(data)) {
    if (durationKeys.has(key)) plain[`${key}Ms`] = inMilliseconds(value as Duration);
    else plain[key] = plainValue(value);
  }
  return plain;
}

function plainValue(value: unknown): unknown {
  if (isIpAddress(value)) return formatIp(value);
  if (Array.isArray(value)) return value.map(plainValue);
  return typeof value === "object" && value !== null ? plainEntries(value) : value;
}

function isIpAddress(value: unknown): value is IpAddress {
  return typeof value === "object" && value !== null && "family" in value && "bytes" in value &&
    value.bytes instanceof Uint8Array;
}
