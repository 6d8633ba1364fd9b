/**
 * What several commands take, and how their help is written.
 */
import { type Message, message } from "@optique/core/message";
import { optional, withDefault } from "@optique/core/modifiers";
import type { Parser } from "@optique/core/parser";
import { flag, option } from "@optique/core/primitives";
import type { ValueParser } from "@optique/core/valueparser";
import { path } from "@optique/run/valueparser";
import { defaultRunDir } from "./paths.ts";

/** The name of a file. */
export const file: ValueParser<"sync", string> = path({ metavar: "FILE" });

/** `--run-dir` */
export const runDir: Parser<"sync", string | undefined, unknown> = optional(
  option("--run-dir", path({ metavar: "DIR", type: "directory" }), {
    description: words(
      `Directory of the pid file and the control socket; ${defaultRunDir} if absent`,
    ),
  }),
);

/** `--json` */
export const json: Parser<"sync", boolean, unknown> = withDefault(
  flag("--json", { description: message`Print JSON instead of text` }),
  false,
);

/** One paragraph of help from several source lines; quotes stand only where they are written. */
export function words(...lines: readonly string[]): Message {
  return [{ type: "text", text: lines.join(" ") }];
}
