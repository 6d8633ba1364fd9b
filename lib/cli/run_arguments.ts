/**
 * The arguments of `run`, read with the runtime's own parser when they are simple and right.
 * Everything else (a mistake, `--help`) goes to the grammar of all commands, which says more but
 * would cost a daemon 14 MB of memory and 10 ms of its start.
 */
import { parseArgs } from "node:util";
import type { Level } from "../engine/mod.ts";
import { logFormats, logLevels } from "./log_words.ts";

/** What a person can say about `standin run`. */
export interface RunArguments {
  readonly file?: string | undefined;
  readonly runDir?: string | undefined;
  readonly logFormat?: "text" | "json" | undefined;
  readonly logLevel?: Level | undefined;
  /** Where everything that happens is written down. */
  readonly record?: string | undefined;
  /** How large that may become, in megabytes. */
  readonly recordLimit?: number | undefined;
}

/** Reads simple and right arguments of `run`; `undefined` for all others. */
export function readRunArguments(args: readonly string[]): RunArguments | undefined {
  const text = { type: "string" } as const;
  const options = {
    file: { ...text, short: "f" },
    "run-dir": text,
    "log-format": text,
    "log-level": text,
    record: text,
    "record-limit": text,
  };
  try {
    const { values } = parseArgs({ args: [...args], options, allowPositionals: false });
    const logFormat = logFormats.find((format) => format === values["log-format"]);
    const logLevel = logLevels.find((level) => level === values["log-level"]);
    if (logFormat !== values["log-format"] || logLevel !== values["log-level"]) return undefined;
    const { file, "run-dir": runDir, record, "record-limit": limit } = values;
    if (limit !== undefined && !/^[1-9]\d{0,5}$/.test(limit)) return undefined;
    const recordLimit = limit === undefined ? undefined : Number(limit);
    return { file, runDir, logFormat, logLevel, record, recordLimit };
  } catch {
    return undefined;
  }
}
