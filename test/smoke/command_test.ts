/** The command from the outside: texts, streams and exit codes, without any daemon. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "../support/test.ts";
import { inDirectory, isExecutable, standin } from "./command.ts";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

test("--version prints the version of the package", async () => {
  const { code, stdout, stderr } = await standin(["--version"]);
  assert.deepEqual([code, stdout, stderr], [0, `standin ${manifest.version}\n`, ""]);
});

test("--help lists the commands on standard output", async () => {
  const { code, stdout, stderr } = await standin(["--help"]);
  assert.deepEqual([code, stderr], [0, ""]);
  for (const name of ["run", "check", "reload", "stop", "status", "demo", "simulate", "install"]) {
    assert.match(stdout, new RegExp(`^  ${name} `, "m"));
  }
});

test("a mistake is one line on standard error and exit code 2", async () => {
  for (
    const [args, words] of [
      [[], /expected a command/],
      [["stauts"], /unknown command "stauts" \(did you mean "status"\?\)/],
      [["frobnicate"], /unknown command "frobnicate" \("standin --help"/],
      [["simulate"], /expected a scenario, or the configurations of all nodes/],
      [["status", "--jso"], /did you mean "--json"/],
      [["run", "--log-level", "loud"], /"loud"/],
    ] as const
  ) {
    const { code, stdout, stderr } = await standin(args);
    assert.deepEqual([code, stdout], [2, ""], args.join(" "));
    assert.match(stderr, words);
    assert.match(stderr, /^standin[^\n]*\n$/);
  }
});

test("status, reload and stop say when no daemon runs", async () => {
  await inDirectory(async (directory) => {
    for (const name of ["status", "reload", "stop"]) {
      const { code, stdout, stderr } = await standin([name, "--run-dir", directory]);
      assert.deepEqual([code, stdout], [3, ""], name);
      const socket = join(directory, "control.sock");
      const hint = '(is it running? start it with "standin run")';
      assert.equal(stderr, `standin: no daemon answers at ${socket} ${hint}\n`);
    }
  });
});

test("completion prints a script for each shell", async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, stdout } = await standin(["completion", shell]);
    assert.equal(code, 0, shell);
    assert.match(stdout, /standin/, shell);
  }
});

test("keepalived's own options print to where keepalived prints", async () => {
  const version = await standin(["-v"]);
  assert.deepEqual([version.code, version.stdout], [0, ""]);
  assert.equal(version.stderr, `standin v${manifest.version}\n`);
  const help = await standin(["-h"]);
  assert.deepEqual([help.code, help.stdout], [0, ""]);
  assert.match(help.stderr, /-f, --use-file=FILE/);
  for (const [name, number] of [["STOP", 15], ["RELOAD", 1], ["DATA", 10], ["STATS", 12]]) {
    const signal = await standin([`--signum=${name}`]);
    assert.deepEqual([signal.code, signal.stdout], [0, `${number}\n`]);
  }
});

test("keepalived's own mistakes end with keepalived's exit code", async () => {
  for (
    const [args, words] of [
      [["-Z"], /unknown option -Z/],
      [["-nlZ"], /unknown option -Z/],
      [["--bogus"], /unknown option --bogus/],
      [["-f"], /missing parameter for option -f/],
      [["--signum=FOO"], /unknown signal name "FOO"/],
      [["-n", "-S", "9"], /invalid log facility "9"/],
    ] as const
  ) {
    const { code, stdout, stderr } = await standin(args);
    assert.deepEqual([code, stdout], [1, ""], args.join(" "));
    assert.match(stderr, words);
  }
});

test("called as keepalived it takes keepalived's options and nothing else", async () => {
  const { code, stdout, stderr } = await standin(["--version"], { calledAs: "keepalived" });
  assert.deepEqual([code, stdout], [0, ""]);
  assert.equal(stderr, `standin v${manifest.version}\n`);
}, { skip: isExecutable ? undefined : "only an executable has a name to be called by" });
