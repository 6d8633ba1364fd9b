/**
 * Looking into JSON of which nothing is promised.
 */

/** A field of an object; `undefined` where there is none. */
export function fieldOf(value: unknown, name: string): unknown {
  return has(value, name) ? value[name] : undefined;
}

/** A field that is a text; empty where there is none. */
export function textOf(value: unknown, name: string): string {
  const text = fieldOf(value, name);
  return typeof text === "string" ? text : "";
}

/** A field that is a list; empty where there is none. */
export function listOf(value: unknown, name: string): readonly unknown[] {
  const list = fieldOf(value, name);
  return Array.isArray(list) ? list : [];
}

/** Whether it is an object with such a field. */
export function has(value: unknown, name: string): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && name in value;
}
