/**
 * The schema of the timeline.
 */
import * as z from "zod/mini";
import type { ToldTimeline } from "../timeline.ts";
import { count, named, noted, type Schema, text, time } from "./words.ts";

const span = named(
  "Span",
  "How something was for a while; what is between two spans is not known",
  z.object({
    state: noted(
      "A state; ABSENT: no daemon ran; CHANGING: it changed so often that this stands for it all",
      z.enum([
        "INIT",
        "BACKUP",
        "MASTER",
        "FAULT",
        "STOPPED",
        "UP",
        "DOWN",
        "ABSENT",
        "CHANGING",
      ]),
    ),
    from: noted("It may be longer ago than a day", time),
    to: noted("Null: it goes on", z.nullable(time)),
    changes: z.exactOptional(noted("How often it changed", count)),
  }),
);

/** How everything was in the last day. */
export const timeline: Schema<ToldTimeline> = named(
  "Timeline",
  "How routers and servers were in the last day, the earliest first",
  z.object({
    completeSince: noted("Nothing is known from before", z.nullable(time)),
    instances: z.array(z.object({ name: text, spans: z.array(span) })),
    virtualServers: z.array(z.object({
      name: text,
      spans: z.array(span),
      realServers: noted(
        "Those whose state changed",
        z.array(z.object({ server: text, spans: z.array(span) })),
      ),
    })),
  }),
);
