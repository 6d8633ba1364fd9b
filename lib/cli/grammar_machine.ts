/**
 * The commands that make standin a part of this machine.
 */
import { object, or } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { map, optional, withDefault } from "@optique/core/modifiers";
import type { Parser } from "@optique/core/parser";
import { argument, command, constant, flag, option } from "@optique/core/primitives";
import { choice, integer, string } from "@optique/core/valueparser";
import { path } from "@optique/run/valueparser";
import type { CommandLine } from "./command_line.ts";
import { exits } from "./exit_words.ts";
import { completedShells, named } from "./names.ts";
import { json, words } from "./grammar_words.ts";

const root = optional(option("--root", path({ metavar: "DIR", type: "directory" }), {
  description: message`Work below this directory, as for an image; / if absent`,
}));

const serviceKind = or(
  map(flag("--systemd", { description: message`A service of systemd` }), () => "systemd" as const),
  map(flag("--openwrt", { description: message`A service of OpenWrt` }), () => "openwrt" as const),
  map(flag("--openrc", { description: message`A service of OpenRC` }), () => "openrc" as const),
);

const init = command(
  "init",
  object({
    kind: constant("init"),
    interfaceName: optional(option("--interface", named("IFACE", ["interface"]), {
      description: message`Interface that the clients are on`,
    })),
    peer: optional(option("--peer", string({ metavar: "ADDRESS" }), {
      description: message`Address of the other node`,
    })),
    virtualAddress: optional(option("--address", string({ metavar: "ADDRESS" }), {
      description: message`Virtual address, which moves between the nodes`,
    })),
    vrid: optional(option("--vrid", integer({ metavar: "VRID", min: 1, max: 255 }), {
      description: message`Number of the pair on this network`,
    })),
    unicast: optional(or(
      map(
        flag("--unicast", { description: message`Adverts go to the other node's address` }),
        () => true,
      ),
      map(
        flag("--multicast", { description: message`Adverts go to the group of VRRP` }),
        () => false,
      ),
    )),
    peerName: optional(option("--peer-name", string({ metavar: "NAME" }), {
      description: message`Name of the other node; peer if absent`,
    })),
    directory: withDefault(
      option("--dir", path({ metavar: "DIR", type: "directory" }), {
        description: message`Where the files are written; here if absent`,
      }),
      ".",
    ),
    force: withDefault(flag("--force", { description: message`Write over files` }), false),
    json,
  }),
  {
    brief: message`Ask a few questions and write the files of two nodes`,
    description: words(
      "Finds the interfaces of this box and asks for the rest; what is said by an option is not",
      "asked. On a terminal it listens for the numbers that are in use, where this user may, and",
      "offers a free one. Nothing is written unless standin check finds nothing wrong with both",
      "files.",
    ),
    footer: exits("init"),
    usageLine: [{ type: "literal", value: "[OPTIONS]" }],
  },
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
    json,
  }),
  {
    brief: message`Make standin a service of this machine`,
    description: words(
      "It writes the service file of the service manager that is in charge here, and a sample",
      "configuration if there is none; except on OpenWrt, the manual page and completions, too. It",
      "starts nothing and says what to type next.",
    ),
    footer: exits("install"),
    usageLine: [{ type: "literal", value: "[OPTIONS]" }],
  },
);

const uninstall = command("uninstall", object({ kind: constant("uninstall"), root, json }), {
  brief: message`Take back what install wrote`,
  footer: exits("uninstall"),
});

const completion = command(
  "completion",
  object({
    kind: constant("completion"),
    shell: argument(choice(completedShells, { metavar: "SHELL" }), {
      description: message`bash, zsh or fish`,
    }),
  }),
  {
    brief: message`Print what makes a shell complete commands, options and names`,
    description: words(
      'For a session: eval "$(standin completion bash)", the same with zsh, and in fish:',
      "standin completion fish | source. standin install writes it to where the shells look.",
    ),
  },
);

const man = command("man", object({ kind: constant("man") }), {
  brief: message`Print the manual page`,
  description: words(
    "To read it: standin man | man -l -. standin install writes it to where man looks.",
  ),
});

/** What begins, installs and uninstalls, and what makes a shell and man know the program. */
export const machineCommands: Parser<"sync", CommandLine, unknown> = or(
  init,
  install,
  uninstall,
  completion,
  man,
);
