/**
 * Schemas of the whole status and of events.
 */
import * as z from "zod/mini";
import type { EventRecord, Snapshot } from "../../engine/mod.ts";
import { virtualServer } from "./balance.ts";
import { bfdSession, instance, resourceSet, syncGroup, tracker } from "./router.ts";
import { count, milliseconds, named, noted, type Schema, text, time, truth } from "./words.ts";

/** While the node takes no part on request; null otherwise. */
export const maintenance: Schema<Snapshot["maintenance"]> = z.nullable(
  z.object({ since: time, until: noted("Null: until it is ended", z.nullable(time)) }),
);

/** The whole daemon. */
export const status: Schema<Snapshot> = named(
  "Status",
  "The whole daemon",
  z.object({
    version: text,
    node: text,
    pid: count,
    startedAt: time,
    config: z.object({
      file: text,
      loadedAt: time,
      reloads: count,
      refused: noted(
        "The latest reload, when it was refused: what stands in the file is not what runs",
        z.nullable(z.object({ at: time, errors: count, first: text })),
      ),
    }),
    instances: z.array(instance),
    syncGroups: z.array(syncGroup),
    bfdSessions: z.array(bfdSession),
    statics: z.array(z.object({
      kind: z.enum(["address", "route", "rule"]),
      line: noted("In the words of ip", text),
      present: truth,
      trackGroup: z.nullable(text),
    })),
    trackers: z.array(tracker),
    resources: z.array(resourceSet),
    virtualServers: z.array(virtualServer),
    maintenance,
    stalls: z.object({ count, longestMs: milliseconds, lastAt: z.nullable(time) }),
    unmatchedPackets: z.object({ malformed: count, unknownVrid: count }),
    lostPackets: count,
    unmatchedBfdPackets: z.object({ malformed: count, unknownSession: count }),
  }),
);

const event: Schema<EventRecord> = named(
  "Event",
  "Something that happened; further members are the data of its kind",
  z.looseObject({
    id: noted("Microseconds since 1970, unique and growing", count),
    time,
    level: z.enum(["debug", "info", "notice", "warning", "error"]),
    event: noted("Its kind, such as transition", text),
    message: text,
    causes: z.exactOptional(noted("Ids of the events that led to it", z.array(count))),
  }),
);

/** The events since a time, or those in memory. */
export const eventList: Schema<
  { file: string; completeSince: string | null; events: EventRecord[] }
> = z.object({
  file: noted("Where all of them are, one JSON record a line", text),
  completeSince: noted("Events before this time may be missing", z.nullable(time)),
  events: z.array(event),
});

/** Whether the daemon is well. */
export const health: Schema<{ status: string }> = z.object({
  status: z.enum(["ok", "stopping"]),
});

/** What went wrong; `names` are those that there are. */
export const failure: Schema<{ error: string; names?: string[] }> = named(
  "Failure",
  "What went wrong",
  z.object({
    error: text,
    names: z.exactOptional(noted("The names that there are", z.array(text))),
  }),
);
