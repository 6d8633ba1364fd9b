/**
 * The events since one of them, or since a time: from memory where that reaches back so far, else
 * from what all daemons here have kept. They stay in the order in which they came, whatever became
 * of the clock; a question for what came after an event begins behind it.
 */
import { type EventRecord, isAbout } from "../engine/mod.ts";
import type { EventSource } from "./source.ts";

/** What is wanted. */
export interface PastQuestion {
  /** The id of an event, or the first one that an event of a time could have, less one. */
  readonly after: number;
  readonly about: string | undefined;
  /** The latest ones are enough. */
  readonly most: number;
}

/** What is known. */
export interface Past {
  readonly events: readonly EventRecord[];
  /** ISO 8601: earlier ones may be missing, later ones are not. */
  readonly completeSince: string | null;
  /** Whether there were more than were wanted. */
  readonly shortened: boolean;
  /** The id of the latest event that was looked at. */
  readonly last: number;
}

/** Looks into memory, and further back where that is wanted. */
export async function pastEvents(source: EventSource, question: PastQuestion): Promise<Past> {
  const { after } = question;
  const collector = new Collector(question);
  if (source.remembers(after)) {
    for (const record of source.since({ after, about: undefined })) collector.take(record);
    const past = collector.past();
    return past.shortened ? past : { ...past, completeSince: timeIn(after) };
  }
  await source.history((record) => collector.take(record));
  return collector.past();
}

class Collector {
  readonly #question: PastQuestion;
  #found: EventRecord[] = [];
  #begun = false;
  #completeSince: string | undefined;
  #shortened = false;
  #last = 0;

  constructor(question: PastQuestion) {
    this.#question = question;
  }

  take(record: EventRecord): void {
    const { after, about, most } = this.#question;
    this.#last = record.id;
    this.#completeSince ??= record.time;
    if (record.event === "events-lost") this.#completeSince = record.time;
    // A clock that was set back gives larger ids to what was before.
    if (record.id === after) {
      this.#found = [];
      this.#completeSince = record.time;
    }
    this.#begun ||= record.id >= after;
    if (!this.#begun || record.id === after || !isAbout(record, about)) return;
    this.#found.push(record);
    if (this.#found.length >= 2 * most) this.#shorten(most);
  }

  past(): Past {
    const { most, after } = this.#question;
    if (this.#found.length > most) this.#shorten(most);
    const known = this.#completeSince ?? null;
    // What the question leaves out is not missing.
    const complete = known !== null && Date.parse(known) * 1000 <= after;
    return {
      events: this.#found,
      completeSince: complete ? timeIn(after) : known,
      shortened: this.#shortened,
      last: this.#last === 0 ? after : this.#last,
    };
  }

  #shorten(most: number): void {
    this.#found = this.#found.slice(-most);
    this.#completeSince = this.#found[0]?.time;
    this.#shortened = true;
  }
}

function timeIn(id: number): string {
  return new Date(Math.ceil(id / 1000)).toISOString();
}
