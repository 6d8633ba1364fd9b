/**
 * From arguments to a command: runs the grammar and turns what comes out into one value, so that
 * the caller decides where texts go and how the process ends. A mistake becomes one line.
 */
import { suggest } from "../base/mod.ts";
import { runParser } from "@optique/core/facade";
import { formatMessage, message } from "@optique/core/message";
import { suggestSync } from "@optique/core/parser";
import type { CommandLine } from "./command_line.ts";
import { grammar } from "./grammar.ts";
import { columns, wantsColours } from "./output.ts";
import { version } from "./version.ts";

/** What a command line turned out to be. */
export type Parsed =
  | { readonly kind: "command"; readonly command: CommandLine }
  /** Help or the version: to standard output, and that is all. */
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "mistake"; readonly text: string };

const about = "Called as keepalived, or with an option as its first argument, standin takes the " +
  "options of keepalived instead; standin -h lists them.";

/** Understands the arguments after the name of the program. */
export function parseCommandLine(args: readonly string[]): Parsed {
  const output: string[] = [];
  let ended: Parsed | undefined;
  function show(): void {
    // The lines of wrapped help end in the blank at which they were broken.
    ended = { kind: "text", text: output.join("\n").replace(/ +$/gm, "").trimEnd() };
  }
  const command = runParser(grammar, "standin", args, {
    help: { option: { group: "Everywhere" }, command: { hidden: true }, onShow: show },
    version: { value: `standin ${version}`, option: { group: "Everywhere" }, onShow: show },
    brief: message`High availability for routers and edge boxes: VRRP from keepalived.conf`,
    description: [{ type: "text", text: about }],
    usageLine: [{ type: "literal", value: "COMMAND [OPTIONS]" }],
    aboveError: "none",
    colors: wantsColours(),
    maxWidth: columns(),
    termWidth: 24,
    stdout: (text) => output.push(text),
    stderr: () => {},
    onError: (_code, error) => {
      ended = { kind: "mistake", text: oneLine(formatMessage(error)) + similarOption(args) };
    },
  });
  return ended ?? { kind: "command", command };
}

/** " (did you mean …?)" when the last of the arguments is nearly an option of the command. */
function similarOption(args: readonly string[]): string {
  const mistyped = args.find((word) => word.startsWith("--"));
  const [name = ""] = args;
  if (mistyped === undefined) return "";
  const options = suggestSync(grammar, [name, "--"]).flatMap((suggestion) =>
    suggestion.kind === "literal" ? [suggestion.text] : []
  );
  if (options.includes(mistyped)) return "";
  const hint = suggest(mistyped, options);
  return hint === undefined ? "" : ` (${hint})`;
}

/** A message as one line without its final full stop. */
function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, " ").replaceAll("`", '"').replace(/\.$/, "");
}
