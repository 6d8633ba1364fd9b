/**
 * Repetition: `~SEQ(var, [start, [step,]] end) text` says the text once for each number,
 * `~SEQx(…)` with the numbers in hexadecimal, `~LST(var, a, b) text` or
 * `~LST({x, y}, {1, 2}, {3, 4}) text` once for each member of a list. The variables are ordinary
 * definitions and keep their last value. Repetitions nest from left to right.
 */
import { type Line, placeIn, sliceLine } from "./line.ts";
import { LINES_MAX } from "./limits.ts";
import type { Report } from "./report.ts";

/** What a repetition does: for each round, the values of its variables. */
export interface Repetition {
  readonly names: readonly string[];
  readonly rounds: Iterable<readonly string[]>;
  /** The text that is repeated. */
  readonly body: Line;
}

/** Whether the line is meant as a repetition. */
export function isRepetition(line: Line): boolean {
  return /^~(SEQx?|LST)\s*\(/.test(line.text);
}

/**
 * Reads the repetition at the start of a line; mistakes are reported. Names that are used between
 * the parentheses are replaced by `expand`, those in the text after them are not.
 */
export function readRepetition(
  line: Line,
  expand: (head: Line) => Line | undefined,
  report: Report,
): Repetition | undefined {
  const end = line.text.indexOf(")") + 1;
  if (end === 0) {
    return refuse(line, line.text.length, "its closing parenthesis is missing", report);
  }
  const head = expand(sliceLine(line, 0, end));
  if (head === undefined) return undefined;
  const open = head.text.indexOf("(");
  const inside = head.text.slice(open + 1, -1);
  const kind = head.text.slice(1, open).trim();
  const read = kind === "LST" ? readList(inside) : readSequence(inside, kind === "SEQx");
  if (typeof read === "string") return refuse(line, end, read, report);
  return { ...read, body: sliceLine(line, end) };
}

type Rounds = Pick<Repetition, "names" | "rounds">;

const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

function readSequence(inside: string, hexadecimal: boolean): Rounds | string {
  const [name = "", ...words] = inside.split(",").map((word) => word.trim());
  if (!namePattern.test(name)) return `"${name}" is no name for a variable`;
  if (words.length < 1 || words.length > 3) return "expected (var, [start, [step,]] end)";
  const numbers = words.map(readNumber);
  if (numbers.some(Number.isNaN)) return `"${words.join(", ")}" are not all numbers`;
  const end = numbers.at(-1) ?? 0;
  const start = numbers.length > 1 ? numbers[0] ?? 0 : end < 0 ? -1 : 1;
  const step = numbers.length > 2 ? numbers[1] ?? 0 : end < start ? -1 : 1;
  if (step === 0 || (end - start) * step < 0) return `a step of ${step} never reaches ${end}`;
  if (hexadecimal && Math.min(start, end) < 0) return "hexadecimal numbers can not be negative";
  if (Math.abs((end - start) / step) > LINES_MAX) return `it has more than ${LINES_MAX} rounds`;
  return { names: [name], rounds: count(start, step, end, hexadecimal ? 16 : 10) };
}

function* count(start: number, step: number, end: number, radix: number): Iterable<string[]> {
  for (let value = start; step > 0 ? value <= end : value >= end; value += step) {
    yield [value.toString(radix)];
  }
}

/** Decimal, 0x hexadecimal or 0 octal, as the C library reads them. */
function readNumber(word: string): number {
  const found = /^([+-]?)(?:0[xX]([0-9a-fA-F]{1,8})|0([0-7]{1,10})|(\d{1,9}))$/.exec(word);
  if (found === null) return NaN;
  const [, sign, hexadecimal, octal, decimal] = found;
  const size = hexadecimal !== undefined
    ? parseInt(hexadecimal, 16)
    : octal !== undefined
    ? parseInt(octal, 8)
    : Number(decimal);
  return sign === "-" ? -size : size;
}

function readList(inside: string): Rounds | string {
  const [head, ...items] = splitList(inside);
  if (head === undefined || items.length === 0) return "expected (var, value, …)";
  const names = membersOf(head);
  const wrong = names.find((name) => !namePattern.test(name));
  if (wrong !== undefined) return `"${wrong}" is no name for a variable`;
  const grouped = head.startsWith("{");
  const rounds = items.map((item) => grouped ? membersOf(item) : [item]);
  const tooMany = rounds.findIndex((values) => values.length > names.length);
  if (tooMany >= 0) return `"${items[tooMany]}" has more values than there are variables`;
  return { names, rounds };
}

/** Splits at commas that are not between braces. */
function splitList(text: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const character = text[at];
    if (character === "{") depth++;
    else if (character === "}") depth--;
    else if (character === undefined || (character === "," && depth <= 0)) {
      items.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  return items;
}

function membersOf(item: string): string[] {
  const inner = /^\{(.*)\}$/.exec(item)?.[1];
  return inner === undefined ? [item] : inner.split(",").map((member) => member.trim());
}

function refuse(line: Line, to: number, why: string, report: Report): undefined {
  const place = placeIn(line, 0, to);
  report.error("bad-repetition", place, `Cannot repeat ${line.text.slice(0, to)}: ${why}`);
  return undefined;
}
