/**
 * Times for people: the clock of the node where it differs from the reader's, spans in two units.
 */

import { h } from "./dom.js";

/** @type {[string, number][]} */
const units = [["d", 86_400_000], ["h", 3_600_000], ["min", 60_000], ["s", 1000]];

/**
 * A span in its two largest units, such as `3 h 12 min`.
 * @param {number} ms
 * @returns {string}
 */
export function span(ms) {
  // "24 h" says more than "1 d".
  const first = units.findIndex(([unit, size]) => ms >= (unit === "d" ? 2 * size : size));
  if (first < 0) return "0 s";
  let left = ms;
  const words = units.slice(first, first + 2).map(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? "" : `${count}\u00a0${unit}`;
  });
  return words.filter((word) => word !== "").join("\u00a0");
}

/**
 * A moment by the reader's calendar: the time, and the day unless it is today.
 * @param {number} at
 * @param {number} now
 * @returns {string}
 */
export function clock(at, now) {
  const then = new Date(at);
  const time = then.toLocaleTimeString([], { hour12: false });
  if (then.toDateString() === new Date(now).toDateString()) return time;
  return `${then.toLocaleDateString([], { day: "numeric", month: "short" })} ${time}`;
}

/**
 * A moment as an element.
 * @param {string} iso
 * @param {number} now
 * @returns {HTMLElement}
 */
export function moment(iso, now) {
  return h("time", { datetime: iso, title: iso }, clock(Date.parse(iso), now));
}
