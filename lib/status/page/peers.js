/**
 * Who is on the wire: this node, and whoever it hears. VRRP lets only masters speak, so a node that
 * waits as backup is known by its configuration, by its BFD session, or by what it was before.
 */

import { h } from "./dom.js";
import { mark } from "./marks.js";
import { moment } from "./time.js";

/** @import { EventRecord, Snapshot } from "../../engine/mod.ts" */
/** @import { Part } from "./dom.js" */

/**
 * @typedef {object} Peer
 * @property {string} address
 * @property {string} state
 * @property {Part[][]} lines what is known of it
 */

/** What counts more stands behind. */
const ranks = ["BACKUP", "UP", "MASTER", "FAULT"];

/**
 * Everybody, this node first.
 * @param {Snapshot} status
 * @param {readonly EventRecord[]} events
 * @param {number} now
 * @returns {HTMLElement[]}
 */
export function stations(status, events, now) {
  const peers = peersOf(status, events, now);
  return [h(
    "ul",
    { class: "stations" },
    self(status),
    ...peers.map(({ address, state, lines }) =>
      h(
        "li",
        { "data-key": address },
        h("p", { class: "head" }, h("b", { class: "word" }, address), signOf(state)),
        ...lines.map((line) => h("p", {}, line)),
      )
    ),
  )];
}

/**
 * @param {string} state
 * @returns {HTMLElement}
 */
function signOf(state) {
  if (state === "FAULT") return mark(state, "a second master");
  return mark(
    state,
    state === "MASTER" ? "heard as master" : state === "UP" ? "answers" : "quiet, as a backup is",
  );
}

/**
 * @param {Snapshot} status
 * @returns {HTMLElement}
 */
function self({ node, instances }) {
  const masters = instances.filter(({ state }) => state === "MASTER");
  const sources = new Set(instances.map(({ sourceAddress }) => sourceAddress ?? ""));
  sources.delete("");
  const state = masters.length > 0 ? "MASTER" : instances[0]?.state ?? "INIT";
  const names = masters.map(({ name }) => name).join(", ");
  const listens = instances.some((one) => one.state === "BACKUP") ? "listens" : "takes no part";
  return h(
    "li",
    { "data-key": "this node" },
    h("p", { class: "head" }, h("b", {}, node), mark(state, "this node")),
    h("p", {}, masters.length > 0 ? `speaks as master of ${names}` : listens),
    sources.size > 0 && h("p", { class: "quiet" }, `from ${[...sources].join(", ")}`),
  );
}

/**
 * @param {Snapshot} status
 * @param {readonly EventRecord[]} events
 * @param {number} now
 * @returns {Peer[]}
 */
export function peersOf({ instances, bfdSessions }, events, now) {
  /** @type {Map<string, Peer>} */
  const peers = new Map();
  const own = new Set(instances.map(({ sourceAddress }) => sourceAddress));
  /** @type {(address: string, state: string, line: Part[]) => void} */
  function note(address, state, line) {
    if (own.has(address)) return;
    const peer = peers.get(address) ?? { address, state, lines: [] };
    if (ranks.indexOf(state) > ranks.indexOf(peer.state)) peer.state = state;
    peer.lines.push(line);
    peers.set(address, peer);
  }
  for (const { name, state, master, twoMasters } of instances) {
    if (twoMasters !== null) {
      const { address, priority } = twoMasters;
      note(address, "FAULT", [`speaks as master of ${name}, too, priority ${priority}`]);
    }
    if (state === "MASTER" || master === null) continue;
    note(master.address, "MASTER", [`master of ${name}, priority ${master.priority}`]);
  }
  for (const { name, neighbor, state } of bfdSessions) {
    note(neighbor, state === "Up" ? "UP" : "BACKUP", [`BFD session ${name} is ${state}`]);
  }
  for (const { name, unicastPeers } of instances) {
    for (const { address, self } of unicastPeers ?? []) {
      if (!self && !peers.has(address)) note(address, "BACKUP", [`unicast peer of ${name}`]);
    }
  }
  for (const event of events.toReversed()) {
    const { address, at } = heardIn(event);
    if (address === undefined || peers.has(address)) continue;
    const line = `last heard as master of ${event["instance"]} at `;
    note(address, "BACKUP", [line, moment(new Date(at).toISOString(), now)]);
  }
  return [...peers.values()];
}

/**
 * The master that an event names, and when it spoke.
 * @param {EventRecord} event
 * @returns {{ address: string | undefined, at: number }}
 */
function heardIn({ event, time, source, reason }) {
  const at = Date.parse(time);
  if (event === "master-changed" && typeof source === "string") return { address: source, at };
  if (event !== "transition" || typeof reason !== "object" || reason === null) {
    return { address: undefined, at };
  }
  /** @type {{ master?: string, source?: string, silentForMs?: number }} */
  const { master, source: sender, silentForMs = 0 } = reason;
  return { address: master ?? sender, at: at - silentForMs };
}
