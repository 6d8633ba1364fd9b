/**
 * A configuration on its way from the process that read it to the daemon that will run it: one
 * line of JSON for each instance, group and remark, so that the receiver can take them a few at a
 * time and look at its sockets in between. Octets travel as hexadecimal text. Sender and receiver
 * are the same program; the first line names its version, and another one is not understood.
 */
import { equalPlain, fromHex, toHex } from "../base/mod.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { Loaded } from "./load.ts";
import type { Model } from "./model.ts";

/** What the daemon needs of a configuration. */
export type Received = Pick<Loaded, "model" | "diagnostics" | "daemonScripts">;

type Fields = Readonly<Record<string, unknown>>;

/** The lines of a configuration, in order. */
export function* encodeLoaded(
  { model, diagnostics }: Received,
  version: string,
): Generator<string> {
  yield encode({ version, fatal: model === undefined });
  for (const diagnostic of diagnostics) yield encode({ diagnostic });
  for (const [part, value] of Object.entries(model ?? {})) {
    if (!Array.isArray(value)) yield encode({ part, value });
    else {
      yield encode({ part, value: [] });
      for (const item of value) yield encode({ part, item });
    }
  }
  yield encode({ end: true });
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

function encode(fields: Fields): string {
  return JSON.stringify(
    fields,
    (_key, value: unknown) => value instanceof Uint8Array ? { "@octets": toHex(value) } : value,
  );
}

function decode(line: string): Fields {
  try {
    const value = revive(JSON.parse(line));
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}

function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (!isFields(value)) return value;
  const octets = value["@octets"];
  if (typeof octets === "string") return fromHex(octets) ?? new Uint8Array();
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, revive(one)]));
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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
