/**
 * The commands that run a daemon or tell it to do something.
 */
import { object, or } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional, withDefault } from "@optique/core/modifiers";
import type { Parser } from "@optique/core/parser";
import { argument, command, constant, flag, option } from "@optique/core/primitives";
import { choice, integer, string } from "@optique/core/valueparser";
import { path } from "@optique/run/valueparser";
import type { CommandLine } from "./command_line.ts";
import { exits } from "./exit_words.ts";
import { file, json, runDir, words } from "./grammar_words.ts";
import { logFormats, logLevels } from "./log_words.ts";
import { named } from "./names.ts";
import { defaultConfigFiles } from "./paths.ts";
import { usualRecordLimit } from "./run.ts";
import { serverActions } from "./server.ts";

const run = command(
  "run",
  object({
    kind: constant("run"),
    file: optional(option("-f", "--file", file, {
      description: words(
        "Configuration to run; if not given,",
        `${defaultConfigFiles[0]}, else ${defaultConfigFiles[1]}`,
      ),
    })),
    runDir,
    logFormat: optional(option("--log-format", choice(logFormats, { metavar: "FORMAT" }), {
      description: message`How log lines look: text or json`,
    })),
    logLevel: optional(option("--log-level", choice(logLevels, { metavar: "LEVEL" }), {
      description: message`Least level that is logged: debug, info, notice, warning or error`,
    })),
    record: optional(option("--record", path({ metavar: "RECORDING" }), {
      description: words(
        "Write down everything that happens, passwords included, for standin replay; the earlier",
        "file of that name is kept with .1 behind it",
      ),
    })),
    recordLimit: optional(option("--record-limit", integer({ metavar: "MB", min: 1 }), {
      description: words(
        `Megabytes after which the recording ends; ${usualRecordLimit} if absent`,
      ),
    })),
  }),
  {
    brief: message`Run the daemon in the foreground`,
    description: words(
      "It logs to standard error and ends on TERM or INT, handing over its roles. HUP reads the",
      "configuration again, as standin reload does.",
    ),
    footer: exits("run"),
    usageLine: [{ type: "literal", value: "[OPTIONS]" }],
  },
);

const reload = command("reload", object({ kind: constant("reload"), runDir, json }), {
  brief: message`Let the running daemon read its configuration again`,
  footer: exits("reload"),
});

const stop = command("stop", object({ kind: constant("stop"), runDir, json }), {
  brief: message`Let the running daemon hand over its roles and end`,
  footer: exits("stop"),
});

const failover = command(
  "failover",
  object({
    kind: constant("failover"),
    name: argument(named("NAME", ["instance", "group"]), {
      description: message`An instance or a sync group that is MASTER here`,
    }),
    runDir,
    json,
  }),
  {
    brief: message`Hand the master role over to another router`,
    description: words(
      "The others are told at once. Whoever takes the role keeps it until it fails, whatever the",
      "priorities are; if nobody takes it, this node does.",
    ),
    footer: exits("failover"),
  },
);

const maintenance = command(
  "maintenance",
  object({
    kind: constant("maintenance"),
    what: optional(argument(choice(["on", "off"] as const, { metavar: "on|off" }), {
      description: message`Begin or end it; shows how it is if absent`,
    })),
    duration: optional(option("--for", string({ metavar: "WHILE" }), {
      description: message`How long at most: 90s, 30m, 2h; until it is ended if absent`,
    })),
    runDir,
    json,
  }),
  {
    brief: message`Let this node take no part in elections for a while`,
    description: words(
      "It hands over what it has and stays a backup, also when nobody else is there, and after a",
      "restart of the daemon, too.",
    ),
    footer: exits("maintenance"),
    usageLine: [{ type: "literal", value: "[on|off] [OPTIONS]" }],
  },
);

const server = command(
  "server",
  object({
    kind: constant("server"),
    action: argument(choice(serverActions, { metavar: "ACTION" }), {
      description: message`list, drain, weight, disable, enable or reset`,
    }),
    server: optional(argument(named("SERVER", ["real-server"]), {
      description: message`Address of a real server, with or without its port`,
    })),
    weight: optional(argument(integer({ metavar: "WEIGHT", min: 0 }), {
      description: message`After weight: the weight that it has from now on`,
    })),
    of: optional(option("--of", named("VIRTUAL_SERVER", ["virtual-server"]), {
      description: message`Only in this virtual server, as status names it`,
    })),
    persist: withDefault(
      flag("--persist", { description: message`Let it outlive reloads and restarts` }),
      false,
    ),
    runDir,
    json,
  }),
  {
    brief: message`Show real servers; drain, disable or weigh one while the daemon runs`,
    description: words(
      "drain gives a server no new connections, disable takes it out, weight gives it another",
      "share. enable undoes drain and disable, reset all of it. Until then status shows it, and a",
      "reload takes it back, unless it was said with --persist.",
    ),
    footer: exits("server"),
  },
);

/** What a daemon does. */
export const daemonCommands: Parser<"sync", CommandLine, unknown> = or(
  run,
  reload,
  stop,
  failover,
  maintenance,
  server,
);
