/**
 * All that comes of a configuration: the model, the remarks with their places, and the tree. Two
 * texts of which only one can be read on a short way have to give the same.
 */
import { loadConfig, type Model } from "../../../lib/config/mod.ts";
import type { Statement } from "../../../lib/config/parse.ts";
import { testEnvironment } from "./memory.ts";

interface Seen {
  readonly model: Model | undefined;
  readonly remarks: readonly string[];
  readonly tree: readonly unknown[];
}

/** What comes of a text, with the files that it may include. */
export function seen(text: string, more: Readonly<Record<string, string>> = {}): Seen {
  const environment = testEnvironment({ ...more, "test.conf": text });
  const { model, diagnostics, statements } = loadConfig("test.conf", environment);
  const remarks = diagnostics.map(({ span, severity, code, message, hint }) => {
    const where = `${span?.file}:${span?.line}:${span?.column}+${span?.length}`;
    return [where, severity, code, message, hint].join(" ");
  });
  return { model, remarks, tree: statements.map(describeTree) };
}

function describeTree({ name, words, place, args, rest, children }: Statement): unknown {
  const where = `${place.source.file}:${place.source.number}:${place.column}+${place.length}`;
  const columns = args.map((word) => word.place.column);
  return { name, words, where, columns, rest: rest.text, children: children?.map(describeTree) };
}
