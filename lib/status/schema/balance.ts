/**
 * Schemas of virtual servers, their real servers and the checks of those.
 */
import * as z from "zod/mini";
import type { CheckStatus, RealServerStatus, Snapshot } from "../../engine/mod.ts";
import { count, milliseconds, named, noted, type Schema, text, time, truth } from "./words.ts";

const traffic = {
  connections: count,
  inPackets: count,
  outPackets: count,
  inBytes: count,
  outBytes: count,
};

const check: Schema<CheckStatus> = z.object({
  kind: z.enum(["tcp", "http", "smtp", "agent", "dns", "udp", "ping", "misc", "file", "bfd"]),
  target: text,
  up: truth,
  since: time,
  failure: noted("Why the last run failed", z.nullable(text)),
  standing: noted(
    "What an agent says of connections",
    z.nullable(z.enum(["ready", "drained", "disabled"])),
  ),
  runs: noted("Runs that ended", count),
  failures: count,
  lastDurationMs: z.nullable(milliseconds),
});

const realServer: Schema<RealServerStatus> = z.object({
  address: text,
  port: count,
  up: truth,
  weight: noted("The one in use", count),
  override: noted(
    "What a person said of it",
    z.nullable(
      z.object({
        state: z.exactOptional(z.enum(["drained", "disabled"])),
        weight: z.exactOptional(count),
        persistent: truth,
      }),
    ),
  ),
  statistics: z.nullable(
    z.object({
      ...traffic,
      activeConnections: z.nullable(count),
      inactiveConnections: z.nullable(count),
    }),
  ),
  checks: z.array(check),
});

/** One virtual server. */
export const virtualServer: Schema<Snapshot["virtualServers"][number]> = named(
  "VirtualServer",
  "One virtual server",
  z.object({
    name: text,
    address: noted("Address and port, or the mark, or the group", text),
    protocol: noted("TCP, UDP or SCTP; empty for a mark", text),
    up: noted("Whether it has its quorum", truth),
    scheduler: text,
    quorum: count,
    sorryServer: z.nullable(z.object({ address: text, active: truth })),
    balanced: noted("Whether the kernel leads clients to its servers", truth),
    problem: noted("What the kernel refused", z.nullable(text)),
    statistics: z.nullable(z.object(traffic)),
    realServers: z.array(realServer),
  }),
);
