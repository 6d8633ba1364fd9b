/**
 * Golden cases: each file in `golden/` is a configuration, a ruled line, and what standin makes of
 * it: the exit code of `check`, the diagnostics as people see them, the model as far as it differs
 * from one where nothing is said. STANDIN_UPDATE_GOLDEN=1 writes what comes out now; read the
 * difference before keeping it. Lines `=== file NAME` start further files, `=== id NAME` sets the
 * config-id.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import {
  type ConfigEnvironment,
  exitStatusOf,
  loadConfig,
  type Model,
  renderDiagnostic,
} from "../../../lib/config/mod.ts";
import { resourceLines, resourceWords } from "../../../lib/config/resource_words.ts";
import { linkLines, trackerWords, useLine } from "../../../lib/config/track_words.ts";
import { addressLine, globalWords, instanceWords, type Words } from "../../../lib/config/words.ts";
import { test } from "../../support/test.ts";
import { testEnvironment } from "./memory.ts";

const directory = new URL("golden/", import.meta.url);
const rule = `${"-".repeat(79)}\n`;
const update = process.env["STANDIN_UPDATE_GOLDEN"] === "1";

const plain = "vrrp_instance V {\n interface eth0\n virtual_router_id 1\n" +
  " virtual_ipaddress {\n 10.0.0.1\n }\n}\n";
const { model: usual } = loadConfig("plain", testEnvironment({ plain }));

for (const file of readdirSync(directory).filter((name) => name.endsWith(".txt")).sort()) {
  const name = file.replace(/\.txt$/, "").replaceAll("-", " ");
  test(`configuration: ${name}`, () => {
    const url = new URL(file, directory);
    const [input = "", expected = ""] = readFileSync(url, "utf8").split(rule);
    const actual = summarize(input);
    if (update) writeFileSync(url, `${input}${rule}${actual}`);
    else assert.equal(actual, expected);
  });
}

function summarize(input: string): string {
  const { files, changes } = unpack(input);
  const { model, diagnostics } = loadConfig("test.conf", testEnvironment(files, changes));
  assert.equal(model === undefined, diagnostics.some(({ severity }) => severity === "fatal"));
  const remarks = diagnostics.map((diagnostic) => `${renderDiagnostic(diagnostic)}\n`);
  const parts = [`exit ${exitStatusOf(diagnostics)}\n`, ...remarks];
  return [...parts, ...(model === undefined ? [] : describeModel(model))].join("");
}

function unpack(input: string): {
  files: Record<string, string>;
  changes: Partial<ConfigEnvironment>;
} {
  const [main = "", ...sections] = input.split(/^(?==== )/m);
  const files: Record<string, string> = { "test.conf": main };
  let changes = {};
  for (const section of sections) {
    const [, kind, value = "", content = ""] = /^=== (\w+) (.*)\n([^]*)$/.exec(section) ?? [];
    if (kind === "file") files[value] = content;
    else if (kind === "id") changes = { configId: value };
    else throw new Error(`Unknown section ${section}`);
  }
  return { files, changes };
}

function describeModel(model: Model): string[] {
  assert.ok(usual?.instances[0] !== undefined);
  const settings = unusual(globalWords(model.global), globalWords(usual.global));
  const lines = settings === "" ? [] : [`global_defs: ${settings}\n`];
  const known = instanceWords(usual.instances[0]).filter(([keyword]) =>
    !["interface", "virtual_router_id", "state", "priority"].includes(keyword)
  );
  for (const plan of model.instances) {
    lines.push(`vrrp_instance ${plan.name}: ${unusual(instanceWords(plan), known)}\n`);
    for (const address of plan.addresses) lines.push(`  address ${addressLine(address)}\n`);
    for (const address of plan.excludedAddresses) {
      lines.push(`  excluded ${addressLine(address)}\n`);
    }
  }
  for (const { name, members } of model.syncGroups) {
    lines.push(`vrrp_sync_group ${name}: ${members.join(" ")}\n`);
  }
  for (const plan of model.resources) {
    const words = resourceWords(plan).map(([keyword, text]) => `${keyword} ${text}`).join(", ");
    lines.push(`${plan.kind} ${plan.name}: ${words}\n`);
    lines.push(...resourceLines(plan).map((line) => `  ${line}\n`));
  }
  for (const { name, uses } of model.tracking) {
    lines.push(...uses.map((use) => `${name}: ${useLine(use)}\n`));
  }
  for (const plan of model.trackers) {
    const words = trackerWords(plan).map(([keyword, text]) => `${keyword} ${text}`).join(", ");
    lines.push(`${plan.kind} ${plan.name}: ${words}\n`);
  }
  lines.push(...model.links.flatMap(linkLines).map((line) => `${line}\n`));
  return lines;
}

function unusual(words: Words, usualWords: Words): string {
  const known = new Map(usualWords.map(([keyword, text]) => [keyword, text]));
  const different = words.filter(([keyword, text]) => known.get(keyword) !== text);
  return different.map(([keyword, text]) => `${keyword} ${text}`).join(", ");
}
