/**
 * Signs that are told by their shape and by a word, colours only help: states, and the band of a
 * timeline, which is full for what serves, thin for what waits and hatched for what is broken.
 */

import { h, s } from "./dom.js";
import { legible, shares, wordsFor } from "./history.js";
import { span } from "./time.js";

/** @import { Span, Window } from "./history.js" */

/** @type {Record<string, string>} */
const shapes = {
  MASTER: "M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12z",
  UP: "M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12z",
  BACKUP: "M8 3a5 5 0 1 1 0 10a5 5 0 1 1 0-10z",
  FAULT: "M8 1.5l7 12.5h-14z",
  DOWN: "M8 1.5l7 12.5h-14z",
  WARNING: "M8 1.5l6.5 6.5l-6.5 6.5l-6.5-6.5z",
  INIT: "M4 4h8v8h-8z",
  STOPPED: "M4 4h8v8h-8z",
};

/** @type {Record<string, string>} */
const kinds = {
  MASTER: "good",
  UP: "good",
  BACKUP: "idle",
  FAULT: "bad",
  DOWN: "bad",
  WARNING: "warn",
  INIT: "none",
  STOPPED: "none",
  ABSENT: "absent",
  CHANGING: "changing",
};

/**
 * A state as shape and word.
 * @param {string} state
 * @param {string} [word]
 * @returns {HTMLElement}
 */
export function mark(state, word = state) {
  return h(
    "span",
    { class: `mark ${kinds[state] ?? "none"}` },
    s(
      "svg",
      { viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" },
      s("path", { d: shapes[state] ?? "M4 4h8v8h-8z" }),
    ),
    h("span", {}, word),
  );
}

/**
 * The band of a window of time; the sentence says what is drawn.
 * @param {readonly Span[]} spans
 * @param {Window} window
 * @param {string} [whose] of a band that is one of many, and smaller
 * @returns {HTMLElement}
 */
export function band(spans, { from, to }, whose) {
  const length = to - from;
  const percent = (/** @type {number} */ ms) => `${(ms / length * 100).toFixed(3)}%`;
  const parts = shares(spans).map(([state, ms]) => `${wordsFor(state)} ${span(ms)}`);
  const sentence = `The last ${span(length)}: ${parts.join(", ") || "nothing is known"}`;
  // What was short is there to be seen, above what was long.
  const least = length / 250;
  const isBrief = (/** @type {Span} */ one) => one.to - one.from < least;
  const all = legible(spans, least);
  const drawn = [...all.filter((one) => !isBrief(one)), ...all.filter(isBrief)];
  return h(
    "div",
    { class: whose === undefined ? "band" : "band small" },
    s(
      "svg",
      { role: "img", "aria-label": whose === undefined ? sentence : `${whose}. ${sentence}` },
      s("line", { class: "base", x1: "0", x2: "100%", y1: "50%", y2: "50%" }),
      ...drawn.map((one) =>
        s("rect", {
          class: kinds[one.state] ?? "none",
          x: percent(Math.min(one.from, to - least) - from),
          width: percent(Math.max(one.to - one.from, least)),
          y: "0",
          height: "100%",
        })
      ),
    ),
    whose === undefined && h(
      "p",
      { class: "scale", "aria-hidden": "true" },
      h("span", {}, `${span(length)} ago`),
      h("span", {}, "now"),
    ),
  );
}
