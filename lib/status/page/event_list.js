/**
 * The latest events, as they come.
 */

import { h } from "./dom.js";
import { mark } from "./marks.js";
import { moment } from "./time.js";

/** @import { EventRecord } from "../../engine/mod.ts" */

/** Those that are shown before somebody asks for more, and of what happens again and again. */
const [few, alike] = [30, 3];

/**
 * A list, the latest first, and a button where there are more.
 * @param {readonly EventRecord[]} events
 * @param {{ now: number, all: boolean }} wanted
 * @returns {HTMLElement[]}
 */
export function eventList(events, { now, all }) {
  if (events.length === 0) return [h("p", {}, "Nothing has happened yet.")];
  const shown = all
    ? events.toReversed().map((event) => ({ event, more: 0 }))
    : withoutRepeats(events).slice(0, few);
  const more = events.length > Math.min(few, shown.length) || all
    ? [
      h(
        "button",
        { type: "button", id: "all-events" },
        all ? "Show fewer" : `Show all ${events.length}`,
      ),
    ]
    : [];
  return [
    h(
      "ol",
      {},
      ...shown.map(({ event: { id, time, level, message }, more: like }) =>
        h(
          "li",
          { "data-key": id, class: level },
          moment(time, now),
          h(
            "span",
            {},
            level === "error" || level === "warning"
              ? [mark(level === "error" ? "FAULT" : "WARNING", level), " "]
              : null,
            message,
            like > 0 && h("small", {}, ` and ${like} like it before`),
          ),
        )
      ),
    ),
    ...more,
  ];
}

/**
 * The latest first; of what happens to one again and again, a few and how many more there were.
 * @param {readonly EventRecord[]} events
 * @returns {{ event: EventRecord, more: number }[]}
 */
function withoutRepeats(events) {
  /** @type {Map<string, { event: EventRecord, more: number }[]>} */
  const same = new Map();
  return events.toReversed().flatMap((event) => {
    const { instance, group, tracker, session, virtualServer, server } = event;
    const key = [event.event, instance, group, tracker, session, virtualServer, server].join();
    const before = same.get(key) ?? [];
    const one = { event, more: 0 };
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
