/**
 * The language of the command line: which commands there are, what they take, and the words of
 * their help. From this one description come the parser, `--help` of each command, the hints after
 * a mistake and the completions of the shells. What the commands do is in the files of their names.
 */
import { group, object, or } from "@optique/core/constructs";
import { type Message, message } from "@optique/core/message";
import { multiple, optional, withDefault } from "@optique/core/modifiers";
import type { Parser } from "@optique/core/parser";
import { argument, command, constant, flag, option } from "@optique/core/primitives";
import { choice, string } from "@optique/core/valueparser";
import { path } from "@optique/run/valueparser";
import type { CommandLine } from "./command_line.ts";
import { defaultConfigFiles, defaultRunDir } from "./paths.ts";
import { logFormats, logLevels } from "./run.ts";

const file = path({ metavar: "FILE" });

const runDir = optional(option("--run-dir", path({ metavar: "DIR", type: "directory" }), {
  description:
    message`Directory of the pid file and the control socket; ${defaultRunDir} if absent`,
}));

const json = withDefault(
  flag("--json", { description: message`Print JSON instead of text` }),
  false,
);

const run = command(
  "run",
  object({
    kind: constant("run"),
    file: optional(option("-f", "--file", file, {
      description: message`Configuration; if absent ${defaultConfigFiles[0]}, else ${
        defaultConfigFiles[1]
      }`,
    })),
    runDir,
    logFormat: optional(option("--log-format", choice(logFormats, { metavar: "FORMAT" }), {
      description: message`How log lines look: text or json`,
    })),
    logLevel: optional(option("--log-level", choice(logLevels, { metavar: "LEVEL" }), {
      description: message`Least level that is logged: debug, info, notice, warning or error`,
    })),
  }),
  {
    brief: message`Run the daemon in the foreground`,
    description: text(
      "Run the daemon in the foreground, logging to standard error, until it gets TERM or INT",
      "HUP reads the configuration again.",
    ),
  },
);

const check = command(
  "check",
  object({
    kind: constant("check"),
    files: multiple(argument(file, {
      description: message`Configuration to check; the one that the daemon would use if absent`,
    })),
    configId: optional(option("-i", "--config-id", string({ metavar: "ID" }), {
      description: message`Check what a node with this config-id would run`,
    })),
    json,
  }),
  {
    brief: message`Check a configuration and explain its mistakes`,
    footer: text(
      "Exit: 0 clean or warnings only, 5 errors but would run, 6 a script is not secure,",
      "4 cannot run.",
    ),
  },
);

const reload = command("reload", object({ kind: constant("reload"), runDir, json }), {
  brief: message`Let the running daemon read its configuration again`,
  footer: text("Exit: 0 applied, 5 refused (the daemon goes on with what it had), 3 no daemon."),
});

const stop = command("stop", object({ kind: constant("stop"), runDir }), {
  brief: message`Let the running daemon hand over its roles and end`,
  footer: text("Exit: 0 when it has ended, 3 when no daemon runs."),
});

const status = command(
  "status",
  object({
    kind: constant("status"),
    watch: withDefault(
      flag("-w", "--watch", { description: message`Show it again each second, until Ctrl-C` }),
      false,
    ),
    runDir,
    json,
  }),
  { brief: message`Show instances, their states and addresses` },
);

const demo = command(
  "demo",
  object({
    kind: constant("demo"),
    stay: withDefault(
      flag("--stay", { description: message`Keep the virtual network until Ctrl-C` }),
      false,
    ),
    json,
  }),
  {
    brief: message`Show a real failover between two routers on a virtual network`,
    description: text(
      "Show a real failover: two routers and a client on a virtual network of this machine.",
      "It needs no root and ends by itself in under half a minute.",
    ),
  },
);

const install = command("install", object({ kind: constant("install") }), {
  brief: message`Set up the service and the command on this machine`,
});

const uninstall = command("uninstall", object({ kind: constant("uninstall") }), {
  brief: message`Take away what install has set up`,
});

/** All commands that are built. */
export const grammar: Parser<"sync", CommandLine, unknown> = or(
  group("The daemon", or(run, reload, stop)),
  group("Questions", or(status, check, demo)),
  group("This machine", or(install, uninstall)),
);

/** One paragraph of help from several source lines. */
function text(...lines: readonly string[]): Message {
  return lines.flatMap((line, index) => [
    ...(index === 0 ? [] : [{ type: "text", text: " " } as const]),
    { type: "text", text: line } as const,
  ]);
}
