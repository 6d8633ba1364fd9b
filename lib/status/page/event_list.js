/**
 * The latest events, as they come.
 */

import { h } from "./dom.js";
import { withoutRepeats } from "./history.js";
import { mark } from "./marks.js";
import { moment } from "./time.js";

/** @import { EventRecord } from "../../engine/mod.ts" */

/** Those that are shown before somebody asks for more. */
const few = 30;

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
