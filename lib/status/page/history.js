/**
 * What was when: spans of time made from events, without anything of the browser.
 */

/** @import { EventRecord, InstanceStatus } from "../../engine/mod.ts" */

/**
 * @typedef {object} Span
 * @property {string} state empty where it is not known
 * @property {number} from milliseconds since 1970
 * @property {number} to
 */

/**
 * @typedef {object} Change
 * @property {number} at
 * @property {string} from
 * @property {string} to
 */

/**
 * @typedef {object} Window
 * @property {number} from
 * @property {number} to
 * @property {number} knownFrom what was before nobody knows here
 */

const hour = 3_600_000;
const lengths = [hour / 6, hour, 6 * hour, 24 * hour];

/**
 * The last day, or as much of it as suits a daemon that is younger.
 * @param {{ startedAt: string, now: number, events: readonly EventRecord[], full: boolean }} known
 * @returns {Window}
 */
export function windowOf({ startedAt, now, events, full }) {
  const started = Date.parse(startedAt);
  const oldest = full && events[0] !== undefined ? Date.parse(events[0].time) : started;
  const length = lengths.find((one) => now - started <= one) ?? 24 * hour;
  return { from: now - length, to: now, knownFrom: Math.max(started, oldest) };
}

/**
 * The changes of state of an instance, the last one also where its event is forgotten.
 * @param {InstanceStatus} instance
 * @param {readonly EventRecord[]} events
 * @returns {Change[]}
 */
export function changesOf({ name, lastTransition }, events) {
  const changes = events
    .filter((event) => event.event === "transition" && event["instance"] === name)
    .map(({ time, from, to }) => ({ at: Date.parse(time), from: String(from), to: String(to) }));
  const last = changes.at(-1);
  const { from, to, at } = lastTransition;
  if (from !== to && (last === undefined || Date.parse(at) > last.at + 1000)) {
    changes.push({ at: Date.parse(at), from, to });
  }
  return changes;
}

/**
 * When a virtual server gained and lost its quorum.
 * @param {string} name
 * @param {readonly EventRecord[]} events
 * @returns {Change[]}
 */
export function quorumsOf(name, events) {
  return events
    .filter((event) => event.event === "quorum-changed" && event["virtualServer"] === name)
    .map(({ time, up }) => ({
      at: Date.parse(time),
      from: up === true ? "DOWN" : "UP",
      to: up === true ? "UP" : "DOWN",
    }));
}

/**
 * The spans between changes, within a window.
 * @param {string} state how it is now
 * @param {readonly Change[]} changes
 * @param {Window} window
 * @returns {Span[]}
 */
export function spansOf(state, changes, { from, to, knownFrom }) {
  const begin = Math.max(from, knownFrom);
  const inside = changes.filter(({ at }) => at > begin && at <= to);
  const first = inside[0]?.from ?? state;
  const edges = [{ at: begin, to: first }, ...inside];
  const spans = edges.map(({ at, to: entered }, index) => ({
    state: index === edges.length - 1 ? state : entered,
    from: at,
    to: edges[index + 1]?.at ?? to,
  }));
  const unknown = begin > from ? [{ state: "", from, to: begin }] : [];
  return [...unknown, ...spans].filter((span) => span.to > span.from);
}

/**
 * How long it was in each state, the longest first.
 * @param {readonly Span[]} spans
 * @returns {[string, number][]}
 */
export function shares(spans) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (const { state, from, to } of spans) {
    if (state !== "") sums.set(state, (sums.get(state) ?? 0) + to - from);
  }
  return [...sums].sort(([, a], [, b]) => b - a);
}
