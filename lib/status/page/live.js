/**
 * The line to the daemon: one stream of events, and its status whenever one comes and every other
 * second, with the timeline of the day when that may have changed. Whatever fails is tried again;
 * the moment when the daemon was last heard is kept.
 */

/** @import { EventRecord, Snapshot } from "../../engine/mod.ts" */
/** @import { ToldTimeline } from "../timeline.ts" */

/**
 * @typedef {object} Listener
 * @property {(status: Snapshot) => void} status
 * @property {(event: EventRecord) => void} event
 * @property {(since: number | null) => void} lost since when nothing was heard; null: it is there
 */

/** The stream has a sign of life every five seconds. */
const silenceMs = 12_000;
const pollMs = 2000;
/** The daemon may hand out an answer that is this old. */
const answerAgeMs = 110;
/** As many as the daemon keeps. */
const eventsMax = 1000;
/** What changes a timeline. */
const changes = ["transition", "quorum-changed", "server-changed", "clock-set"];

/** The node's clock, and whether the daemon is there. */
export class Line {
  /** @type {EventRecord[]} */
  events = [];
  /** @type {ToldTimeline} */
  timeline = { completeSince: null, instances: [], virtualServers: [] };
  #timelineIsOld = true;
  #changedAt = 0;
  /** Milliseconds that the node's clock is ahead of the reader's. */
  #ahead = 0;
  #heardAt = Date.now();
  #lost = false;
  #asking = false;
  #asked = false;
  /** @type {Listener} */
  #listener;

  /** @param {Listener} listener */
  constructor(listener) {
    this.#listener = listener;
  }

  /** Now, by the node's clock. */
  now() {
    return Date.now() + this.#ahead;
  }

  /** Asks and listens for as long as the page is open. */
  open() {
    void this.#ask();
    setInterval(() => {
      if (document.visibilityState === "visible") void this.#ask();
    }, pollMs);
    document.addEventListener("visibilitychange", () => void this.#ask());
    void this.#follow();
  }

  async #ask() {
    this.#asked = true;
    if (this.#asking) return;
    this.#asking = true;
    while (this.#asked) {
      this.#asked = false;
      try {
        const answer = await get("/status");
        const status = await answer.json();
        this.#setClock(answer.headers.get("date"));
        if (this.#timelineIsOld) await this.#askTimeline();
        this.#heard();
        this.#listener.status(status);
      } catch {
        this.#miss();
      }
    }
    this.#asking = false;
  }

  async #askTimeline() {
    // An answer may be a moment old, so after a change it is asked for once more.
    this.#timelineIsOld = Date.now() - this.#changedAt < pollMs / 2;
    try {
      this.timeline = await (await get("/timeline")).json();
    } catch {
      this.#timelineIsOld = true;
    }
  }

  async #follow() {
    for (let pauseMs = 500;; pauseMs = Math.min(2 * pauseMs, 4000)) {
      const stop = new AbortController();
      try {
        const since = this.events.at(-1)?.id ?? new Date(Date.now() - 86_400_000).toISOString();
        const answer = await fetch(`/events?since=${encodeURIComponent(since)}`, {
          headers: { Accept: "text/event-stream" },
          signal: stop.signal,
        });
        if (!answer.ok || answer.body === null) throw new Error(`status ${answer.status}`);
        pauseMs = 500;
        this.#timelineIsOld = true;
        void this.#ask();
        await this.#read(answer.body, stop);
      } catch {
        // The next status says whether the daemon is gone or has no room for one more stream.
      }
      void this.#ask();
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  /**
   * @param {ReadableStream<BufferSource>} body
   * @param {AbortController} stop
   */
  async #read(body, stop) {
    let rest = "";
    let silence = setTimeout(() => stop.abort(), silenceMs);
    for (const reader = body.pipeThrough(new TextDecoderStream()).getReader();;) {
      const { done, value } = await reader.read();
      clearTimeout(silence);
      if (done) return;
      silence = setTimeout(() => stop.abort(), silenceMs);
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop() ?? "";
      const before = this.events.at(-1);
      blocks.forEach((block) => this.#take(block));
      if (this.events.at(-1) !== before) setTimeout(() => void this.#ask(), answerAgeMs);
    }
  }

  /** @param {string} block of server-sent events (HTML Living Standard §9.2) */
  #take(block) {
    const data = block.split("\n").find((line) => line.startsWith("data: "));
    if (data === undefined) return;
    const event = JSON.parse(data.slice(6));
    this.events.push(event);
    if (changes.includes(event.event)) {
      this.#timelineIsOld = true;
      this.#changedAt = Date.now();
    }
    if (this.events.length > eventsMax) this.events.shift();
    this.#listener.event(event);
  }

  /** @param {string | null} date which is in whole seconds */
  #setClock(date) {
    const ahead = date === null ? 0 : Date.parse(date) + 500 - Date.now();
    this.#ahead = Math.abs(ahead) < 2000 ? 0 : ahead;
  }

  #heard() {
    this.#heardAt = Date.now();
    if (this.#lost) this.#listener.lost(null);
    this.#lost = false;
  }

  #miss() {
    if (!this.#lost) this.#listener.lost(this.#heardAt);
    this.#lost = true;
  }
}

/**
 * @param {string} path
 * @returns {Promise<Response>}
 */
async function get(path) {
  const answer = await fetch(path, { signal: AbortSignal.timeout(silenceMs) });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer;
}
