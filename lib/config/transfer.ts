/**
 * A configuration on its way from the process that read it to the daemon that will run it: one
 * line of JSON for each instance, group and remark, so that the receiver can take them a few at a
 * time and look at its sockets in between. Sender and receiver are the same program; the first line
 * names its version, and another one is not understood.
 */
import { decodePlain, encodePlain, equalPlain, type Fields, isFields } from "../base/mod.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { Loaded } from "./load.ts";
import type { Model } from "./model.ts";

/** What the daemon needs of a configuration. */
export type Received = Pick<Loaded, "model" | "diagnostics" | "daemonScripts">;

/** A part of a model that is no list, or the empty beginning of one; or one item of a list. */
export type ModelPart =
  | { readonly part: string; readonly value: unknown }
  | { readonly part: string; readonly item: unknown };

/** A model in small parts, in order. */
export function* partsOf(model: Model): Generator<ModelPart> {
  for (const [part, value] of Object.entries(model)) {
    if (!Array.isArray(value)) yield { part, value };
    else {
      yield { part, value: [] };
      for (const item of value) yield { part, item };
    }
  }
}

/** The lines of a configuration, in order. */
export function* encodeLoaded(
  { model, diagnostics }: Received,
  version: string,
): Generator<string> {
  yield encodePlain({ version, fatal: model === undefined });
  for (const diagnostic of diagnostics) yield encodePlain({ diagnostic });
  if (model !== undefined) { for (const part of partsOf(model)) yield encodePlain(part); }
  yield encodePlain({ end: true });
}

/** Puts a configuration together again. */
export class Receiver {
  readonly #version: string;
  readonly #previous: Fields;
  readonly #known: Map<string, Map<unknown, unknown>> = new Map();
  readonly #parts: Record<string, unknown> = {};
  readonly #diagnostics: Diagnostic[] = [];
  #fatal: boolean | undefined;
  #ended = false;

  /** Parts that are as they were in the previous model stay the same objects. */
  constructor(version: string, previous: Model) {
    this.#version = version;
    this.#previous = { ...previous };
  }

  /** Takes one line; lines that make no sense leave the configuration incomplete. */
  take(line: string): void {
    const fields = decode(line);
    if (fields["version"] === this.#version) this.#fatal = fields["fatal"] === true;
    const { diagnostic, part } = fields;
    if (isDiagnostic(diagnostic)) this.#diagnostics.push(diagnostic);
    if (typeof part === "string" && "value" in fields) this.#parts[part] = fields["value"];
    if (typeof part === "string" && "item" in fields) {
      const list = this.#parts[part];
      if (Array.isArray(list)) list.push(this.#sameAsBefore(part, fields["item"]));
    }
    if (fields["end"] === true) this.#ended = true;
  }

  /** The whole; `undefined` when something is missing. */
  finish(): Received | undefined {
    if (!this.#ended || this.#fatal === undefined) return undefined;
    const diagnostics = this.#diagnostics;
    if (this.#fatal) return { model: undefined, diagnostics };
    return isModel(this.#parts) ? { model: this.#parts, diagnostics } : undefined;
  }

  #sameAsBefore(part: string, item: unknown): unknown {
    if (!isFields(item)) return item;
    let known = this.#known.get(part);
    if (known === undefined) {
      const before = this.#previous[part];
      const items = Array.isArray(before) ? before.filter(isFields) : [];
      known = new Map(items.map((one) => [keyOf(one), one]));
      this.#known.set(part, known);
    }
    const before = known.get(keyOf(item));
    return equalPlain(before, item) ? before : item;
  }
}

/** What tells the items of a part apart: trackers of different kinds may have one name. */
function keyOf({ kind, name }: Fields): string {
  return `${String(kind)} ${String(name)}`;
}

function decode(line: string): Fields {
  try {
    const value = decodePlain(line);
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}

function isDiagnostic(value: unknown): value is Diagnostic {
  return isFields(value) && typeof value["code"] === "string" &&
    typeof value["severity"] === "string" && typeof value["message"] === "string";
}

const listedParts = [
  "syncGroups",
  "bfdSessions",
  "trackers",
  "tracking",
  "links",
  "notified",
  "fifos",
  "resources",
  "virtualServers",
  "checks",
] as const satisfies readonly (keyof Model)[];

/** The sender is this very program: what it calls a model is one. */
function isModel(value: unknown): value is Model {
  return isFields(value) && isFields(value["global"]) && Array.isArray(value["instances"]) &&
    isFields(value["statics"]) &&
    listedParts.every((part) => Array.isArray(value[part]));
}
