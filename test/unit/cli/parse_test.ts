/** The grammar of the command line: what is understood, and what is said about mistakes. */
import assert from "node:assert/strict";
import { commands } from "../../../lib/cli/commands.ts";
import { parseCommandLine, type Parsed } from "../../../lib/cli/parse.ts";
import { readRunArguments } from "../../../lib/cli/run_arguments.ts";
import { test } from "../../support/test.ts";

function parse(line: string): Parsed {
  return parseCommandLine(line.split(" "));
}

function mistake(line: string): string {
  const parsed = parse(line);
  assert.ok(parsed.kind === "mistake", line);
  return parsed.text;
}

function text(line: string): string {
  const parsed = parse(line);
  assert.ok(parsed.kind === "text", line);
  return parsed.text;
}

test("each command understands its options", () => {
  for (
    const [line, command] of [
      ["check", { kind: "check", files: [], configId: undefined, as: undefined, json: false }],
      ["check --json a b -i main --as x,y", {
        kind: "check",
        files: ["a", "b"],
        configId: "main",
        as: "x,y",
        json: true,
      }],
      ["plan", { kind: "plan", file: undefined, runDir: undefined, json: false }],
      ["plan a.conf --run-dir /r --json", {
        kind: "plan",
        file: "a.conf",
        runDir: "/r",
        json: true,
      }],
      ["reload --run-dir /r", { kind: "reload", runDir: "/r", json: false }],
      ["stop --run-dir=/r", { kind: "stop", runDir: "/r", json: false }],
      ["status -w", {
        kind: "status",
        name: undefined,
        watch: true,
        runDir: undefined,
        json: false,
      }],
      ["demo --stay", { kind: "demo", stay: true, json: false }],
      ["install --openrc --root /mnt", {
        kind: "install",
        system: "openrc",
        root: "/mnt",
        printOnly: false,
        json: false,
      }],
      ["uninstall", { kind: "uninstall", root: undefined, json: false }],
    ] as const
  ) assert.deepEqual(parse(line), { kind: "command", command }, line);
});

test("the quick reader of run and the grammar understand the same", () => {
  for (
    const line of [
      "run",
      "run -f a.conf",
      "run --file=a.conf --run-dir /r",
      "run --log-format json --log-level debug",
    ]
  ) {
    const quick = readRunArguments(line.split(" ").slice(1));
    assert.deepEqual(parse(line), { kind: "command", command: { kind: "run", ...quick } }, line);
  }
});

test("the quick reader of run leaves everything unusual to the grammar", () => {
  for (const line of ["--help", "-x", "extra", "--log-level loud", "--log-format", "--file"]) {
    assert.equal(readRunArguments(line.split(" ")), undefined, line);
    assert.notEqual(parse(`run ${line}`).kind, "command", line);
  }
});

test("mistakes are one line and name what was meant", () => {
  assert.match(mistake("status --jso"), /"--jso" \(did you mean "--json"\?\)$/);
  assert.match(mistake("run --log-level loud"), /"debug".*"loud"$/);
  assert.match(mistake("check --nothing-like-it"), /"--nothing-like-it"$/);
  assert.match(mistake("completion tcsh"), /"zsh".*"tcsh"$/);
  for (const line of ["install --systemd --openrc", "run --file", "stop now", "completion"]) {
    assert.ok(!mistake(line).includes("\n"), line);
  }
});

test("every command stands in the help", () => {
  const help = text("--help");
  for (const name of commands) assert.match(help, new RegExp(`^  ${name} `, "m"));
});

test("help exists for each command and fits 80 columns", () => {
  for (const name of commands) {
    const help = text(`${name} --help`);
    assert.match(help, new RegExp(`^Usage: standin ${name}`, "m"), name);
    for (const line of help.split("\n")) assert.ok(line.length <= 80, line);
    assert.equal(text(`help ${name}`), help);
  }
});
