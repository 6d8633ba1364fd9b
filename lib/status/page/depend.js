/**
 * What routers depend on: sync groups, trackers, resources and BFD sessions, a line each.
 */

import { h } from "./dom.js";
import { mark } from "./marks.js";
import { span } from "./time.js";

/** @import { Snapshot } from "../../engine/mod.ts" */

/**
 * Lists under titles of their own; what there is none of has no title.
 * @param {Snapshot} status
 * @param {number} now
 * @returns {HTMLElement[]}
 */
export function dependencies({ syncGroups, trackers, resources, bfdSessions }, now) {
  const since = (/** @type {string} */ at) => `for ${span(now - Date.parse(at))}`;
  /** @type {[string, HTMLElement[]][]} */
  const lists = [
    [
      "Sync groups",
      syncGroups.map(({ name, state, members }) =>
        line(name, mark(state), `with ${members.join(", ")}`)
      ),
    ],
    [
      "Trackers",
      trackers.map(({ kind, name, state, value, since: at, detail }) => {
        const sign = state === "bad" ? "DOWN" : state === "unknown" ? "INIT" : "UP";
        const said = [since(at), ...detail === null ? [] : [detail]].join(", ");
        return line(`${kind} ${name}`, mark(sign, value === null ? state : `${value}`), said);
      }),
    ],
    ...resources.map(({ name, resources: each }) => /** @type {[string, HTMLElement[]]} */ ([
      `Resources of ${name}`,
      each.map((one) => {
        const ill = one.state === "failed" || one.state === "stuck";
        const sign = ill ? "DOWN" : one.state === "active" ? "UP" : "STOPPED";
        return line(one.name, mark(sign, one.state), since(one.since));
      }),
    ])),
    [
      "BFD sessions",
      bfdSessions.map(({ name, neighbor, state, since: at }) =>
        line(`${name}, ${neighbor}`, mark(state === "Up" ? "UP" : "DOWN", state), since(at))
      ),
    ],
  ];
  return lists.filter(([, list]) => list.length > 0).map(([title, list]) =>
    h(
      "article",
      { "data-key": title },
      h("h3", {}, title),
      h("ul", { class: "rows" }, ...list),
    )
  );
}

/**
 * @param {string} name
 * @param {HTMLElement} sign
 * @param {string} more
 * @returns {HTMLElement}
 */
function line(name, sign, more) {
  return h(
    "li",
    { "data-key": name },
    h("span", {}, name, " ", h("small", {}, more)),
    h("span", {}, sign),
  );
}
