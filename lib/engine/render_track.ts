/**
 * The sentences about trackers.
 */
import { formatDuration, unreachable } from "../base/mod.ts";
import type { Tell } from "./tell.ts";

/** A tell about trackers. */
export type TrackTell = Extract<
  Tell,
  {
    kind:
      | "priority-changed"
      | "tracker-changed"
      | "script-timed-out"
      | "witness-missed"
      | "watch-refused";
  }
>;

const kinds: ReadonlySet<string> = new Set<TrackTell["kind"]>([
  "priority-changed",
  "tracker-changed",
  "script-timed-out",
  "witness-missed",
  "watch-refused",
]);

/** Whether a tell is about trackers. */
export function isTrackTell(tell: Tell): tell is TrackTell {
  return kinds.has(tell.kind);
}

/** The sentence for people. */
export function renderTrackTell(tell: TrackTell): string {
  switch (tell.kind) {
    case "priority-changed": {
      const because = tell.because.length === 0 ? "" : ` (${tell.because.join(", ")})`;
      return `${tell.instance}: effective priority ${tell.from} → ${tell.to}${because}`;
    }
    case "tracker-changed": {
      const detail = tell.detail === undefined ? "" : ` (${tell.detail})`;
      return `${tell.tracker} is ${tell.state}${detail}`;
    }
    case "script-timed-out":
      return `script ${tell.script} ran longer than ${formatDuration(tell.limit)} and is ended`;
    case "witness-missed":
      return `${tell.instance}: waits for its witness ${tell.probe} and does not become master`;
    case "watch-refused":
      return `Cannot watch ${tell.what}: ${tell.refusal.message} (${tell.refusal.errno})`;
    default:
      return unreachable(tell);
  }
}
