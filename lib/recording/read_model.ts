/**
 * Configurations of a recording, put together again. One that an older standin recorded lacks what
 * has come since: that is as in a file that says nothing.
 */
import { assert, type Fields, isFields, ok } from "../base/mod.ts";
import { loadConfig, type Model, type ModelPart } from "../config/mod.ts";

/** Parts of models by the number of the model. */
export class ModelReader {
  readonly #parts = new Map<number, Record<string, unknown>>();
  readonly #models = new Map<number, Model>();

  /** Takes a part; answers whether it makes sense. */
  take(number: number, piece: ModelPart): boolean {
    const parts = this.#parts.get(number) ?? {};
    this.#parts.set(number, parts);
    const { part } = piece;
    if ("value" in piece) {
      parts[part] = piece.value;
      return true;
    }
    const list = parts[part];
    if (!Array.isArray(list)) return false;
    list.push(piece.item);
    return true;
  }

  /** The model with the number, the same object each time. */
  find(number: unknown): Model | undefined {
    if (typeof number !== "number") return undefined;
    const parts = this.#parts.get(number);
    if (parts !== undefined && !this.#models.has(number)) {
      this.#models.set(number, completed(parts));
    }
    return this.#models.get(number);
  }
}

function completed(parts: Fields): Model {
  const { model } = loadConfig("/standin.conf", {
    files: { read: () => ok(new TextEncoder().encode("global_defs {\n}\n")), list: () => [] },
    workingDirectory: "/",
    hostName: "",
    variables: {},
    random: () => 0,
  });
  assert(model !== undefined, "a configuration that says nothing can be run");
  const entries = Object.entries(model).map(([part, usual]) => {
    const said = parts[part];
    return [part, isFields(usual) && isFields(said) ? { ...usual, ...said } : said ?? usual];
  });
  return { ...model, ...Object.fromEntries(entries) };
}
