/**
 * The commands that read configurations, or help to write them.
 */
import { object, or } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { multiple, optional, withDefault } from "@optique/core/modifiers";
import type { Parser } from "@optique/core/parser";
import { argument, command, constant, flag, option } from "@optique/core/primitives";
import { choice, string } from "@optique/core/valueparser";
import { path } from "@optique/run/valueparser";
import type { CommandLine } from "./command_line.ts";
import { exits } from "./exit_words.ts";
import { file, json, words } from "./grammar_words.ts";

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
    footer: exits("fmt"),
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
    json: withDefault(
      flag("--json", { description: message`Print a report in JSON, which has the text in it` }),
      false,
    ),
  }),
  {
    brief: message`Turn keepalived.conf into JSON, or JSON into keepalived.conf`,
    description: words(
      "Includes, conditions and definitions are carried out; comments are not kept.",
    ),
    footer: exits("convert"),
  },
);

const schema = command("schema", object({ kind: constant("schema"), json }), {
  brief: message`Print the JSON Schema of configurations in JSON`,
  description: words("It is JSON with and without --json."),
});

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
    footer: exits("digest"),
  },
);

/** What becomes of configurations. */
export const fileCommands: Parser<"sync", CommandLine, unknown> = or(fmt, convert, schema, digest);
