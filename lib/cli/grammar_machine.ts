/**
 * The commands that make standin a part of this machine.
 */
import { object, or } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { map, optional, withDefault } from "@optique/core/modifiers";
import type { Parser } from "@optique/core/parser";
import { command, constant, flag, option } from "@optique/core/primitives";
import { path } from "@optique/run/valueparser";
import type { CommandLine } from "./command_line.ts";
import { words } from "./grammar_words.ts";

const root = optional(option("--root", path({ metavar: "DIR", type: "directory" }), {
  description: message`Work below this directory, as for an image; / if absent`,
}));

const serviceKind = or(
  map(flag("--systemd", { description: message`A service of systemd` }), () => "systemd" as const),
  map(flag("--openwrt", { description: message`A service of OpenWrt` }), () => "openwrt" as const),
  map(flag("--openrc", { description: message`A service of OpenRC` }), () => "openrc" as const),
);

const install = command(
  "install",
  object({
    kind: constant("install"),
    system: optional(serviceKind),
    root,
    printOnly: withDefault(
      flag("--print", { description: message`Print the service file, write nothing` }),
      false,
    ),
  }),
  {
    brief: message`Make standin a service of this machine`,
    description: words(
      "It writes the service file of the service manager that is in charge here, and a sample",
      "configuration if there is none. It starts nothing and says what to type next.",
    ),
    usageLine: [{ type: "literal", value: "[OPTIONS]" }],
  },
);

const uninstall = command("uninstall", object({ kind: constant("uninstall"), root }), {
  brief: message`Take back what install wrote`,
});

/** What installs and uninstalls. */
export const machineCommands: Parser<"sync", CommandLine, unknown> = or(install, uninstall);
