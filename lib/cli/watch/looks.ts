/**
 * Looking at the running daemon again and again.
 */
import type { Snapshot } from "../../engine/mod.ts";
import { ask, type ControlError, describe } from "../control.ts";
import { errorText } from "../json.ts";
import { isSnapshot } from "../snapshot.ts";
import { statusAbout } from "../status_about.ts";
import { ago } from "../status_table.ts";

const intervalMs = 1000;
/** An answer that takes longer is told to be missing. */
const patienceMs = 2000;
/** What became of a look. */
export type Seen =
  | { readonly kind: "snapshot"; readonly snapshot: Snapshot }
  | { readonly kind: "problem"; readonly text: string; readonly error?: ControlError };

/** The daemon that is looked at, and whether only one name of it matters. */
export interface Subject {
  readonly runDir: string;
  readonly name: string | undefined;
}

async function look({ runDir, name }: Subject): Promise<Seen> {
  const asked = await ask(runDir, "GET", "/status");
  if (!asked.ok) {
    return { kind: "problem", text: describe(asked.error).text, error: asked.error };
  }
  const { status, body } = asked.value;
  if (isSnapshot(body)) return { kind: "snapshot", snapshot: statusAbout(body, name) };
  return { kind: "problem", text: `it does not tell its status: ${errorText(status, body)}` };
}

/** Looks once in each interval, and tells about a look that takes its time. */
export async function* looks(subject: Subject, ended: () => boolean): AsyncGenerator<Seen> {
  while (!ended()) {
    const begun = Date.now();
    const pending = look(subject);
    while (!ended()) {
      const seen = await Promise.race([pending, sleep(patienceMs)]);
      if (seen !== undefined) {
        yield seen;
        break;
      }
      const time = ago(new Date(begun).toISOString(), Date.now());
      yield { kind: "problem", text: `the daemon has not answered for ${time}` };
    }
    await sleep(Math.max(0, begun + intervalMs - Date.now()));
  }
}

function sleep(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, ms, undefined));
}

/** Who may not ask now may not ask later, and need not wait. */
export function isHopeless(seen: Seen): boolean {
  return seen.kind === "problem" && seen.error?.kind === "denied";
}
