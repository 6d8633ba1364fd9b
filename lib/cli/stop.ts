/**
 * `standin stop`: the daemon hands over its roles, takes its addresses away and ends. The command
 * waits until nobody answers any more, so that what follows it in a script finds the node quiet.
 */
import { ask, complainAbout } from "./control.ts";
import { exitCode } from "./exit.ts";
import { errorText } from "./json.ts";
import { complain, print } from "./output.ts";
import { defaultRunDir } from "./paths.ts";
import { waitingFor } from "./progress.ts";

/** What can be said about a stop. */
export interface StopArguments {
  readonly runDir: string | undefined;
  readonly json: boolean;
}

/** How long the end may take: resources and scripts, and releases of many addresses, take time. */
const endTimeoutMs = 120_000;
const pollMs = 50;

/** `standin stop`. */
export async function runStop(words: StopArguments): Promise<number> {
  const { runDir = defaultRunDir, json } = words;
  const asked = await ask(runDir, "POST", "/stop");
  // A daemon with little to do may hang up before its answer is out: then it is ending.
  if (!asked.ok && asked.error.kind !== "broken") return complainAbout(asked.error);
  if (asked.ok && asked.value.status >= 400) {
    const { status, body } = asked.value;
    complain(`standin: the daemon does not stop: ${errorText(status, body)}`);
    return exitCode.failed;
  }
  if (!await waitingFor("waiting for the daemon to end", endOf(runDir))) {
    complain(`standin: the daemon is still there after ${endTimeoutMs / 1000} s`);
    return exitCode.failed;
  }
  print(json ? JSON.stringify({ stopped: true }) : "Stopped");
  return exitCode.ok;
}

/** Whether the daemon ends in time. */
async function endOf(runDir: string): Promise<boolean> {
  const giveUpAt = Date.now() + endTimeoutMs;
  while (Date.now() < giveUpAt) {
    const again = await ask(runDir, "GET", "/healthz");
    if (!again.ok && again.error.kind === "not-running") return true;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return false;
}
