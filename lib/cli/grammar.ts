/**
 * The language of the command line: which commands there are, what they take, and the words of
 * their help. From this one description come the parser, `--help` of each command, the hints after
 * a mistake and the completions of the shells. What the commands do is in the files of their names.
 */
import { group, object, or } from "@optique/core/constructs";
import { type Message, message } from "@optique/core/message";
import { map, multiple, optional, withDefault } from "@optique/core/modifiers";
import type { Parser } from "@optique/core/parser";
import { argument, command, constant, flag, option } from "@optique/core/primitives";
import { choice, integer, string } from "@optique/core/valueparser";
import { path } from "@optique/run/valueparser";
import type { CommandLine } from "./command_line.ts";
import { defaultConfigFiles, defaultRunDir } from "./paths.ts";
import { serverActions } from "./server.ts";
import { logFormats, logLevels } from "./log_words.ts";

const file = path({ metavar: "FILE" });

const runDir = optional(option("--run-dir", path({ metavar: "DIR", type: "directory" }), {
  description: words(
    `Directory of the pid file and the control socket; ${defaultRunDir} if absent`,
  ),
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
  }),
  {
    brief: message`Run the daemon in the foreground`,
    description: words(
      "It logs to standard error and ends on TERM or INT, handing over its roles. HUP reads the",
      "configuration again, as standin reload does.",
    ),
    usageLine: [{ type: "literal", value: "[OPTIONS]" }],
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
    as: optional(option("--as", string({ metavar: "IDS" }), {
      description: words(
        "Take each file as that of several nodes, which have these config-ids with commas between,",
        "and compare them",
      ),
    })),
    json,
  }),
  {
    brief: message`Check a configuration and explain its mistakes`,
    footer: words(
      "Exit: 0 clean or warnings only, 5 errors but would run, 6 a script is not secure,",
      "4 cannot run.",
    ),
  },
);

const plan = command(
  "plan",
  object({
    kind: constant("plan"),
    file: optional(argument(file, {
      description: message`Configuration to plan for; the daemon's own if absent`,
    })),
    runDir,
    json,
  }),
  {
    brief: message`Show what a reload would change in the running daemon`,
    description: words(
      "The running daemon reads the file and compares it with what it runs; nothing is applied.",
    ),
    footer: words(
      "Exit: 0 nothing would change, 2 something would, 5 the file has errors and would be",
      "refused, 4 it can not be read, 3 no daemon.",
    ),
  },
);

const reload = command("reload", object({ kind: constant("reload"), runDir, json }), {
  brief: message`Let the running daemon read its configuration again`,
  footer: words("Exit: 0 applied, 5 refused (the daemon goes on with what it had), 3 no daemon."),
});

const stop = command("stop", object({ kind: constant("stop"), runDir }), {
  brief: message`Let the running daemon hand over its roles and end`,
  footer: words("Exit: 0 when it has ended, 3 when no daemon runs."),
});

const failover = command(
  "failover",
  object({
    kind: constant("failover"),
    name: argument(string({ metavar: "NAME" }), {
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
    footer: words("Exit: 0 another router is master, 1 nobody took the role, 3 no daemon."),
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
    usageLine: [{ type: "literal", value: "[on|off] [OPTIONS]" }],
  },
);

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

const events = command(
  "events",
  object({
    kind: constant("events"),
    about: optional(argument(string({ metavar: "NAME" }), {
      description: message`Only those of this instance, group, tracker, session or server`,
    })),
    since: optional(option("--since", string({ metavar: "TIME" }), {
      description: message`How long ago (90s, 30m, 2h, 7d) or since when (2026-01-31T04:00)`,
    })),
    follow: withDefault(
      flag("-f", "--follow", { description: message`Go on with what happens, until Ctrl-C` }),
      false,
    ),
    runDir,
    json,
  }),
  {
    brief: message`Show what happened, and what led to it`,
    description: words(
      "The latest hundred events, or all since a time. They are kept on disk, so the daemon need",
      "not run any more.",
    ),
    usageLine: [{ type: "literal", value: "[NAME] [OPTIONS]" }],
  },
);

const fmt = command(
  "fmt",
  object({
    kind: constant("fmt"),
    files: multiple(argument(file, {
      description: message`Configuration to format; - or none for standard input`,
    })),
    check: withDefault(
      flag("--check", { description: message`List what would change, and change nothing` }),
      false,
    ),
    write: withDefault(
      flag("-w", "--write", { description: message`Write the files instead of printing them` }),
      false,
    ),
    json,
  }),
  {
    brief: message`Give keepalived.conf files their usual look`,
    description: words(
      "Comments, includes, conditions and definitions stay what they are, and so does the meaning.",
      "A file with braces or quotes that do not go together is left as it is.",
    ),
    footer: words("Exit: 0 done, 1 with --check when a file would change, 5 refused, 4 not read."),
  },
);

const convert = command(
  "convert",
  object({
    kind: constant("convert"),
    file: argument(file, { description: message`Configuration to convert` }),
    to: optional(option("--to", choice(["json", "conf"] as const, { metavar: "LANGUAGE" }), {
      description: message`json or conf; the other one of the two if absent`,
    })),
    output: optional(option("-o", "--output", path({ metavar: "OUT" }), {
      description: message`Where to write; standard output if absent`,
    })),
    configId: optional(option("-i", "--config-id", string({ metavar: "ID" }), {
      description: message`Convert what a node with this config-id would run`,
    })),
  }),
  {
    brief: message`Turn keepalived.conf into JSON, or JSON into keepalived.conf`,
    footer: words(
      "Includes, conditions and definitions are carried out; comments are not kept.",
      "Exit: 0 done, 5 the structure is broken or something can not be said, 4 not read.",
    ),
  },
);

const schema = command("schema", object({ kind: constant("schema"), json }), {
  brief: message`Print the JSON Schema of configurations in JSON`,
  footer: words("It is JSON with and without --json."),
});

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
    description: words(
      "Two routers and a client on a virtual network inside this machine; one router is killed,",
      "and the outage that the client sees is measured. It needs no root and ends by itself in",
      "under half a minute.",
    ),
  },
);

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

const explain = command(
  "explain",
  object({
    kind: constant("explain"),
    what: argument(string({ metavar: "INSTANCE" }), {
      description: message`An instance of the running daemon; or the word keyword`,
    }),
    name: optional(argument(string({ metavar: "NAME" }), {
      description: message`After keyword: one of the configuration, such as advert_int`,
    })),
    runDir,
    json,
  }),
  {
    brief: message`Explain why an instance is what it is, or what a keyword means`,
    description: words(
      "Of an instance: its state, where its priority comes from, who would win now, and what would",
      "change that. Of a keyword: its meaning, its form, what holds without it, where it may",
      "stand, an example, and how far standin is with it.",
    ),
    usageLine: [{ type: "literal", value: "(INSTANCE | keyword NAME) [OPTIONS]" }],
  },
);

const server = command(
  "server",
  object({
    kind: constant("server"),
    action: argument(choice(serverActions, { metavar: "ACTION" }), {
      description: message`list, drain, weight, disable, enable or reset`,
    }),
    server: optional(argument(string({ metavar: "SERVER" }), {
      description: message`Address of a real server, with or without its port`,
    })),
    weight: optional(argument(integer({ metavar: "WEIGHT", min: 0 }), {
      description: message`After weight: the weight that it has from now on`,
    })),
    of: optional(option("--of", string({ metavar: "VIRTUAL_SERVER" }), {
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
    footer: words("Exit: 0 done, 1 when there is no such server, 3 no daemon."),
  },
);

const sniff = command(
  "sniff",
  object({
    kind: constant("sniff"),
    interfaceName: argument(string({ metavar: "IFACE" }), {
      description: message`Interface to listen on`,
    }),
    duration: optional(option("--for", string({ metavar: "WHILE" }), {
      description: message`How long: 10s, 5m; until Ctrl-C if absent`,
    })),
    vrid: optional(option("--vrid", integer({ metavar: "VRID", min: 1, max: 255 }), {
      description: message`Only adverts of this virtual router`,
    })),
    json,
  }),
  {
    brief: message`Show the adverts on an interface, and what is wrong about them`,
    description: words(
      "It needs root, is no router itself and changes nothing. What this node sends is shown, too.",
    ),
  },
);

const digest = command(
  "digest",
  object({
    kind: constant("digest"),
    url: argument(string({ metavar: "URL" }), {
      description: message`What to ask for, such as https://192.0.2.1:8443/status`,
    }),
    server: optional(option("--server", string({ metavar: "ADDRESS" }), {
      description: message`Ask this server, whatever the URL names`,
    })),
    virtualHost: optional(option("--virtualhost", string({ metavar: "NAME" }), {
      description: message`Name of the host in the request, as virtualhost says it`,
    })),
    version: withDefault(
      option("--http-protocol", choice(["1.0", "1.0C", "1.1"], { metavar: "VERSION" }), {
        description: message`Version of the request: 1.0, 1.0C or 1.1`,
      }),
      "1.0" as const,
    ),
    json,
  }),
  {
    brief: message`Print the digest of a page, for HTTP_GET and SSL_GET`,
    description: words(
      "It asks as the check does and prints the MD5 of the body, which genhash does for",
      "keepalived. A status other than 200-299 is a failure; nobody has to be trusted for https.",
    ),
  },
);

/** All commands that are built. */
export const grammar: Parser<"sync", CommandLine, unknown> = or(
  group("The daemon", or(run, reload, stop, failover, maintenance, server)),
  group("Questions", or(status, events, explain, check, plan, sniff, demo)),
  group("Configuration", or(fmt, convert, schema, digest)),
  group("This machine", or(install, uninstall)),
);

/** One paragraph of help from several source lines; quotes stand only where they are written. */
function words(...lines: readonly string[]): Message {
  return [{ type: "text", text: lines.join(" ") }];
}
