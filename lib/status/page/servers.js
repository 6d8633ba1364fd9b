/**
 * Virtual servers: who has its quorum, and how each real server is and why.
 */

import { h } from "./dom.js";
import { quorumsOf, spansOf } from "./history.js";
import { band, mark } from "./marks.js";
import { span } from "./time.js";

/** @import { EventRecord, RealServerStatus, Snapshot } from "../../engine/mod.ts" */
/** @import { Window } from "./history.js" */
/** @typedef {Snapshot["virtualServers"][number]} VirtualServerStatus */

/**
 * One virtual server.
 * @param {VirtualServerStatus} server
 * @param {readonly EventRecord[]} events
 * @param {Window} window
 * @returns {HTMLElement}
 */
export function virtualServer(server, events, window) {
  const { name, up, realServers, sorryServer, problem } = server;
  const state = up ? "UP" : "DOWN";
  const title = `server-${name}`;
  return h(
    "article",
    { "data-key": name, "aria-labelledby": title },
    h("div", { class: "head" }, h("h3", { id: title }, name), mark(state, state.toLowerCase())),
    h("p", { class: "what" }, placeOf(server)),
    problem !== null && h("p", { class: "complaint" }, problem),
    band(spansOf(state, quorumsOf(name, events), window), window),
    h(
      "ul",
      { class: "rows", "aria-label": `Real servers of ${name}` },
      ...realServers.map((one) => realServer(one, window.to)),
      sorryServer !== null &&
        h(
          "li",
          {},
          h("span", {}, mark(sorryServer.active ? "UP" : "STOPPED", sorryServer.address)),
          h("span", {}, sorryServer.active ? "sorry server, in use" : "sorry server, at rest"),
        ),
    ),
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
 * @param {RealServerStatus} server
 * @param {number} now
 * @returns {HTMLElement}
 */
function realServer({ address, port, up, weight, override, statistics, checks }, now) {
  const place = `${address.includes(":") ? `[${address}]` : address}:${port}`;
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
      h("span", { class: "unseen" }, up ? "up" : "down"),
    ),
    h("span", {}, notes.join(", ")),
    checks.map((check) => {
      const since = span(now - Date.parse(check.since));
      const why = check.failure === null ? "" : `: ${check.failure}`;
      const target = check.target === place ? "" : ` ${check.target}`;
      const words = `${check.kind}${target} ${check.up ? "good" : "bad"} for ${since}${why}`;
      return h("small", { class: check.up ? null : "complaint" }, words);
    }),
  );
}
