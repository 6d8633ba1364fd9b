/**
 * The commands that answer questions and change nothing.
 */
import { object, or } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { multiple, optional, withDefault } from "@optique/core/modifiers";
import type { Parser } from "@optique/core/parser";
import { argument, command, constant, flag, option } from "@optique/core/primitives";
import { integer, string } from "@optique/core/valueparser";
import { path } from "@optique/run/valueparser";
import type { CommandLine } from "./command_line.ts";
import { exits } from "./exit_words.ts";
import { file, json, runDir, words } from "./grammar_words.ts";
import { named } from "./names.ts";

const status = command(
  "status",
  object({
    kind: constant("status"),
    name: optional(
      argument(named("NAME", ["instance", "group", "session", "virtual-server"]), {
        description: message`Only this instance, group, session or virtual server`,
      }),
    ),
    watch: withDefault(
      flag("-w", "--watch", {
        description: words(
          "Look each second: redrawn in place on a terminal (arrows scroll, q ends), elsewhere",
          "printed when it is different",
        ),
      }),
      false,
    ),
    runDir,
    json,
  }),
  {
    brief: message`Show instances, their states and addresses`,
    footer: exits("status"),
    usageLine: [{ type: "literal", value: "[NAME] [OPTIONS]" }],
  },
);

const events = command(
  "events",
  object({
    kind: constant("events"),
    about: optional(
      argument(named("NAME", ["instance", "group", "tracker", "session", "real-server"]), {
        description: message`Only those of this instance, group, tracker, session or server`,
      }),
    ),
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
    footer: exits("events"),
    usageLine: [{ type: "literal", value: "[NAME] [OPTIONS]" }],
  },
);

const explain = command(
  "explain",
  object({
    kind: constant("explain"),
    what: argument(named("INSTANCE", ["instance"], ["keyword"]), {
      description: message`An instance of the running daemon; or the word keyword`,
    }),
    name: optional(argument(named("NAME", ["keyword"]), {
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
    footer: exits("explain"),
    usageLine: [{ type: "literal", value: "(INSTANCE | keyword NAME) [OPTIONS]" }],
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
    footer: exits("check"),
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
    footer: exits("plan"),
  },
);

const simulate = command(
  "simulate",
  object({
    kind: constant("simulate"),
    files: multiple(
      argument(file, {
        description: message`A scenario, or the configurations of all nodes`,
      }),
      {
        min: 1,
        errors: { tooFew: message`expected a scenario, or the configurations of all nodes` },
      },
    ),
    svg: optional(option("--svg", path({ metavar: "PICTURE" }), {
      description: message`Draw who was master when into this file`,
    })),
    record: optional(option("--record", path({ metavar: "DIR", type: "directory" }), {
      description:
        message`Write what each daemon was given into this directory, for standin replay`,
    })),
    seed: optional(option("--seed", integer({ metavar: "NUMBER", min: 1 }), {
      description: message`What is random about the network comes from here`,
    })),
    json,
  }),
  {
    brief: message`Play faults on a virtual network, in virtual time`,
    description: words(
      "The engine of the daemon runs the configurations. Without a scenario the standard faults",
      "are played: crash, stop, lost cable, stall, split, loss, all at once.",
    ),
    footer: exits("simulate"),
  },
);

const replay = command(
  "replay",
  object({
    kind: constant("replay"),
    file: argument(file, { description: message`What standin run --record has written` }),
    instance: optional(option("--instance", named("NAME", ["instance"]), {
      description: message`Only what is about this instance`,
    })),
    since: optional(option("--since", string({ metavar: "TIME" }), {
      description: message`From this time on, such as 2026-01-31T04:00`,
    })),
    until: optional(option("--until", string({ metavar: "TIME" }), {
      description: message`Up to this time`,
    })),
    told: withDefault(
      flag("--told", {
        description: message`Only where something is told, such as a change of state`,
      }),
      false,
    ),
    json,
  }),
  {
    brief: message`Play a recording of the daemon, and show every decision`,
    description: words(
      "The engine gets every event of the recording at its time. What came in is marked <, what",
      "is done >, what is told =, and what was decided otherwise then !.",
    ),
    usageLine: [{ type: "literal", value: "FILE [OPTIONS]" }],
    footer: exits("replay"),
  },
);

const sniff = command(
  "sniff",
  object({
    kind: constant("sniff"),
    interfaceName: optional(argument(named("IFACE", ["interface"]), {
      description: message`Interface to listen on; all that have an address if absent`,
    })),
    duration: optional(option("--for", string({ metavar: "WHILE" }), {
      description: message`How long: 10s, 5m; until Ctrl-C if absent`,
    })),
    vrid: optional(option("--vrid", integer({ metavar: "VRID", min: 1, max: 255 }), {
      description: message`Only adverts of this virtual router`,
    })),
    json,
  }),
  {
    brief: message`Show the adverts on a network, and what is wrong about them`,
    description: words(
      "It needs root, is no router itself and changes nothing. What this node sends is shown, too.",
    ),
    footer: exits("sniff"),
  },
);

const doctor = command(
  "doctor",
  object({
    kind: constant("doctor"),
    file: optional(argument(file, {
      description: message`Configuration; that of the daemon if absent`,
    })),
    duration: optional(option("--for", string({ metavar: "WHILE" }), {
      description: message`How long to listen: 10s, 0s; three intervals of the adverts if absent`,
    })),
    runDir,
    json,
  }),
  {
    brief: message`Look for what keeps this box from doing what its file says`,
    description: words(
      "Interfaces, firewall, kernel, other programs, names, and what is heard on the wire: each",
      "finding says what to type. It changes nothing, and needs root to hear and see everything.",
    ),
    footer: exits("doctor"),
  },
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
    description: words(
      "Two routers and a client on a virtual network inside this machine; one router is killed,",
      "and the outage that the client sees is measured. It needs no root and ends by itself in",
      "under half a minute.",
    ),
    footer: exits("demo"),
  },
);

/** What can be asked. */
export const questions: Parser<"sync", CommandLine, unknown> = or(
  status,
  events,
  explain,
  check,
  plan,
  simulate,
  replay,
  sniff,
  doctor,
  demo,
);
