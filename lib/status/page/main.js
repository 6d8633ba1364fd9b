/**
 * Puts the page together whenever the daemon says something new.
 */

import { concern, concernsOf } from "./attention.js";
import { dependencies } from "./depend.js";
import { at, h, same, show } from "./dom.js";
import { eventList } from "./event_list.js";
import { windowOf } from "./history.js";
import { Line } from "./live.js";
import { stations } from "./peers.js";
import { router } from "./routers.js";
import { virtualServer } from "./servers.js";
import { clock, moment, span } from "./time.js";

/** @import { EventRecord, InstanceStatus, Snapshot } from "../../engine/mod.ts" */
/** @import { Part } from "./dom.js" */

/** @type {Snapshot | null} */
let status = null;
let allEvents = false;
/**
 * What each router was last drawn from: there may be hundreds.
 * @type {Map<string, string>}
 */
const drawn = new Map();
let drawing = false;
/** Of more than these each has less room, unless something is wrong with it. */
const many = 6;

const daemon = new Line({
  status: (latest) => {
    status = latest;
    draw();
  },
  event: announce,
  lost: (since) => {
    document.body.classList.toggle("lost", since !== null);
    const words = since === null
      ? "Connected, updates by itself"
      : `Lost the daemon at ${clock(since, Date.now())}: it does not answer. ` +
        "What stands here is how it was then.";
    at("#link").textContent = words;
    draw();
  },
});

/** At most once a frame, whatever comes. */
function draw() {
  if (drawing) return;
  drawing = true;
  setTimeout(() => {
    drawing = false;
    if (status !== null) drawAll(status);
  }, 0);
}

/** @param {Snapshot} status */
function drawAll(status) {
  const { events, timeline } = daemon;
  const now = daemon.now();
  const { instances, virtualServers } = status;
  const window = windowOf(timeline, now);
  const spans = new Map(timeline.instances.map((one) => [one.name, one.spans]));
  const services = new Map(timeline.virtualServers.map((one) => [one.name, one]));
  drawHead(status, now);
  const brief = instances.length > many;
  /** @type {(instance: InstanceStatus, index: number) => HTMLElement} */
  function routerUnlessSame(instance, index) {
    const { name, counters: _, ...state } = instance;
    // Seconds count in the first hour; after that they do not, and not all are drawn at once.
    const young = now - Date.parse(instance.lastTransition.at) < 3_600_000;
    const tick = young ? now : Math.floor((now + 40 * index) / 10_000);
    const told = spans.get(name) ?? [];
    const text = JSON.stringify([state, tick, told, brief]);
    if (drawn.get(name) === text) return same("article", name);
    drawn.set(name, text);
    return router(instance, told, { window, brief });
  }
  const concerns = concernsOf(status, now);
  at("#attention").hidden = concerns.length === 0;
  show(at("#attention ul"), concerns.map((one) => h("li", {}, concern(one))));
  at("#routers .body").classList.toggle("many", brief);
  at("#servers .body").classList.toggle("many", virtualServers.length > many);
  section(
    "#routers",
    instances.length > 0
      ? [legend(), ...instances.map((one, index) => routerUnlessSame(one, index))]
      : [h("p", {}, "None is configured.")],
  );
  section("#wire", instances.length > 0 ? stations(status, events, now) : []);
  section(
    "#servers",
    virtualServers.map((one) =>
      virtualServer(one, services.get(one.name), { window, brief: virtualServers.length > many })
    ),
  );
  section("#more", dependencies(status, now));
  show(at("#events .body"), eventList(events, { now, all: allEvents }));
}

/**
 * @param {Snapshot} status
 * @param {number} now
 */
function drawHead({ node, version, pid, startedAt, config, instances }, now) {
  const masters = instances.filter(({ state }) => state === "MASTER").length;
  const lost = document.body.classList.contains("lost");
  document.title = `${lost ? "Lost: " : ""}${node} \u2013 ${masters} of ${instances.length} master`;
  at("#node").textContent = node;
  const routers = instances.length === 1
    ? "1 virtual router"
    : `${instances.length} virtual routers`;
  const role = instances.length === 0 ? "no virtual router" : `master of ${masters} of ${routers}`;
  at("#facts").textContent = `${role}, up for ${span(now - Date.parse(startedAt))}`;
  const reloads = config.reloads === 1 ? "1 reload" : `${config.reloads} reloads`;
  const read = moment(config.loadedAt, now);
  show(
    at("#about"),
    `standin ${version}, pid ${pid}. ${config.file}, read `,
    read,
    `, ${reloads}.`,
  );
  if (!lost) at("#link").textContent = "Connected, updates by itself";
}

/**
 * @param {string} id
 * @param {Part[]} parts
 */
function section(id, parts) {
  at(id).hidden = parts.length === 0;
  show(at(`${id} .body`), parts);
}

/** @returns {HTMLElement} */
function legend() {
  const sentence = "In a timeline, full height is master, a thin band backup, hatching fault, " +
    "an outline neither, upright stripes many changes. On a bare line nothing is known, and where " +
    "it is broken no daemon ran.";
  return h("p", { class: "quiet legend" }, sentence);
}

/**
 * What changed while somebody listens, for those who do not see it.
 * @param {EventRecord} event
 */
function announce(event) {
  const { event: kind, message, time } = event;
  const fresh = Date.parse(time) > daemon.now() - 10_000;
  if (kind === "transition" && fresh) at("#announced").textContent = message;
  draw();
}

document.addEventListener("click", ({ target }) => {
  if (!(target instanceof Element) || target.id !== "all-events") return;
  allEvents = !allEvents;
  draw();
});
daemon.open();
