/**
 * The scripts of the daemon itself: `startup_script` runs before everything else and
 * `shutdown_script` after everything else, so there is no engine that could wait for them. As with
 * keepalived nothing depends on how they end. One that takes too long gets TERM, and the daemon
 * goes on; here it gets KILL two seconds later.
 */
import type { Libc } from "../../../ffi/mod.ts";
import { type Duration, inMilliseconds, milliseconds } from "../../base/mod.ts";
import type { Tell } from "../../engine/mod.ts";
import type { Model } from "../../config/mod.ts";
import { CommandRunner } from "./command_runner.ts";
import { withPatience } from "./patience.ts";

/** What is told of a script that has ended. */
export type DaemonScriptEnded = Extract<Tell, { kind: "daemon-script-ended" }>;

type Plan = NonNullable<
  NonNullable<Model["global"]["daemonScripts"]>[DaemonScriptEnded["which"]]
>;

/** What ends a script sooner than its own limit. */
export interface Impatience {
  /** Nobody wants to wait any more. */
  readonly enough?: Promise<void>;
  /** How long a script may take to obey TERM, and to be gone after KILL. */
  readonly graceMs?: number;
}

/** Runs a script until it has ended, or as long as it may, or until nobody wants to wait. */
export async function runDaemonScript(
  libc: Libc,
  which: DaemonScriptEnded["which"],
  { command, timeout }: Plan,
  { enough = new Promise(() => {}), graceMs = 2000 }: Impatience = {},
): Promise<DaemonScriptEnded> {
  const began = performance.now();
  const { promise: ended, resolve } = Promise.withResolvers<
    Pick<DaemonScriptEnded, "end" | "output">
  >();
  using runner = new CommandRunner(libc, (_run, end, output = []) => {
    resolve(output.length === 0 ? { end } : { end, output });
  });
  runner.run(1, command, true);
  const within = (limitMs: number): Promise<"over" | "ended"> =>
    withPatience(ended.then(() => "ended" as const), limitMs);
  const how = await Promise.race([
    within(inMilliseconds(timeout)),
    enough.then(() => "enough" as const),
  ]);
  if (how !== "ended") {
    runner.signal(1, "TERM");
    if (await within(graceMs) === "over") {
      runner.signal(1, "KILL");
      if (await within(graceMs) === "over") resolve({ end: { kind: "killed", signal: 9 } });
    }
  }
  const took: Duration = milliseconds(Math.round(performance.now() - began));
  const late = how === "over" ? { timedOut: true as const } : {};
  return { kind: "daemon-script-ended", which, command, took, ...await ended, ...late };
}
