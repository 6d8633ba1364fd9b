/**
 * What was when: spans of time as the daemon tells them, within the window that is shown; without
 * anything of the browser.
 */

/** @import { EventRecord } from "../../engine/mod.ts" */
/** @import { ToldSpan, ToldTimeline } from "../timeline.ts" */

/**
 * @typedef {object} Span
 * @property {string} state
 * @property {number} from milliseconds since 1970
 * @property {number} to
 * @property {number} changes how many changes it stands for
 */

/**
 * @typedef {object} Window
 * @property {number} from
 * @property {number} to
 */

const hour = 3_600_000;
const lengths = [hour / 6, hour, 6 * hour, 24 * hour];

/**
 * The last day, or as much of it as suits a node that is younger.
 * @param {ToldTimeline} timeline
 * @param {number} now
 * @returns {Window}
 */
export function windowOf({ completeSince }, now) {
  const known = now - Date.parse(completeSince ?? new Date(now).toISOString());
  return { from: now - (lengths.find((one) => known <= one) ?? 24 * hour), to: now };
}

/**
 * The spans within a window.
 * @param {readonly ToldSpan[]} told
 * @param {Window} window
 * @returns {Span[]}
 */
export function spansIn(told, { from, to }) {
  return told.map(({ state, changes = 0, ...span }) => ({
    state,
    changes,
    from: Math.max(from, Date.parse(span.from)),
    to: Math.min(to, span.to === null ? to : Date.parse(span.to)),
  })).filter((span) => span.to > span.from);
}

/**
 * The spans as they can be drawn: where four or more that are shorter than this follow each other,
 * one stands for them all.
 * @param {readonly Span[]} spans
 * @param {number} least
 * @returns {Span[]}
 */
export function legible(spans, least) {
  /** @type {Span[]} */
  const drawn = [];
  for (let first = 0, next = 0; first < spans.length; first = next) {
    const isBrief = (/** @type {Span | undefined} */ one) =>
      one !== undefined && (one.to - one.from < least || one.state === "CHANGING");
    for (next = first + 1; isBrief(spans[first]) && isBrief(spans[next]);) next++;
    const run = spans.slice(first, next);
    const [one, last] = [run[0], run.at(-1)];
    if (run.length < 4 || one === undefined || last === undefined) drawn.push(...run);
    else drawn.push({ ...one, state: "CHANGING", to: last.to });
  }
  return drawn;
}

/**
 * How long it was in each state, the longest first.
 * @param {readonly Span[]} spans
 * @returns {[string, number][]}
 */
export function shares(spans) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (const { state, from, to } of spans) sums.set(state, (sums.get(state) ?? 0) + to - from);
  return [...sums].sort(([, a], [, b]) => b - a);
}

/** @type {Record<string, string>} */
const states = { ABSENT: "no daemon ran", CHANGING: "changing", INIT: "starting" };

/**
 * A state in words.
 * @param {string} state
 * @returns {string}
 */
export function wordsFor(state) {
  return states[state] ?? state.toLowerCase();
}

/** Of what happens again and again so many are shown. */
const alike = 3;

/** A number that stands alone, a span or a time; no address. */
const figure = /^\(?(\d[\da-z]*(\.\d+)?[a-z%]*|\d+:\d\d(:\d\d)?|\d{4}-\d\d-\d\dT\S+?)[,.;:)]*$/;

/**
 * The latest first; of what is said again and again with other numbers, a few and how many more
 * there were. A FAULT is always shown.
 * @param {readonly EventRecord[]} events
 * @returns {{ event: EventRecord, more: number }[]}
 */
export function withoutRepeats(events) {
  /** @type {Map<string, { event: EventRecord, more: number }[]>} */
  const same = new Map();
  return events.toReversed().flatMap((event) => {
    const one = { event, more: 0 };
    if (event["to"] === "FAULT") return [one];
    const words = event.message.split(" ").map((word) => figure.test(word) ? "0" : word);
    const key = [event.level, event.event, ...words].join(" ");
    const before = same.get(key) ?? [];
    same.set(key, before);
    if (before.length < alike) {
      before.push(one);
      return [one];
    }
    const last = before.at(-1);
    if (last !== undefined) last.more++;
    return [];
  });
}
