/**
 * Virtual routers: state, timeline, how the priority comes about, and behind a click the rest.
 */

import { h } from "./dom.js";
import { spansIn, wordsFor } from "./history.js";
import { band, mark } from "./marks.js";
import { clock, moment, span } from "./time.js";

/** @import { InstanceStatus, TrackUseStatus } from "../../engine/mod.ts" */
/** @import { ToldSpan } from "../timeline.ts" */
/** @import { Part } from "./dom.js" */
/** @import { Span, Window } from "./history.js" */

/**
 * One virtual router.
 * @param {InstanceStatus} instance
 * @param {readonly ToldSpan[]} told
 * @param {{ window: Window, brief: boolean }} look
 * @returns {HTMLElement}
 */
export function router(instance, told, { window, brief }) {
  const { name, state, addresses, excludedAddresses, lastTransition, twoMasters } = instance;
  const spans = spansIn(told, window);
  const now = window.to;
  const title = `router-${name}`;
  const isWell = (state === "MASTER" || state === "BACKUP") && twoMasters === null;
  const isBrief = brief && isWell;
  const more = [
    h(
      "p",
      {},
      `For ${span(now - Date.parse(lastTransition.at))}, since `,
      moment(lastTransition.at, now),
      `: ${lastTransition.reason}.`,
    ),
    priority(instance),
  ];
  return h(
    "article",
    { "data-key": name, "aria-labelledby": title },
    h(
      "div",
      { class: "head" },
      h("h3", { id: title }, name),
      mark(state),
      h("p", { class: "what" }, roleOf(instance)),
    ),
    h("p", { class: "addresses" }, words([...addresses, ...excludedAddresses])),
    band(spans, window),
    isBrief ? [] : more,
    details(instance, spans, { now, more: isBrief ? more : [] }),
  );
}

/**
 * Words that may stand on different lines.
 * @param {readonly string[]} list
 * @returns {Part[]}
 */
export function words(list) {
  return list.flatMap((word, index) => [index > 0 && " ", h("span", { class: "word" }, word)]);
}

/**
 * @param {InstanceStatus} instance
 * @returns {Part[]}
 */
function roleOf({ state, master, sourceAddress }) {
  if (state === "MASTER" && sourceAddress !== null) return ["this node, ", address(sourceAddress)];
  if (master === null) return [state === "BACKUP" ? "no master was heard yet" : ""];
  return ["master is ", address(master.address), `, priority ${master.priority}`];
}

/**
 * @param {string} text
 * @returns {HTMLElement}
 */
function address(text) {
  return h("span", { class: "word" }, text);
}

/**
 * The priority as a sum.
 * @param {InstanceStatus} instance
 * @returns {HTMLElement}
 */
function priority({ basePriority, effectivePriority, tracking }) {
  if (tracking.length === 0) {
    return h("p", { class: "sum" }, "Priority ", h("b", {}, `${effectivePriority}`));
  }
  const row = (/** @type {Part} */ what, /** @type {string} */ number, kind = "") =>
    h("li", { class: kind || null }, h("span", {}, what), h("span", { class: "number" }, number));
  return h(
    "ul",
    { class: "sum rows", "aria-label": "How the priority comes about" },
    row("Configured priority", `${basePriority}`),
    ...tracking.map((use) => row(useWords(use), effectOf(use))),
    row("Priority in use", `${effectivePriority}`, "total"),
  );
}

/**
 * @param {TrackUseStatus} use
 * @returns {Part[]}
 */
function useWords({ kind, name, state, value, detail, group }) {
  const said = state === "number" ? `${value}` : state;
  const more = detail === null ? "" : `, ${detail}`;
  const through = group === null ? "" : `, tracked by group ${group}`;
  return [`${kind} ${name} `, h("small", {}, `${said}${more}${through}`)];
}

/**
 * @param {TrackUseStatus} use
 * @returns {string}
 */
function effectOf({ effect, change }) {
  if (effect === "fault") return "fault";
  if (effect === "untested") return "not tested yet";
  return change < 0 ? `\u2212${-change}` : change > 0 ? `+${change}` : "\u00b10";
}

/**
 * @param {InstanceStatus} instance
 * @param {readonly Span[]} spans
 * @param {{ now: number, more: Part[] }} look
 * @returns {HTMLElement}
 */
function details(instance, spans, { now, more }) {
  const { advertIntervalMs, preempt, preemptDelayMs, counters, unicastPeers } = instance;
  const { family, version, vrid, syncGroup, routes, rules, witness } = instance;
  /** @type {[string, string | null][]} */
  const facts = [
    ["Interface", `${instance.interface}, ${family === "ipv4" ? "IPv4" : "IPv6"}`],
    ["Protocol", `VRRPv${version}, VRID ${vrid}, an advert every ${advertIntervalMs} ms`],
    ["Speaks from", instance.sourceAddress],
    ["Unicast to", unicastPeers?.filter(({ self }) => !self).map((it) => it.address).join(" ")],
    ["Preempts", preempt ? preemptDelayMs > 0 ? `after ${span(preemptDelayMs)}` : "yes" : "no"],
    ["Sync group", syncGroup],
    ["Witness", witness === null ? null : `${witness.probe}: ${witness.state}`],
    ["Routes", routes.join("; ") || null],
    ["Rules", rules.join("; ") || null],
    ["Adverts", `${counters.advertSent} sent, ${counters.advertReceived} received`],
  ].map(([what, fact]) => [what ?? "", fact ?? null]);
  return h(
    "details",
    {},
    h(
      "summary",
      {},
      "Settings and history",
      h("span", { class: "unseen" }, ` of ${instance.name}`),
    ),
    ...more,
    h(
      "dl",
      {},
      ...facts.map(([what, fact]) =>
        fact !== null && h("div", {}, h("dt", {}, what), h("dd", {}, fact))
      ),
    ),
    spans.length > 0 && h(
      "ol",
      { class: "changes", tabindex: 0, "aria-label": "How it was, the latest first" },
      ...spans.slice(-50).toReversed().map(({ state, from, to, changes }) =>
        h(
          "li",
          {},
          h("time", {}, clock(from, now)),
          ` ${changes > 0 ? `changed ${changes} times` : wordsFor(state)} for ${span(to - from)}`,
        )
      ),
    ),
  );
}
