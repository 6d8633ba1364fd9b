/**
 * From arguments to a command: runs the grammar and turns what comes out into one value, so that
 * the caller decides where texts go and how the process ends. A mistake becomes one line.
 */
import { runParser } from "@optique/core/facade";
import { bash, fish, zsh } from "@optique/core/completion";
import { formatMessage, message } from "@optique/core/message";
import type { CommandLine } from "./command_line.ts";
import { grammar } from "./grammar.ts";
import { columns, wantsColours } from "./output.ts";
import { version } from "./version.ts";

/** What a command line turned out to be. */
export type Parsed =
  | { readonly kind: "command"; readonly command: CommandLine }
  /** Help, the version or a completion: to standard output, and that is all. */
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "mistake"; readonly text: string };

/** Understands the arguments after the name of the program. */
export function parseCommandLine(args: readonly string[]): Parsed {
  const output: string[] = [];
  let ended: Parsed | undefined;
  function show(): void {
    ended = { kind: "text", text: output.join("\n").replace(/\n+$/, "") };
  }
  const command = runParser(grammar, "standin", args, {
    help: { option: { group: "Everywhere" }, onShow: show },
    version: { value: `standin ${version}`, option: { group: "Everywhere" }, onShow: show },
    completion: {
      shells: { bash, fish, zsh },
      command: { group: "This machine" },
      onShow: show,
    },
    brief: message`High availability for routers and edge boxes: VRRP from keepalived.conf`,
    footer:
      message`Called as keepalived, or with an option first, standin takes the options of ${"keepalived"}; see standin -h.`,
    usageLine: [{ type: "literal", value: "COMMAND" }, { type: "ellipsis" }],
    aboveError: "none",
    colors: wantsColours(),
    maxWidth: columns(),
    termWidth: 24,
    stdout: (text) => output.push(text),
    stderr: () => {},
    onError: (_code, error) => {
      ended = { kind: "mistake", text: oneLine(formatMessage(error)) };
    },
  });
  return ended ?? { kind: "command", command };
}

/** A message as one line without its final full stop. */
function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, " ").replaceAll("`", '"').replace(/\.$/, "");
}
