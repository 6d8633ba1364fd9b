/**
 * An event log as the status room sees it: what its daemon remembers, and what daemons before it
 * kept.
 */
import { type EventRecord, isAbout } from "../../../lib/engine/mod.ts";
import type { EventSource } from "../../../lib/status/mod.ts";

/** Such a log, and somebody who tells it more. */
export interface KeptEvents extends EventSource {
  tell(record: EventRecord): void;
  readonly followers: number;
  /** How often the file was read. */
  readonly passages: number;
}

/** A log with these events in memory, and those in its file. */
export function keptEvents(
  latest: readonly EventRecord[] = [],
  earlier: readonly EventRecord[] = [],
): KeptEvents {
  const listeners = new Set<(record: EventRecord) => void>();
  const kept = [...latest];
  let passages = 0;
  return {
    path: "/events.jsonl",
    get version() {
      return `${kept.at(-1)?.id}`;
    },
    remembers: (after) => after >= (kept[0]?.id ?? 0) - 1 && after <= (kept.at(-1)?.id ?? 0),
    since: ({ after, about }) => kept.filter((one) => one.id > after && isAbout(one, about)),
    history: (visit) => {
      passages++;
      [...earlier, ...kept].forEach(visit);
      return Promise.resolve();
    },
    follow: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell: (record) => {
      kept.push(record);
      listeners.forEach((listener) => listener(record));
    },
    get followers() {
      return listeners.size;
    },
    get passages() {
      return passages;
    },
  };
}
