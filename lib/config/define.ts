/**
 * Definitions, `$NAME=value`, and their use, `${NAME}` anywhere or `$NAME` before a blank, a comma,
 * a closing parenthesis or the end. A value is kept as written and expanded where it is used. A
 * value whose lines end with a backslash is several lines; it can only be used as the last thing on
 * a line. Names that start with an underscore are built in, and may be defined over.
 */
import type { ConfigEnvironment } from "./source.ts";
import { type Line, placeIn, replaceInLine, type Replacement, sliceLine } from "./line.ts";
import { EXPANDED_LINE_MAX } from "./limits.ts";
import type { Report } from "./report.ts";

/** What a name stands for. */
export type Definition =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "lines"; readonly lines: readonly Line[] };

/** Names that are defined at this point of the file. */
export type Definitions = Map<string, Definition>;

/** A line that defines a name. */
export interface DefinitionLine {
  readonly name: string;
  /** What follows the equals sign and the blanks after it. */
  readonly value: Line;
}

/** Reads `$NAME=value`; `undefined` when the line is something else. */
export function readDefinition(line: Line): DefinitionLine | undefined {
  const head = /^\$([A-Za-z_][A-Za-z0-9_]*)=\s*/.exec(line.text);
  if (head === null) return undefined;
  return { name: head[1] ?? "", value: sliceLine(line, head[0].length) };
}

/** What became of a line after one round of substitution. */
export type Substitution =
  | { readonly kind: "same" }
  | { readonly kind: "replaced"; readonly line: Line }
  /** A definition of several lines ends the line; `head` is what stood before it. */
  | {
    readonly kind: "lines";
    readonly name: string;
    readonly head: Line;
    readonly lines: readonly Line[];
  }
  | { readonly kind: "failed" };

interface Use {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly args: readonly string[];
}

const usePattern =
  /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)((?:\s+[^\s{}]+)*)\s*\}|([A-Za-z_][A-Za-z0-9_]*)(?=[\s,)]|$))/g;

/** Replaces every use of a defined name in the line once. */
export function substitute(
  line: Line,
  definitions: Definitions,
  builtins: Builtins,
  report: Report,
): Substitution {
  const replacements: Replacement[] = [];
  let length = line.text.length;
  for (const use of usesIn(line.text)) {
    const definition = definitions.get(use.name);
    if (definition?.kind === "lines") {
      if (use.to === line.text.length && replacements.length === 0) {
        const head = sliceLine(line, 0, use.from);
        return { kind: "lines", name: use.name, head, lines: definition.lines };
      }
      // Names before it on the line are replaced first.
      if (use.to === line.text.length) break;
      const place = placeIn(line, use.from, use.to);
      const message = `Cannot use $${use.name} here: it is defined as several lines`;
      report.error("multi-line-definition", place, message, "it must be the last on its line");
      return { kind: "failed" };
    }
    const text = definition?.text ?? builtins(use.name, use.args);
    if (text === undefined) continue;
    replacements.push({ from: use.from, to: use.to, text });
    length += text.length - (use.to - use.from);
    if (length > EXPANDED_LINE_MAX) {
      const place = placeIn(line, use.from, use.to);
      report.error("substitution-loop", place, `$${use.name} makes the line grow without end`);
      return { kind: "failed" };
    }
  }
  if (replacements.length === 0) return { kind: "same" };
  return { kind: "replaced", line: replaceInLine(line, replacements) };
}

function usesIn(text: string): Use[] {
  if (!text.includes("$")) return [];
  return Array.from(text.matchAll(usePattern), (found) => ({
    from: found.index,
    to: found.index + found[0].length,
    name: found[1] ?? found[3] ?? "",
    args: (found[2] ?? "").trim().split(/\s+/).filter((word) => word !== ""),
  }));
}

/** The value of a built-in name; `undefined` when it is none. */
export type Builtins = (name: string, args: readonly string[]) => string | undefined;

/** The built-in names as they are in a file of this directory. */
export function builtinsFor(
  directory: string,
  configId: string,
  { variables }: ConfigEnvironment,
  random: () => number,
): Builtins {
  return (name, args) => {
    switch (name) {
      case "_PWD":
        return directory;
      case "_INSTANCE":
        return configId;
      case "_RANDOM":
        return randomBetween(args, random);
      case "_ENV":
        return args[0] === undefined ? undefined : variables[args[0]] ?? "";
      default:
        return undefined;
    }
  };
}

/** Tells of names that stay as they are although the person seems to have meant a definition. */
export function remarkLeftovers(line: Line, definitions: Definitions, report: Report): void {
  if (!line.text.includes("$")) return;
  for (const found of line.text.matchAll(/\$(\{?)([A-Za-z_][A-Za-z0-9_]*)/g)) {
    const name = found[2] ?? "";
    if (name === "_HASH" || name === "_BANG") continue;
    const place = placeIn(line, found.index, found.index + found[0].length);
    if (found[1] === "" && definitions.get(name)?.kind === "text") {
      const message = `$${name} is not replaced here: a blank, a comma or the end must follow it`;
      report.warning("unreplaced-name", place, message, `write \${${name}}`);
    } else if (found[1] !== "" && !isQuoted(line.text, found.index)) {
      report.error("undefined-name", place, `\${${name}} is not defined`);
    }
  }
}

function isQuoted(text: string, at: number): boolean {
  return (text.slice(0, at).match(/"/g)?.length ?? 0) % 2 === 1;
}

/** `${_HASH}` and `${_BANG}` come last of all, so that they never start a comment. */
export function substituteLiterals(line: Line): Line {
  const replacements = usesIn(line.text).flatMap(({ name, from, to }): Replacement[] => {
    if (name !== "_HASH" && name !== "_BANG") return [];
    return [{ from, to, text: name === "_HASH" ? "#" : "!" }];
  });
  return replacements.length === 0 ? line : replaceInLine(line, replacements);
}

/** Reads `random_seed N` of `global_defs`; `undefined` when the line is something else. */
export function readRandomSeed({ text }: Line): number | undefined {
  const found = /^(?:global_defs\s*\{\s*)?random_seed\s+(\d{1,10})(?:\s|[{}]|$)/.exec(text);
  const seed = Number(found?.[1]);
  return seed <= 0xffff_ffff ? seed : undefined;
}

function randomBetween(args: readonly string[], random: () => number): string | undefined {
  if (!args.every((word) => /^\d{1,9}$/.test(word))) return undefined;
  const least = Number(args[0] ?? "0");
  const most = Number(args[1] ?? "32767");
  if (most < least) return undefined;
  return String(least + Math.floor(random() * (most - least + 1)));
}
