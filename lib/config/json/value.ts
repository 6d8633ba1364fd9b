/**
 * JSON to be written: objects are maps, because an object of the language would move properties
 * that look like numbers to the front, and an instance may well be named "51".
 */

/** An object whose properties stay in order. */
export type JsonObject = ReadonlyMap<string, Json>;

/** A value. */
export type Json = boolean | number | string | readonly Json[] | JsonObject;

/** Longest array or line that stands on one line. */
const INLINE_MAX = 80;

/** The text of a value, with a line feed at its end. */
export function renderJson(value: Json): string {
  return `${render(value, "")}\n`;
}

function render(value: Json, indent: string): string {
  const inner = `${indent}  `;
  if (isObject(value)) {
    if (value.size === 0) return "{}";
    const members = Array.from(value, ([name, member]): string => (
      `${inner}${JSON.stringify(name)}: ${render(member, inner)}`
    ));
    return `{\n${members.join(",\n")}\n${indent}}`;
  }
  const flat = inline(value);
  if (!isArray(value) || (flat !== undefined && flat.length <= INLINE_MAX)) return flat ?? "";
  const items = value.map((item) => {
    const short = inline(item);
    const fits = short !== undefined && short.length <= INLINE_MAX;
    return inner + (fits ? short : render(item, inner));
  });
  return `[\n${items.join(",\n")}\n${indent}]`;
}

/** The value on one line, unless there are further arrays or objects in it. */
function inline(value: Json): string | undefined {
  if (isObject(value)) {
    if (![...value.values()].every(isScalar)) return undefined;
    const members = Array.from(value, ([name, member]): string => (
      `${JSON.stringify(name)}: ${JSON.stringify(member)}`
    ));
    return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
  }
  if (!isArray(value)) return JSON.stringify(value);
  return value.every(isScalar)
    ? `[${value.map((item) => JSON.stringify(item)).join(", ")}]`
    : undefined;
}

function isScalar(value: Json): boolean {
  return typeof value !== "object";
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is JsonObject {
  return value instanceof Map;
}
