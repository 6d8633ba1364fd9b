/**
 * The reader: from files to the lines that the parser sees. Each line loses its comment, and then
 * goes round until nothing changes: an include reads other files, `@id` keeps or drops the rest,
 * `$NAME=` defines, `~SEQ` and `~LST` repeat, `$NAME` is replaced. `@standin` lines are always
 * kept: keepalived takes them for those of another host, so one file can serve both.
 */
import { err, ok, Random, type Result } from "../base/mod.ts";
import { stripComment, unescapeComment } from "./comment.ts";
import { acceptLine, decodeFile } from "./decode.ts";
import {
  type Builtins,
  builtinsFor,
  type Definitions,
  readDefinition,
  readRandomSeed,
  remarkLeftovers,
  substitute,
  substituteLiterals,
  type Substitution,
} from "./define.ts";
import {
  allChecks,
  type Checks,
  type IncludeLine,
  noChecks,
  pathsOfInclude,
  readInclude,
  readIncludeCheck,
  tellIncludeProblem,
} from "./include.ts";
import {
  EXPANDED_CHARACTERS_MAX,
  EXPANSION_DEPTH_MAX,
  FILES_MAX,
  INCLUDE_DEPTH_MAX,
  LINES_MAX,
  SUBSTITUTION_ROUNDS_MAX,
} from "./limits.ts";
import { FileLine, type Line, placeIn, sliceLine, trimLine } from "./line.ts";
import { linesOf, type Said, Stretch, Wordings } from "./passage.ts";
import { absolutePath, directoryOf } from "./path.ts";
import { isRepetition, readRepetition } from "./repeat.ts";
import type { Report } from "./report.ts";
import type { ConfigEnvironment, FileProblem } from "./source.ts";

/** The config-id whose lines standin always takes. */
const OWN_ID = "standin";

/** Why the first file could not be read. */
export type OpenProblem = FileProblem | { readonly kind: "no-text"; readonly detail: string };

type MultiLine = Extract<Substitution, { kind: "lines" }>;

/** A definition whose last line is still to come. */
interface OpenDefinition {
  /** Absent when the definition is for another host: its lines are dropped with it. */
  readonly name: string | undefined;
  readonly lines: Line[];
}

/** Reads a configuration; the lines come out in `lines`. */
export class Reader {
  readonly lines: (Line | Stretch)[] = [];
  readonly #environment: ConfigEnvironment;
  readonly #report: Report;
  readonly #configId: string;
  readonly #definitions: Definitions = new Map();
  readonly #wordings = new Wordings();
  /** Absolute paths of the files that are being read, each included by the one before. */
  readonly #openFiles: string[] = [];
  /** Definitions of several lines that are being put in place, each inside the one before. */
  readonly #expanding = new Set<string>();
  #filesRead = 0;
  #linesSeen = 0;
  #charactersMade = 0;
  #tooLarge = false;
  #directory = "";
  #builtins: Builtins = () => undefined;
  /** The numbers of `${_RANDOM}`; `random_seed` makes them the same each time. */
  #random: () => number;
  /** What `include_check` asks for in the rest of this file. */
  #checks: Checks = noChecks;
  #openDefinition: OpenDefinition | undefined;

  constructor(environment: ConfigEnvironment, report: Report) {
    this.#environment = environment;
    this.#report = report;
    this.#random = environment.random;
    if (environment.allConfig === true) this.#checks = allChecks;
    this.#configId = environment.configId ?? environment.hostName.split(".")[0] ?? "";
  }

  /** Reads one file with all that it includes. */
  readFile(path: string): Result<void, OpenProblem> {
    const file = this.#environment.files.read(path);
    if (!file.ok) return file;
    const decoded = decodeFile(file.value);
    if (!decoded.ok) return err({ kind: "no-text", detail: decoded.error });
    const { workingDirectory } = this.#environment;
    const outer = { directory: this.#directory, builtins: this.#builtins, checks: this.#checks };
    const absolute = absolutePath(workingDirectory, path);
    this.#filesRead++;
    this.#openFiles.push(absolute);
    this.#directory = directoryOf(path);
    this.#builtins = builtinsFor(
      directoryOf(absolute),
      this.#configId,
      this.#environment,
      () => this.#random(),
    );
    this.#readLines(path, decoded.value);
    this.#closeDefinition();
    this.#openFiles.pop();
    this.#directory = outer.directory;
    this.#builtins = outer.builtins;
    this.#checks = outer.checks;
    return ok(undefined);
  }

  #readLines(path: string, text: string): void {
    let number = 1;
    const all = this.#wordings.of(text);
    for (let at = 0; at < all.length; at++) {
      const from = at;
      const first = number;
      let said = all[at];
      while (said !== undefined && this.#isPlain(said)) {
        this.#linesSeen += said.lines;
        number += said.lines;
        said = all[++at];
      }
      if (at > from) this.lines.push(new Stretch(path, first, all.slice(from, at)));
      if (said === undefined) return;
      for (const { text } of linesOf(said)) this.#readLine(new FileLine(path, number++, text));
    }
  }

  /** Whether there is nothing to do before the parser sees it. */
  #isPlain({ turn, lines }: Said): boolean {
    return turn !== "special" && this.#openDefinition === undefined &&
      this.#linesSeen + lines <= LINES_MAX;
  }

  #readLine(whole: FileLine): void {
    if (!acceptLine(whole, this.#report)) return;
    const line = stripComment(whole, this.#report);
    if (line.text === "") return;
    const open = this.#openDefinition;
    if (open === undefined) return this.#process(line, 0);
    const continues = line.text.endsWith("\\");
    const part = continues ? trimLine(sliceLine(line, 0, line.text.length - 1)) : line;
    if (part.text !== "") open.lines.push(part);
    if (!continues) this.#closeDefinition();
  }

  /** Takes one line through all that can happen to it; `depth` counts expansions around it. */
  #process(start: Line, depth: number): void {
    if (!this.#count(start)) return;
    let line = start;
    for (let round = 0; round < SUBSTITUTION_ROUNDS_MAX; round++) {
      if (line.text === "") return;
      const include = readInclude(unescapeComment(line), this.#checks);
      if (include !== undefined && !line.text.includes("$")) return this.#include(include);
      if (line.text.startsWith("@")) {
        line = this.#keptByCondition(line);
        continue;
      }
      if (this.#define(line)) return;
      if (isRepetition(line)) return this.#repeat(line, depth);
      const result = this.#substitute(line);
      if (result.kind === "failed") return;
      if (result.kind === "lines") return this.#expand(result, depth);
      if (result.kind === "same") {
        if (include !== undefined) return this.#include(include);
        this.#checks = readIncludeCheck(line) ?? this.#checks;
        this.#seed(readRandomSeed(line));
        remarkLeftovers(line, this.#definitions, this.#report);
        this.lines.push(substituteLiterals(unescapeComment(line)));
        return;
      }
      if (result.line.text === line.text) break;
      line = stripComment(result.line, this.#report);
    }
    const place = placeIn(start, 0, start.text.length);
    this.#report.error("substitution-loop", place, "Cannot replace the names of this line: no end");
  }

  #seed(seed: number | undefined): void {
    if (seed === undefined) return;
    const random = new Random(seed);
    this.#random = () => random.next();
  }

  /** Puts a definition of several lines in place of its name. */
  #expand({ name, head, lines }: MultiLine, depth: number): void {
    if (this.#expanding.has(name)) {
      const place = placeIn(head, 0, head.source.text.length);
      this.#report.error("substitution-loop", place, `$${name} is defined by itself`);
      return;
    }
    this.#expanding.add(name);
    this.#processAll([head, ...lines], depth);
    this.#expanding.delete(name);
  }

  #processAll(lines: readonly Line[], depth: number): void {
    if (depth < EXPANSION_DEPTH_MAX) {
      for (const line of lines) this.#process(trimLine(line), depth + 1);
      return;
    }
    const line = lines.at(-1);
    const place = line && placeIn(line, 0, line.text.length);
    const message = `Cannot expand more than ${EXPANSION_DEPTH_MAX} definitions inside each other`;
    this.#report.error("substitution-loop", place, message);
  }

  /** False, once with a remark, when expansion has made more lines than anybody needs. */
  #count(line: Line): boolean {
    if (this.#tooLarge) return false;
    return this.#linesSeen++ < LINES_MAX || this.#refuse(line, `${LINES_MAX} lines`);
  }

  /** Replaces names once, unless that has made more text than anybody needs. */
  #substitute(line: Line): Substitution {
    const result = substitute(line, this.#definitions, this.#builtins, this.#report);
    if (result.kind !== "replaced") return result;
    this.#charactersMade += result.line.text.length;
    if (this.#charactersMade <= EXPANDED_CHARACTERS_MAX) return result;
    this.#refuse(line, `${EXPANDED_CHARACTERS_MAX} characters where names are replaced`);
    return { kind: "failed" };
  }

  #refuse(line: Line, what: string): false {
    if (!this.#tooLarge) {
      const message = `Cannot read more than ${what}`;
      this.#report.fatal("too-large", placeIn(line, 0, line.text.length), message);
    }
    this.#tooLarge = true;
    return false;
  }

  /** What a `@id` line leaves over; an empty line when it is for somebody else. */
  #keptByCondition(line: Line): Line {
    const found = /^@(\^?)(\S*)\s*/.exec(line.text);
    const id = found?.[2] ?? "";
    const matches = id === OWN_ID || id === this.#configId;
    const rest = sliceLine(line, found?.[0].length ?? 0);
    if (matches !== (found?.[1] === "^")) return rest;
    const dropped = readDefinition(rest);
    if (dropped?.value.text.endsWith("\\")) this.#openDefinition = { name: undefined, lines: [] };
    return sliceLine(line, 0, 0);
  }

  #define(line: Line): boolean {
    const definition = readDefinition(line);
    if (definition === undefined) return false;
    const { name, value } = definition;
    if (!value.text.endsWith("\\")) {
      this.#definitions.set(name, { kind: "text", text: value.text });
      return true;
    }
    const first = trimLine(sliceLine(value, 0, value.text.length - 1));
    this.#openDefinition = { name, lines: first.text === "" ? [] : [first] };
    return true;
  }

  #closeDefinition(): void {
    const open = this.#openDefinition;
    if (open === undefined) return;
    this.#openDefinition = undefined;
    if (open.name !== undefined) {
      this.#definitions.set(open.name, { kind: "lines", lines: open.lines });
    }
  }

  #repeat(line: Line, depth: number): void {
    const repetition = readRepetition(line, (head) => this.#expandHead(head), this.#report);
    if (repetition === undefined) return;
    for (const values of repetition.rounds) {
      for (const [index, name] of repetition.names.entries()) {
        this.#definitions.set(name, { kind: "text", text: values[index] ?? "" });
      }
      this.#processAll([repetition.body], depth);
      if (this.#tooLarge) return;
    }
  }

  #expandHead(head: Line): Line | undefined {
    let line = head;
    for (let round = 0; round < SUBSTITUTION_ROUNDS_MAX; round++) {
      const result = this.#substitute(line);
      if (result.kind === "same") return line;
      if (result.kind !== "replaced") return undefined;
      line = result.line;
    }
    return undefined;
  }

  #include(include: IncludeLine): void {
    const paths = pathsOfInclude(include, this.#directory, this.#environment.files, this.#report);
    for (const path of paths) {
      if (this.#tooLarge) return;
      const refusal = this.#refusalOf(path);
      if (refusal !== undefined) {
        this.#report.error(refusal.code, include.place, refusal.message);
        continue;
      }
      const read = this.readFile(path);
      if (!read.ok) tellIncludeProblem(include, path, read.error, this.#report);
    }
  }

  #refusalOf(path: string): { readonly code: string; readonly message: string } | undefined {
    const absolute = absolutePath(this.#environment.workingDirectory, path);
    if (this.#openFiles.includes(absolute)) {
      return { code: "include-cycle", message: `"${path}" includes itself` };
    }
    if (this.#openFiles.length >= INCLUDE_DEPTH_MAX) {
      const message = `Cannot include more than ${INCLUDE_DEPTH_MAX} files inside each other`;
      return { code: "include-depth", message };
    }
    if (this.#filesRead < FILES_MAX) return undefined;
    return { code: "include-count", message: `Cannot include more than ${FILES_MAX} files` };
  }
}
