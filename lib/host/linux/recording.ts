/**
 * `standin run --record FILE`: the engine of the daemon, recorded. Loaded only when it is asked
 * for. A daemon that can not record says so and runs: its addresses are worth more.
 */
import { hostname } from "node:os";
import { type Libc, MonotonicClock } from "../../../ffi/mod.ts";
import type { Decider } from "../../engine/mod.ts";
import { Recorder } from "../../recording/mod.ts";
import { RecordingFile, type RecordingPlace } from "./recording_file.ts";

/** An engine that is recorded, until the daemon has ended. */
export interface Recording {
  readonly decider: Decider;
  close(): Promise<void>;
}

/** Begins; answers nothing when there can be no file. */
export async function beginRecording(
  libc: Libc,
  version: string,
  place: RecordingPlace,
): Promise<Recording | undefined> {
  try {
    const file = await RecordingFile.begin(place);
    const at = new MonotonicClock(libc).now();
    const startedAt = new Date().toISOString();
    const decider = new Recorder({ version, node: hostname(), startedAt, at }, file);
    place.complain(
      "notice",
      `recording to ${place.path}, which has the passwords of the file in it`,
    );
    return { decider, close: () => file.close() };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    place.complain("warning", `Cannot record to ${place.path}: ${why}; running without`);
    return undefined;
  }
}
