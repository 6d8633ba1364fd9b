/**
 * The words that the schemas of answers are made of. A schema is held against the type of what it
 * describes by the compiler, and against live answers by tests; OpenAPI is made of it.
 */
import * as z from "zod/mini";

/** A schema of a value. */
export type Schema<T = unknown> = z.ZodMiniType<T>;

/** What is said about schemas beside their shape; those with an id stand apart in OpenAPI. */
export const notes: z.core.$ZodRegistry<{ id?: string; description?: string }> = z.registry();

/** A schema with a sentence about it. */
export function noted<S extends Schema>(description: string, schema: S): S {
  // A sentence belongs to one place, and a schema may be used in many.
  const own = z.clone(schema);
  notes.add(own, { description });
  return own;
}

/** A schema that others refer to by its name. */
export function named<S extends Schema>(id: string, description: string, schema: S): S {
  notes.add(schema, { id, description });
  return schema;
}

/** Any text. */
export const text: z.ZodMiniString = z.string();

/** A truth value. */
export const truth: z.ZodMiniBoolean = z.boolean();

/** A whole number that only grows, or counts what there is. */
export const count: z.ZodMiniNumber = z.number().check(z.int(), z.minimum(0));

/** Any number. */
export const number: z.ZodMiniNumber = z.number();

/** Milliseconds. */
export const milliseconds: z.ZodMiniNumber = noted(
  "In milliseconds",
  z.number().check(z.minimum(0)),
);

/** ISO 8601 with milliseconds, in UTC. */
export const time: Schema<string> = noted(
  "ISO 8601 with milliseconds, in UTC",
  z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)),
);
