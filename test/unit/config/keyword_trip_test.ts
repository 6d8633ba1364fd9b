/**
 * Every keyword of every block, used rightly and wrongly: formatted, taken to JSON and back, it
 * means the same, and what is said about it stays the same; and the schema knows what is right.
 */
import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import { equalPlain } from "../../../lib/base/mod.ts";
import { convertConfig } from "../../../lib/config/convert.ts";
import { formatConfig } from "../../../lib/config/format.ts";
import { loadConfig, type Loaded, renderDiagnostic } from "../../../lib/config/mod.ts";
import { configSchema } from "../../../lib/config/schema.ts";
import { keywordCases } from "../../support/config/cases.ts";
import { test } from "../../support/test.ts";
import { sayings } from "./golden_cases.ts";
import { testEnvironment } from "./memory.ts";

const cases = keywordCases();
/** Many files are read many times: seconds here, minutes on a machine that does much else. */
const patient = { timeoutMs: 240_000 };

function load(file: string, text: string): Loaded {
  return loadConfig(file, testEnvironment({ [file]: text }));
}

function assertSame(after: Loaded, before: Loaded, text: string): void {
  assert.ok(equalPlain(after.model, before.model), text);
  assert.deepEqual(sayings(after.diagnostics), sayings(before.diagnostics), text);
}

/** The JSON of a text; `undefined` when its structure is broken. */
function jsonOf(text: string): string | undefined {
  const json = convertConfig("a.conf", "json", testEnvironment({ "a.conf": text }));
  return json.ok ? json.value.text : undefined;
}

test("fmt keeps what every keyword means and what is said about it", () => {
  let count = 0;
  for (const { text } of cases) {
    const formatted = formatConfig("a.conf", text);
    if (!formatted.ok) continue;
    count++;
    assertSame(load("a.conf", formatted.value), load("a.conf", text), formatted.value);
    const again = formatConfig("a.conf", formatted.value);
    assert.equal(again.ok && again.value, formatted.value);
  }
  assert.ok(count > cases.length * 0.9, `${count} of ${cases.length}`);
}, patient);

test("JSON keeps what every keyword means and what is said about it", () => {
  let count = 0;
  for (const { text } of cases) {
    const json = jsonOf(text);
    if (json === undefined) continue;
    count++;
    const before = load("a.conf", text);
    assertSame(load("a.json", json), before, `${text}\n${json}`);
    const back = convertConfig("a.json", "conf", testEnvironment({ "a.json": json }));
    assert.ok(back.ok, back.ok ? "" : back.error.map(renderDiagnostic).join("\n"));
    assertSame(load("a.conf", back.value.text), before, back.value.text);
  }
  assert.ok(count > cases.length * 0.9, `${count} of ${cases.length}`);
}, patient);

test("the schema knows every keyword that is used rightly", () => {
  const schema: unknown = configSchema();
  assert.ok(typeof schema === "object" && schema !== null);
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
  let count = 0;
  for (const { text } of cases) {
    const json = jsonOf(text);
    const { diagnostics } = load("a.conf", text);
    if (json === undefined || diagnostics.some(({ severity }) => severity !== "warning")) continue;
    count++;
    assert.ok(
      validate(JSON.parse(json)),
      `${JSON.stringify(validate.errors?.slice(0, 4))}\n${json}`,
    );
  }
  assert.ok(count > cases.length / 4, `${count} of ${cases.length}`);
}, patient);
