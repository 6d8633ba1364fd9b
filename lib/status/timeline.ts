/**
 * `GET /timeline`: how routers, virtual servers and their servers were in the last day, across
 * restarts and crashes. It is put together from all events that are kept when somebody asks for the
 * first time, and follows what happens from then on. However often something changes, it is
 * remembered in a few hundred changes.
 */
import type { EventRecord, Snapshot } from "../engine/mod.ts";
import { listPieces, Rendered } from "./rendered.ts";
import type { EventSource, StatusSource } from "./source.ts";
import { type Absence, type Change, type Span, spansOf, summarise } from "./timeline_spans.ts";

/** Changes that are remembered of one thing, and of all. */
const [changesMax, allMax] = [200, 20_000];
/** Of a daemon that does not stay up the latest starts are enough. */
const absencesMax = 100;
const dayMs = 86_400_000;

/** A span as it is told. */
export interface ToldSpan {
  readonly state: string;
  /** ISO 8601. */
  readonly from: string;
  readonly to: string | null;
  readonly changes?: number;
}

/** What `GET /timeline` answers. */
export interface ToldTimeline {
  readonly completeSince: string | null;
  readonly instances: readonly { readonly name: string; readonly spans: readonly ToldSpan[] }[];
  readonly virtualServers: readonly ToldService[];
}

/** A virtual server, and those of its servers whose state changed. */
interface ToldService {
  readonly name: string;
  readonly spans: readonly ToldSpan[];
  readonly realServers: readonly {
    readonly server: string;
    readonly spans: readonly ToldSpan[];
  }[];
}

/** The answer to who asks. */
export function timelineAnswer(source: StatusSource, fresh: boolean): Rendered {
  const timeline = new Timeline();
  let filled: Promise<void> | undefined;
  return new Rendered({
    contentType: "application/json",
    fresh,
    gather: () => filled ??= fill(timeline, source.events),
    pieces: () => timeline.pieces(source.snapshot(), Date.now()),
  });
}

async function fill(timeline: Timeline, events: EventSource): Promise<void> {
  let last = 0;
  function take(record: EventRecord): void {
    last = record.id;
    timeline.take(record);
  }
  await events.history(take);
  for (const record of events.since({ after: last, about: undefined })) take(record);
  events.follow(take);
}

/** What is remembered. */
export class Timeline {
  readonly #changes = new Map<string, Change[]>();
  #count = 0;
  #absences: Absence[] = [];
  #run = 0;
  #from: number | undefined;

  /** Takes the next event. */
  take(record: EventRecord): void {
    const { event, time, instance, from, to, virtualServer, server, up } = record;
    const at = Date.parse(time);
    this.#from ??= at;
    switch (event) {
      case "transition":
        return this.#changed(`instance ${instance}`, at, String(from), String(to));
      case "quorum-changed":
        return this.#changed(`service ${virtualServer}`, at, ...upOrDown(up));
      case "server-changed":
        return this.#changed(`server ${server} of ${virtualServer}`, at, ...upOrDown(up));
      case "log-resumed":
        return this.#resumed(Date.parse(String(record["lastSignAt"])), at);
      case "events-lost":
        return this.#forget(at);
      case "clock-set":
        return this.#clockSet(Number(record["byMs"]));
    }
  }

  /** The answer as text. */
  *pieces({ instances, virtualServers }: Snapshot, now: number): Generator<string> {
    const since = now - dayMs;
    const spans = (key: string, state: string): ToldSpan[] =>
      this.#spans(key, state)
        .filter(({ to }) => to === null || to > since)
        .map(written);
    const completeSince = this.#from === undefined ? null : new Date(this.#from).toISOString();
    yield `{"completeSince":${JSON.stringify(completeSince)},"instances":`;
    yield* listPieces(
      instances.values().map(({ name, state }) => ({
        name,
        spans: spans(`instance ${name}`, state),
      })),
    );
    yield `,"virtualServers":`;
    yield* listPieces(
      virtualServers.values().map(({ name, up, realServers }): ToldService => ({
        name,
        spans: spans(`service ${name}`, stateOf(up)),
        realServers: realServers.flatMap((one) => {
          const server = one.address.includes(":")
            ? `[${one.address}]:${one.port}`
            : `${one.address}:${one.port}`;
          const key = `server ${server} of ${name}`;
          // Those that stayed as they are would only make it longer.
          if (!this.#changes.has(key)) return [];
          return [{ server, spans: spans(key, stateOf(one.up)) }];
        }),
      })),
    );
    yield "}";
  }

  #spans(key: string, state: string): Span[] {
    const known = { from: this.#from ?? 0, absences: this.#absences };
    return this.#from === undefined ? [] : spansOf(this.#changes.get(key) ?? [], known, state);
  }

  #changed(key: string, at: number, from: string, to: string): void {
    const changes = this.#changes.get(key) ?? [];
    const last = changes.at(-1);
    // A daemon tells of a server that fails its first check, whatever it was before.
    if (last?.to === to && last.run === this.#run) return;
    changes.push({ at, from, to, run: this.#run, count: 1 });
    this.#changes.set(key, changes);
    this.#count++;
    if (changes.length > 2 * changesMax) this.#shorten(key, changesMax);
    if (this.#count <= allMax) return;
    const each = Math.ceil(allMax / 2 / this.#changes.size);
    for (const one of this.#changes.keys()) this.#shorten(one, each);
  }

  #shorten(key: string, most: number): void {
    const all = this.#changes.get(key) ?? [];
    const fewer = summarise(all, Math.max(2, most));
    this.#count += fewer.length - all.length;
    this.#changes.set(key, fewer);
  }

  #resumed(lastSignAt: number, at: number): void {
    this.#run++;
    this.#absences.push({ from: lastSignAt, to: at, run: this.#run });
    if (this.#absences.length < 2 * absencesMax) return;
    const left = this.#absences.splice(0, absencesMax).at(-1);
    if (left !== undefined) this.#keepOnly(left.to, ({ run }) => run >= left.run);
  }

  /** Nobody knows what was before. */
  #forget(at: number): void {
    this.#absences = [];
    this.#keepOnly(at, () => false);
  }

  #keepOnly(from: number, keeps: (change: Change) => boolean): void {
    this.#from = from;
    for (const [key, changes] of this.#changes) {
      const kept = changes.filter(keeps);
      this.#count += kept.length - changes.length;
      if (kept.length === 0) this.#changes.delete(key);
      else this.#changes.set(key, kept);
    }
  }

  /** This daemon's events had the time of a clock that was wrong. */
  #clockSet(byMs: number): void {
    const run = this.#run;
    for (const changes of this.#changes.values()) {
      for (const change of changes) if (change.run === run) change.at += byMs;
    }
    const absence = this.#absences.at(-1);
    if (absence?.run === run) absence.to += byMs;
    else if (this.#from !== undefined) this.#from += byMs;
  }
}

function written({ state, from, to, changes }: Span): ToldSpan {
  return {
    state,
    from: new Date(from).toISOString(),
    to: to === null ? null : new Date(to).toISOString(),
    ...(changes === 0 ? {} : { changes }),
  };
}

function upOrDown(up: unknown): [string, string] {
  return [stateOf(up !== true), stateOf(up === true)];
}

function stateOf(up: boolean): string {
  return up ? "UP" : "DOWN";
}
