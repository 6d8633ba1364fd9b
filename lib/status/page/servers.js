/**
 * Virtual servers: who has its quorum, and how each real server is and why.
 */

import { h } from "./dom.js";
import { spansIn } from "./history.js";
import { band, mark } from "./marks.js";
import { span } from "./time.js";

/** @import { RealServerStatus, Snapshot } from "../../engine/mod.ts" */
/** @import { Part } from "./dom.js" */
/** @import { ToldTimeline } from "../timeline.ts" */
/** @import { Span, Window } from "./history.js" */
/** @typedef {Snapshot["virtualServers"][number]} VirtualServerStatus */

/**
 * One virtual server.
 * @param {VirtualServerStatus} server
 * @param {ToldTimeline["virtualServers"][number] | undefined} told
 * @param {{ window: Window, brief: boolean }} look
 * @returns {HTMLElement}
 */
export function virtualServer(server, told, { window, brief }) {
  const { name, up, balanced, realServers, sorryServer, problem } = server;
  const state = up && balanced ? "UP" : "DOWN";
  const word = balanced ? state.toLowerCase() : "not balanced";
  const title = `server-${name}`;
  const row = (/** @type {RealServerStatus} */ one) => {
    const its = told?.realServers.find((other) => other.server === nameOf(one));
    return realServer(one, spansIn(its?.spans ?? [], window), window);
  };
  const those = (/** @type {boolean} */ are) =>
    realServers.filter((one) => one.up === are).map(row);
  const sorry = sorryServer === null ? [] : [sorryRow(sorryServer)];
  return h(
    "article",
    { "data-key": name, "aria-labelledby": title },
    h("div", { class: "head" }, h("h3", { id: title }, name), mark(state, word)),
    h("p", { class: "what" }, placeOf(server)),
    problem !== null && h("p", { class: "complaint" }, problem),
    band(spansIn(told?.spans ?? [], window), window),
    brief
      ? [
        rows(`Servers of ${name} that are down`, [
          those(false),
          sorryServer?.active === true ? sorry : [],
        ]),
        h(
          "details",
          {},
          h("summary", {}, "Servers that are up", unseen(` of ${name}`)),
          rows(`Servers of ${name} that are up`, [
            those(true),
            sorryServer?.active === true ? [] : sorry,
          ]),
        ),
      ]
      : rows(`Real servers of ${name}`, [realServers.map(row), sorry]),
  );
}

/**
 * @param {string} label
 * @param {Part[]} parts
 * @returns {HTMLElement}
 */
function rows(label, parts) {
  return h("ul", { class: "rows", "aria-label": label }, ...parts);
}

/**
 * @param {NonNullable<VirtualServerStatus["sorryServer"]>} sorryServer
 * @returns {HTMLElement}
 */
function sorryRow({ address, active }) {
  return h(
    "li",
    { "data-key": "sorry server" },
    h("span", {}, mark(active ? "UP" : "STOPPED", address)),
    h("span", {}, active ? "sorry server, in use" : "sorry server, at rest"),
  );
}

/**
 * @param {VirtualServerStatus} server
 * @returns {string}
 */
function placeOf({ name, address, protocol, scheduler, quorum, realServers }) {
  // Without a name of its own it is called by its place.
  const place = name.startsWith(address) ? [] : [address, protocol];
  const healthy = realServers.filter(({ up }) => up).length;
  return [
    ...place.filter((word) => word !== ""),
    ...scheduler === "" ? [] : [scheduler],
    `${healthy} of ${realServers.length} servers up`,
    ...quorum > 1 ? [`quorum ${quorum}`] : [],
  ].join(" \u00b7 ");
}

/**
 * @param {string} text for those who do not see the page
 * @returns {HTMLElement}
 */
function unseen(text) {
  return h("span", { class: "unseen" }, text);
}

/**
 * @param {RealServerStatus} server
 * @returns {string}
 */
function nameOf({ address, port }) {
  return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}

/**
 * @param {RealServerStatus} server
 * @param {readonly Span[]} spans
 * @param {Window} window
 * @returns {HTMLElement}
 */
function realServer(server, spans, window) {
  const { up, weight, override, statistics, checks } = server;
  const place = nameOf(server);
  const notes = [`weight ${weight}`];
  if (override?.state !== undefined) notes.push(override.state);
  if (statistics !== null && statistics.activeConnections !== null) {
    notes.push(`${statistics.activeConnections} connections`);
  }
  return h(
    "li",
    { "data-key": place },
    h(
      "span",
      {},
      mark(up ? "UP" : "DOWN", place),
      unseen(up ? "up" : "down"),
    ),
    h("span", {}, notes.join(", ")),
    // One that was as it is for all of the time needs no picture.
    spans.length > 1 && band(spans, window, place),
    checks.map((check) => {
      const since = span(window.to - Date.parse(check.since));
      const why = check.failure === null ? "" : `: ${check.failure}`;
      const target = check.target === place ? "" : ` ${check.target}`;
      const words = `${check.kind}${target} ${check.up ? "good" : "bad"} for ${since}${why}`;
      return h("small", { class: check.up ? null : "complaint" }, words);
    }),
  );
}
