/**
 * Sentences about BFD sessions.
 */
import { formatDuration, formatIp, unreachable } from "../base/mod.ts";
import type { BfdCause } from "../bfd/mod.ts";
import type { Tell } from "./tell.ts";

type BfdTell = Extract<Tell, { kind: `bfd-${string}` }>;

/** A tell about a session as a sentence. */
export function renderBfd(tell: BfdTell): string {
  const who = `BFD ${tell.session}`;
  switch (tell.kind) {
    case "bfd-transition":
      return `${who} with ${formatIp(tell.neighbor)}: ${tell.from} → ${tell.to}, ` +
        renderCause(tell.cause);
    case "bfd-dropped":
      return `${who}: packet from ${formatIp(tell.source)} discarded: ${tell.detail} (told once)`;
    case "bfd-refused": {
      const what = tell.operation === "open" ? "open its sockets" : "send";
      return `${who} cannot ${what}: ${tell.refusal.message} (${tell.refusal.errno})`;
    }
    default:
      return unreachable(tell);
  }
}

function renderCause(cause: BfdCause): string {
  switch (cause.kind) {
    case "opened":
      return "start";
    case "closed":
      return "end of the session";
    case "heard": {
      const why = cause.diagnostic === 0 ? "" : ` (${diagnosticText(cause.diagnostic)})`;
      return `the neighbour is ${cause.state}${why}`;
    }
    case "detection-time-expired":
      return `nothing heard for ${formatDuration(cause.detectionTime)}`;
    default:
      return unreachable(cause);
  }
}

/** RFC 5880 §4.1, in its order. */
const diagnostics = [
  "no diagnostic",
  "control detection time expired",
  "echo function failed",
  "neighbor signaled session down",
  "forwarding plane reset",
  "path down",
  "concatenated path down",
  "administratively down",
  "reverse concatenated path down",
] as const;

/** A diagnostic code in the words of RFC 5880 §4.1. */
export function diagnosticText(code: number): string {
  return diagnostics[code] ?? `diagnostic ${code}`;
}
