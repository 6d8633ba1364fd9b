/**
 * `include PATTERN` and its strict relatives: `includer` wants every match readable, `includem` a
 * plain name to exist, `includew` a wildcard to match something, `includeb` every alternative
 * between braces to exist, `includea` all of these. A pattern is the rest of the line, blanks and
 * all, and relative to the directory of the file that includes.
 */
import { unreachable } from "../base/mod.ts";
import { expandBraces, matchPaths } from "./glob.ts";
import { type Line, placeIn } from "./line.ts";
import { joinPath } from "./path.ts";
import type { OpenProblem } from "./reader.ts";
import type { Report } from "./report.ts";
import type { FileSource, Place } from "./source.ts";

/** What must exist; failing a check means that the daemon can not run with the file. */
export interface Checks {
  readonly readable: boolean;
  readonly plain: boolean;
  readonly wildcard: boolean;
  readonly braces: boolean;
}

// keepalived 2.2.7 as measured: every strict form also insists on what it finds being a file.
const checksOf: ReadonlyMap<string, Checks> = new Map([
  ["include", { readable: false, plain: false, wildcard: false, braces: false }],
  ["includer", { readable: true, plain: false, wildcard: false, braces: false }],
  ["includem", { readable: true, plain: true, wildcard: false, braces: false }],
  ["includew", { readable: true, plain: true, wildcard: true, braces: false }],
  ["includeb", { readable: true, plain: false, wildcard: false, braces: true }],
  ["includea", { readable: true, plain: true, wildcard: true, braces: true }],
]);

/** What `include_check` asks of every include that follows; keepalived: also that it is a file. */
const checkWords: ReadonlyMap<string, Partial<Checks>> = new Map([
  ["read", {}],
  ["match", { plain: true }],
  ["wildcard_match", { wildcard: true }],
  ["brace_match", { braces: true }],
]);

/** What includes insist on when nobody says anything. */
export const noChecks: Checks = {
  readable: false,
  plain: false,
  wildcard: false,
  braces: false,
};

/** What `includea` insists on. */
export const allChecks: Checks = { readable: true, plain: true, wildcard: true, braces: true };

/** Reads `include_check [WORD…]` of `global_defs`; `undefined` when the line is something else. */
export function readIncludeCheck({ text }: Line): Checks | undefined {
  const found = /^(?:global_defs\s*\{\s*)?include_check(?:\s+([^{}]*))?(?:[{}]|$)/.exec(text);
  if (found === null) return undefined;
  const words = (found[1] ?? "").split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return allChecks;
  const known = words.filter((word) => checkWords.has(word));
  return known.reduce<Checks>(
    (checks, word) => ({ ...checks, readable: true, ...checkWords.get(word) }),
    noChecks,
  );
}

function bothOf(a: Checks, b: Checks): Checks {
  return {
    readable: a.readable || b.readable,
    plain: a.plain || b.plain,
    wildcard: a.wildcard || b.wildcard,
    braces: a.braces || b.braces,
  };
}

/** An include as it stands on a line. */
export interface IncludeLine {
  readonly pattern: string;
  readonly place: Place;
  readonly checks: Checks;
}

/** Reads `include PATTERN`; `undefined` when the line is something else. */
export function readInclude(
  line: Line,
  general: Checks = noChecks,
): IncludeLine | undefined {
  const found = /^(include[rmwba]?)(?:\s+|$)/.exec(line.text);
  const checks = checksOf.get(found?.[1] ?? "");
  if (found === null || checks === undefined) return undefined;
  const start = found[0].length;
  const pattern = line.text.slice(start);
  const place = placeIn(line, pattern === "" ? 0 : start, line.text.length);
  return { pattern, place, checks: bothOf(checks, general) };
}

/** The paths that an include names, in the order in which they are read. */
export function pathsOfInclude(
  include: IncludeLine,
  directory: string,
  files: FileSource,
  report: Report,
): string[] {
  const { pattern, place, checks } = include;
  if (pattern === "") {
    report.error("missing-argument", place, "Cannot include: the name of a file is missing");
    return [];
  }
  return expandBraces(pattern).flatMap((alternative) => {
    const paths = matchPaths(joinPath(directory, alternative), files);
    if (paths.length === 0 && checks.wildcard) {
      report.fatal("include-missing", place, `No file matches "${alternative}"`);
    }
    return paths;
  });
}

/** Says why an included file was not read; how loudly depends on the kind of include. */
export function tellIncludeProblem(
  include: IncludeLine,
  path: string,
  problem: OpenProblem,
  report: Report,
): void {
  const { place, pattern, checks } = include;
  const severity = checks.readable ? "fatal" : "warning";
  const failed = `Cannot include "${path}"`;
  switch (problem.kind) {
    case "missing": {
      const wanted = expandBraces(pattern).length > 1 ? checks.braces : checks.plain;
      const message = `${failed}: there is no such file`;
      report.add({
        severity: wanted ? "fatal" : "warning",
        code: "include-missing",
        place,
        message,
      });
      return;
    }
    case "not-regular":
    case "unreadable": {
      const message = `${failed}: ${problem.detail}`;
      report.add({ severity, code: "include-unreadable", place, message });
      return;
    }
    case "no-text":
      report.fatal("not-text", place, `${failed}: ${problem.detail}`);
      return;
    default:
      unreachable(problem);
  }
}
