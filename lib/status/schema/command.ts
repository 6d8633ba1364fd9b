/**
 * Schemas of what the daemon is asked to do, and of its answers.
 */
import * as z from "zod/mini";
import { maintenance } from "./daemon.ts";
import { count, noted, type Schema, text, truth } from "./words.ts";

/** One command: what is sent, and what comes back, by status. */
export interface Command {
  readonly path: string;
  readonly summary: string;
  readonly body: Schema;
  readonly answers: Readonly<Record<number, Schema>>;
}

const reloaded: Schema = z.object({
  applied: truth,
  changes: noted("One line for each thing that is different", z.array(text)),
  stopping: noted("Resources that it stops, as long as they are not stopped", z.array(text)),
  pending: noted("Whether it is in effect only when these are stopped", truth),
  diagnostics: z.array(z.looseObject({ code: text, severity: text, message: text })),
});

/** What may be asked for over the network, by who has the token. */
export const commands: readonly Command[] = [
  {
    path: "/reload",
    summary: "Reads the file again; 409 when it stands in the way",
    body: z.object({}),
    answers: { 200: reloaded, 409: reloaded },
  },
  {
    path: "/failover",
    summary: "Hands over what an instance or a group is master of",
    body: z.object({ name: text }),
    answers: { 200: z.object({ handedOver: noted("Instances that were", z.array(text)) }) },
  },
  {
    path: "/maintenance",
    summary: "Takes no part, for some time or until it is ended; or takes part again",
    body: z.object({ on: truth, forMs: z.exactOptional(count) }),
    answers: { 200: z.object({ maintenance }) },
  },
  {
    path: "/server",
    summary: "Changes the servers with an address until the next reload, or for good",
    body: z.object({
      server: noted("The address, with or without a port", text),
      virtualServer: z.exactOptional(noted("Only in this one", text)),
      action: z.enum(["drain", "weight", "disable", "enable", "reset"]),
      weight: z.exactOptional(noted("With the action weight", count)),
      persist: z.exactOptional(noted("Outlives reloads and restarts", truth)),
    }),
    answers: {
      200: z.object({
        servers: z.array(z.object({ virtualServer: text, server: text, state: text })),
      }),
    },
  },
];
