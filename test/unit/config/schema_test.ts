/**
 * The JSON Schema of configurations, judged by a validator that knows nothing of us: it lets pass
 * what standin runs without a word, and objects to what standin objects to.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { convertConfig } from "../../../lib/config/convert.ts";
import { infoOf } from "../../../lib/config/keywords/root.ts";
import { loadConfig } from "../../../lib/config/mod.ts";
import { configSchema } from "../../../lib/config/schema.ts";
import { test } from "../../support/test.ts";
import { cases } from "./golden_cases.ts";
import { testEnvironment } from "./memory.ts";

const schema: unknown = configSchema();
assert.ok(typeof schema === "object" && schema !== null);
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

function objections(value: unknown): string {
  if (validate(value)) return "";
  return JSON.stringify(validate.errors?.slice(0, 3));
}

for (const { name, environment } of cases) {
  const { diagnostics } = loadConfig("test.conf", environment());
  if (diagnostics.some(({ severity }) => severity !== "warning")) continue;
  test(`the schema lets pass ${name.replaceAll("-", " ")}`, () => {
    const json = convertConfig("test.conf", "json", environment());
    assert.ok(json.ok);
    assert.equal(objections(JSON.parse(json.value.text)), "", json.value.text);
  });
}

const instance = { interface: "eth0", virtual_router_id: 1, virtual_ipaddress: ["10.0.0.1"] };

test("the schema objects to what standin objects to", () => {
  const right: Readonly<Record<string, unknown>> = { vrrp_instance: { A: instance } };
  assert.equal(objections(right), "");
  for (
    const wrong of [
      { ...right, unheard_of: true },
      { vrrp_instance: { A: { ...instance, pirority: 1 } } },
      { vrrp_instance: { A: { ...instance, priority: 300 } } },
      { vrrp_instance: { A: { ...instance, priority: "high" } } },
      { vrrp_instance: { A: { ...instance, state: "SLAVE" } } },
      { vrrp_instance: { A: { ...instance, version: 4 } } },
      { vrrp_instance: { A: { ...instance, nopreempt: false } } },
      { vrrp_instance: { A: { ...instance, virtual_ipaddress: "10.0.0.1" } } },
      { vrrp_instance: { A: { ...instance, virtual_ipaddress: [{ dev: "eth0" }] } } },
      { vrrp_instance: "A" },
      { global_defs: { vrrp_version: "three" } },
      { virtual_server: { "10.0.0.1 80": { lvs_sched: [{}] } } },
      { "@then": 1 },
    ]
  ) {
    assert.notEqual(objections(wrong), "", JSON.stringify(wrong));
  }
});

test("the schema lets pass every form that docs/json.md names", () => {
  for (
    const right of [
      { vrrp_instance: { A: { ...instance, notify: ["/a b", "user", "group"] } } },
      { vrrp_instance: { A: { ...instance, notify: { "@text": "/a' 'b" } } } },
      { vrrp_instance: { A: { ...instance, priority: [[1], [2]], "@then": { priority: 3 } } } },
      { vrrp_instance: [{ "@args": ["A", "B"], ...instance }] },
      { vrrp_instance: { A: [instance, instance] } },
      { vrrp_sync_group: { G: { group: ["A", "B", ["C D"]] } } },
      { virtual_server_group: { g: ["10.0.0.1 80", "fwmark 5"] } },
      { $schema: "x", "@then": [{ global_defs: {} }, { global_defs: [{}, {}] }] },
    ]
  ) {
    assert.equal(objections(right), "", JSON.stringify(right));
  }
});

test("the example of docs/json.md runs, and the schema lets it pass", () => {
  const page = readFileSync(new URL("../../../docs/json.md", import.meta.url), "utf8");
  const example = /```jsonc\n([^]*?)```/.exec(page)?.[1] ?? "";
  const { model, diagnostics } = loadConfig("a.jsonc", testEnvironment({ "a.jsonc": example }));
  assert.deepEqual(diagnostics.filter(({ severity }) => severity !== "warning"), []);
  assert.equal(model?.instances[0]?.addresses.length, 2);
  const plain = example.replaceAll(/ \/\/.*/g, "");
  assert.equal(objections(JSON.parse(plain)), "");
});

test("every keyword outside of lines stands in the schema with its help", () => {
  const text = JSON.stringify(schema);
  for (const path of ["", "global_defs", "vrrp_instance", "virtual_server/real_server"]) {
    for (const [keyword, { help }] of Object.entries(infoOf.get(path) ?? {})) {
      assert.ok(text.includes(`"${keyword}":{`), `${path} ${keyword}`);
      assert.ok(text.includes(`"description":${JSON.stringify(help).slice(0, -1)}`), keyword);
    }
  }
});
