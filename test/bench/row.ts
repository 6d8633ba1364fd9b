/**
 * A row of the table: one question, the measurements of both implementations, the budget that
 * design and README promise for standin, and whether it was kept.
 */
import { type Implementation, implementations } from "./daemon.ts";
import { summarize, type Summary } from "./statistics.ts";

/** What a row promises; each part in the unit of the row. */
export interface Budget {
  readonly median?: number;
  readonly p99?: number;
  readonly max?: number;
}

/** What is measured. */
export interface Question {
  readonly what: string;
  /** `ms`, `%`, `MB`, or what is counted. */
  readonly unit: string;
  readonly budget?: Budget;
}

/** The measurements of one question; `never` counts the times when nothing happened. */
export interface Answers {
  readonly values: Readonly<Record<Implementation, readonly number[]>>;
  readonly never: Readonly<Record<Implementation, number>>;
}

/** A question with its answers. */
export interface Row extends Question, Answers {}

/** Collects measurements of one question. */
export class Series {
  readonly #question: Question;
  readonly #values: Record<Implementation, number[]> = { keepalived: [], standin: [] };
  readonly #never: Record<Implementation, number> = { keepalived: 0, standin: 0 };

  constructor(question: Question) {
    this.#question = question;
  }

  /** Adds measurements; `undefined` is one that never came. */
  add(whose: Implementation, ...values: readonly (number | undefined)[]): void {
    for (const value of values) {
      if (value === undefined) this.#never[whose]++;
      else this.#values[whose].push(value);
    }
  }

  /** The row. */
  row(): Row {
    return { ...this.#question, values: this.#values, never: this.#never };
  }
}

/** How a row came out for standin. */
export function verdictOf(row: Row): "ok" | "missed" | "" {
  const { budget } = row;
  if (budget === undefined) return "";
  const summary = summarize(row.values.standin);
  if (summary === undefined || row.never.standin > 0) return "missed";
  const kept = (["median", "p99", "max"] as const).every((part) =>
    summary[part] <= (budget[part] ?? Infinity)
  );
  return kept ? "ok" : "missed";
}

/** The cells of a row, as text. */
export function cellsOf(row: Row): string[] {
  const [theirs, ours] = implementations.map((name) => summarize(row.values[name]));
  return [
    row.what,
    row.unit,
    ...implementations.map((name) => seriesText(row, name)),
    ratioText(theirs, ours),
    budgetText(row),
    verdictOf(row),
  ];
}

/** The headings of the cells. */
export const headings: readonly string[] = [
  "what",
  "unit",
  "keepalived",
  "standin",
  "ratio",
  "budget",
  "",
];

/** Median, 99th percentile and largest; one number where there is only one. */
function seriesText(row: Row, whose: Implementation): string {
  const summary = summarize(row.values[whose]);
  const never = row.never[whose];
  if (summary === undefined) return never > 0 ? "never" : "–";
  const { count, median, p99, max } = summary;
  const text = count < 3 ? number(max) : [median, p99, max].map(number).join(" / ");
  return never > 0 ? `${text}, ${never} never` : text;
}

function budgetText({ budget }: Row): string {
  if (budget === undefined) return "";
  const { median, p99, max } = budget;
  const parts = [
    median === undefined ? [] : [`median ≤ ${number(median)}`],
    p99 === undefined ? [] : [`p99 ≤ ${number(p99)}`],
    max === undefined ? [] : [`max ≤ ${number(max)}`],
  ];
  return parts.flat().join(", ");
}

function ratioText(theirs: Summary | undefined, ours: Summary | undefined): string {
  if (theirs === undefined || ours === undefined || theirs.median <= 0) return "";
  return `${(ours.median / theirs.median).toFixed(2)}×`;
}

function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(Number.isInteger(value) ? 0 : digits);
}
