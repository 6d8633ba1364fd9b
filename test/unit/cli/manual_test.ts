/** The manual page: that nothing is left out, and what groff and mandoc say of it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { commands } from "../../../lib/cli/commands.ts";
import { commandExits, exitWords } from "../../../lib/cli/exit_words.ts";
import { keepalivedOptions } from "../../../lib/cli/keepalived_options.ts";
import { manualPage } from "../../../lib/cli/manual.ts";
import { parseCommandLine } from "../../../lib/cli/parse.ts";
import { renderRoff } from "../../../lib/cli/roff.ts";
import { commandsDocument, commandsText } from "../../support/commands_doc.ts";
import { missingProgram } from "../../support/peers.ts";
import { test } from "../../support/test.ts";

const page = renderRoff(manualPage());
/** As it is typed, not as it is typeset. */
const words = page.replaceAll("\\-", "-").replace(/\\f[BRI]/g, "").replaceAll("\\(aq", "'");

test("the manual has every command with every option of its help", () => {
  for (const name of commands) {
    assert.match(words, new RegExp(`^\\.SS "standin ${name}\\b`, "m"));
    const help = parseCommandLine([name, "--help"]);
    assert.ok(help.kind === "text");
    const section = words.split(`.SS "standin ${name}`)[1]?.split(".SS")[0] ?? "";
    const options = help.text.match(/^ {2}-.*?(?= {2,}|$)/gm) ?? [];
    for (const option of options) assert.ok(section.includes(`.TP\n${option.trim()}\n`), option);
  }
});

test("the manual has keepalived's options, and the exit codes with their meanings", () => {
  for (const { synopsis, standing } of keepalivedOptions) {
    const said = words.includes(`.TP\n${synopsis.replace("…", "...")}\n`);
    assert.equal(said, standing !== "hidden", synopsis);
  }
  const oneLine = words.replaceAll("\n", " ");
  for (const [code, meaning] of Object.entries(exitWords)) {
    assert.ok(oneLine.includes(`.TP ${code} ${meaning}`), meaning);
  }
  for (const codes of Object.values(commandExits)) {
    for (const code of Object.keys(codes)) assert.ok(Number(code) in exitWords);
  }
});

test("groff and mandoc have no word to say against the manual", () => {
  const groff = spawnSync("groff", ["-man", "-ww", "-z", "-Tutf8"], { input: page });
  assert.deepEqual([groff.status, String(groff.stderr)], [0, ""]);
  const mandoc = spawnSync("mandoc", ["-Tlint"], { input: page });
  assert.deepEqual([mandoc.status, String(mandoc.stdout)], [0, ""]);
}, { skip: missingProgram("groff", "mandoc") });

test("docs/commands.md is what the manual is made of", () => {
  assert.equal(readFileSync(commandsDocument, "utf8"), commandsText());
});

test("the manual fits 80 columns", () => {
  const shown = spawnSync("mandoc", ["-Tascii", "-Owidth=78"], { input: page, encoding: "utf8" });
  // Letters are printed over themselves to be bold.
  const lines = shown.stdout.replaceAll(/.[\b]/g, "").split("\n");
  assert.ok(lines.length > 400);
  for (const line of lines) assert.ok(line.length <= 80, line);
}, { skip: missingProgram("mandoc") });

test("a line of the manual can not become a macro", () => {
  const sections = [{
    title: "A",
    blocks: [{ kind: "text" as const, text: ".so /etc/passwd" }, {
      kind: "items" as const,
      items: [{ term: [{ bold: "'x\\" }], text: "'tis" }],
    }],
  }];
  const made = renderRoff({ name: "a", section: 8, date: "", source: "", manual: "", sections });
  assert.match(made, /^\\&\.so /m);
  assert.match(made, /^\\fB\\\(aqx\\e\\fR$/m);
  assert.match(made, /^\\\(aqtis$/m);
});
