/**
 * Plain data: equality, which is what a reload compares, and text that carries it to another
 * process. Objects are equal when they have the same keys with equal values, arrays and octets when
 * they have equal members in the same order.
 */
import { fromHex, toHex } from "./bytes.ts";

/** What a word of JSON can be. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether two pieces of plain data (no functions, no cycles) say the same. */
export function equalPlain(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  return left.length === right.size &&
    left.every(([key, value]) => right.has(key) && equalPlain(value, right.get(key)));
}

/**
 * Plain data as one line of JSON. Octets travel as `{"@octets": hexadecimal}`, numbers that JSON
 * does not know (the instant `never`) as `{"@number": text}`; keys without a value are left out.
 */
export function encodePlain(value: unknown): string {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? String(value) : `{"@number":"${value}"}`;
    case "object":
      return value === null ? "null" : encodeObject(value);
    default:
      return JSON.stringify(value) ?? "null";
  }
}

function encodeObject(value: object): string {
  if (value instanceof Uint8Array) return `{"@octets":"${toHex(value)}"}`;
  let text = "";
  if (Array.isArray(value)) {
    for (const one of value) text += `${text === "" ? "" : ","}${encodePlain(one)}`;
    return `[${text}]`;
  }
  for (const [key, one] of Object.entries(value)) {
    if (one === undefined) continue;
    text += `${text === "" ? "" : ","}${encodeKey(key)}:${encodePlain(one)}`;
  }
  return `{${text}}`;
}

/** Nearly all are names of ours, which need no escapes. */
function encodeKey(key: string): string {
  return /^\w+$/.test(key) ? `"${key}"` : JSON.stringify(key);
}

/** Reads what `encodePlain` wrote; throws what `JSON.parse` throws. */
export function decodePlain(text: string): unknown {
  return revive(JSON.parse(text));
}

function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (!isFields(value)) return value;
  const { "@octets": octets, "@number": number } = value;
  if (typeof octets === "string") return fromHex(octets) ?? new Uint8Array();
  if (typeof number === "string") return Number(number);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, revive(one)]));
}

/** Whether a value has fields that can be looked at. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
