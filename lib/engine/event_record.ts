/**
 * What is kept of a tell: the event log's record, and what came before it as its cause. Causes are
 * found when an event is recorded, from what was told until then; a reader only follows them.
 */
import type { Reason } from "../vrrp/mod.ts";
import { changeIn } from "./notified_change.ts";
import type { ResourceTell } from "./resource_tell.ts";
import type { Level, Tell } from "./tell.ts";

/** One event as it is kept, on disk and over HTTP. */
export interface EventRecord {
  /** Microseconds since 1970 when it was recorded, made unique; larger than all before it. */
  readonly id: number;
  /** ISO 8601 with milliseconds. */
  readonly time: string;
  readonly level: Level;
  /** The kind of the tell, such as `transition`. */
  readonly event: string;
  /** The sentence for people. */
  readonly message: string;
  /** Ids of the events that led to this one, absent when none is known. */
  readonly causes?: readonly number[];
  /** What else the tell says. */
  readonly [detail: string]: unknown;
}

/** Follows what is told, and knows for each event what led to it. */
export class Causes {
  /** The latest event of each tracker, BFD session and sync group, and of the daemon. */
  readonly #latest = new Map<string, number>();
  /** The latest change of priority of each instance since its latest transition. */
  readonly #priorities = new Map<string, number>();
  /** The latest change of each instance, group and server, and the latest to each state. */
  readonly #transitions = new Map<string, number>();
  /** The trackers that each instance is in FAULT for. */
  readonly #faults = new Map<string, string[]>();

  /** The ids of what led to an event; the event gets the id. */
  of(tell: Tell, id: number): number[] {
    switch (tell.kind) {
      case "tracker-changed":
        return this.#follow(`tracker ${tell.tracker}`, id, sessionIn(tell.tracker));
      case "bfd-transition":
        return this.#follow(`bfd ${tell.session}`, id);
      case "stalled":
      case "clock-set":
      case "configured":
        return this.#follow(tell.kind, id);
      case "priority-changed": {
        this.#priorities.set(tell.instance, id);
        return known(tell.because.map((words) => this.#trackerIn(words)));
      }
      case "witness-missed":
        return known([this.#latest.get(`tracker probe ${tell.probe}`)]);
      case "transition":
        return this.#transition(tell, id);
      case "resource-failed":
      case "resource-gave-up":
      case "resource-changed":
      case "resources-leaving":
        return this.#resource(tell, id);
      case "group-transition":
      case "quorum-changed":
      case "server-changed": {
        this.#changed(tell, id);
        return [];
      }
      case "script-ended": {
        const { about: { kind, name }, state } = tell;
        const [change, to] = [`${kind} ${name}`, `${kind} ${name} ${state}`];
        // A script may end long after the next change.
        return known([this.#transitions.get(to) ?? this.#transitions.get(change)]);
      }
      case "script-held-up":
      case "scripts-overtaken":
        return known([this.#transitions.get(`${tell.about.kind} ${tell.about.name}`)]);
      default:
        return [];
    }
  }

  /** A failure led to giving up, and a change of the role to a change of the resources. */
  #resource(tell: ResourceTell, id: number): number[] {
    const { kind, instance, group } = tell;
    const owner = instance === undefined ? `GROUP ${group}` : `INSTANCE ${instance}`;
    if (kind === "resource-failed") return this.#follow(`failure ${tell.resource} ${owner}`, id);
    if (kind === "resource-gave-up") {
      this.#latest.set(`gave up ${tell.resource}`, id);
      return known([this.#latest.get(`failure ${tell.resource} ${owner}`)]);
    }
    return known([this.#transitions.get(owner)]);
  }

  #changed(tell: Tell, id: number): void {
    const change = changeIn(tell);
    if (change === undefined) return;
    this.#transitions.set(change.key, id);
    this.#transitions.set(`${change.key} ${change.state}`, id);
  }

  #follow(name: string, id: number, cause?: string): number[] {
    this.#latest.set(name, id);
    return known([cause === undefined ? undefined : this.#latest.get(cause)]);
  }

  #transition(tell: Extract<Tell, { kind: "transition" }>, id: number): number[] {
    const { instance, reason } = tell;
    const causes = known(this.#becauseOf(instance, reason));
    this.#transitions.set(`INSTANCE ${instance}`, id);
    this.#changed(tell, id);
    return causes;
  }

  #becauseOf(instance: string, reason: Reason): (number | undefined)[] {
    switch (reason.kind) {
      case "higher-priority":
      case "higher-address":
      case "preempted-lower": {
        const priority = this.#priorities.get(instance);
        this.#priorities.delete(instance);
        return [priority];
      }
      case "startup":
      case "reload":
        return [this.#latest.get("configured")];
      case "stalled":
      case "lease-over":
        return [this.#latest.get("stalled")];
      case "resource-failed":
        return [this.#latest.get(`gave up ${reason.resource}`)];
      case "witness-lost":
        return [this.#latest.get(`tracker probe ${reason.probe}`)];
      case "sync-group":
        return [this.#transitions.get(`INSTANCE ${reason.member}`)];
      case "fault": {
        const { fault } = reason;
        if (fault.kind === "sync-group") return [this.#transitions.get(`INSTANCE ${fault.member}`)];
        if (fault.kind !== "tracked" && fault.kind !== "untested") return [];
        const trackers = fault.trackers.map((words) => this.#trackerNamedIn(words));
        this.#faults.set(instance, trackers);
        return trackers.map((name) => this.#latest.get(name));
      }
      case "fault-cleared": {
        const trackers = this.#faults.get(instance) ?? [];
        this.#faults.delete(instance);
        return trackers.map((name) => this.#latest.get(name));
      }
      default:
        return [];
    }
  }

  /** The tracker in words such as `script check` or `script check is bad`. */
  #trackerNamedIn(words: string): string {
    let name = `tracker ${words}`;
    while (!this.#latest.has(name) && name.includes(" ")) name = name.replace(/ \S*$/, "");
    return name;
  }

  /** The event of the tracker that words such as `script check -20` begin with. */
  #trackerIn(words: string): number | undefined {
    return this.#latest.get(`tracker ${words.replace(/ \S+$/, "")}`);
  }
}

/** A tracker of a BFD session changes because the session does. */
function sessionIn(tracker: string): string | undefined {
  return tracker.startsWith("bfd ") ? tracker : undefined;
}

function known(ids: readonly (number | undefined)[]): number[] {
  return ids.filter((id) => id !== undefined);
}

/** Whether a record names somebody: an instance, a group, a tracker, a session, a server. */
export function isAbout(record: EventRecord, name: string | undefined): boolean {
  if (name === undefined) return true;
  const subjects = ["instance", "group", "tracker", "session", "virtualServer", "server"];
  const { about } = record;
  const told = typeof about === "object" && about !== null && "name" in about ? about.name : null;
  return told === name || subjects.some((key) => {
    const subject = record[key];
    return subject === name || (typeof subject === "string" && subject.endsWith(` ${name}`));
  });
}
