/**
 * Reading a configuration while the daemon works. A file of some hundred routers takes tens of
 * milliseconds to read, in which no advert would leave; so another process of this program reads
 * it, and the daemon takes what comes out in small slices. Where no such process can be had it
 * reads the file itself.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { setPriority } from "node:os";
import {
  type Diagnostic,
  loadConfig,
  type Model,
  type Received,
  Receiver,
} from "../../config/mod.ts";
import type { DaemonOptions } from "../port.ts";
import { startChild } from "./child_start.ts";
import { RecordedFiles } from "./saved_config.ts";
import { configEnvironment } from "./config_files.ts";
import { inSlices } from "./slices.ts";

/** A reader that has nothing to say for so long hangs, on a file system that does. */
const limitMs = 60_000;
/** The reader has time; adverts have not. */
const leastPriority = 19;

/** What is said of a file whose reader was ended, here or by the kernel. */
const killed: Diagnostic = {
  code: "too-large",
  severity: "fatal",
  message: "The process that reads the configuration was killed: it hung or took too much memory",
};

/** Reads the daemon's file; what it is not to run (`-C` and the like) is left out of the model. */
export function readConfig(options: DaemonOptions): Received {
  const files = new RecordedFiles(configEnvironment(options));
  const loaded = loadConfig(options.configFile, files.environment);
  files.save(loaded.model);
  return without(options, loaded);
}

/**
 * The same, outside of this process if possible; equal parts stay those of the previous model. What
 * is read only to be looked at is not saved.
 */
export async function readConfigOutside(
  options: DaemonOptions,
  previous: Model,
  purpose: "apply" | "look" = "look",
): Promise<Received> {
  const { self, configFile, configId, allConfig, version } = options;
  if (self === undefined) return readConfig(options);
  const flags = [...(allConfig === true ? ["-e"] : []), ...(purpose === "apply" ? ["-s"] : [])];
  const words = ["read-config", ...flags, configFile];
  if (configId !== undefined) words.push(configId);
  const receiver = new Receiver(version, previous);
  try {
    const child = startChild(() =>
      spawn(self.command, [...self.args, ...words], {
        stdio: ["ignore", "pipe", "ignore"],
        timeout: limitMs,
        killSignal: "SIGKILL",
      })
    );
    const ended = endOf(child);
    yieldTo(child);
    await takeLines(child, receiver);
    // What hangs or grows without end there would do so here, too.
    if (await ended === "SIGKILL") return { model: undefined, diagnostics: [killed] };
  } catch {
    // It could not be started: what it said is not whole then.
  }
  const received = receiver.finish();
  return received === undefined ? readConfig(options) : without(options, received);
}

function yieldTo({ pid }: ChildProcess): void {
  if (pid !== undefined) setPriority(pid, leastPriority);
}

/** When a process has ended, by which signal if by one. */
function endOf(child: ChildProcess): Promise<string | null> {
  const { promise, resolve, reject } = Promise.withResolvers<string | null>();
  child.on("error", reject);
  child.on("close", (_, signal) => resolve(signal));
  // Whoever waits for lines first must not find a rejection that nobody looked at.
  promise.catch(() => {});
  return promise;
}

async function takeLines(child: ChildProcess, receiver: Receiver): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of child.stdout ?? []) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    await inSlices(lines, (line) => receiver.take(line));
  }
}

function without(options: DaemonOptions, received: Received): Received {
  const { model } = received;
  if (model === undefined || options.subsystems.includes("vrrp")) return received;
  const statics = { addresses: [], routes: [], rules: [], groups: [] };
  const none = { instances: [], syncGroups: [], bfdSessions: [], statics };
  return { ...received, model: { ...model, ...none } };
}
