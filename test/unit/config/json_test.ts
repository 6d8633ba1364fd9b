/**
 * JSON: what statements look like in it, that nothing of them is lost on the way there and back,
 * and that remarks about a JSON file point into it.
 */
import assert from "node:assert/strict";
import fc from "../../support/property.ts";
import { equalPlain } from "../../../lib/base/mod.ts";
import { convertConfig, jsonOf, type Language } from "../../../lib/config/convert.ts";
import { structuralCodes } from "../../../lib/config/format/view.ts";
import { readJsonFile } from "../../../lib/config/json.ts";
import { loadConfig, renderDiagnostic } from "../../../lib/config/mod.ts";
import type { Statement } from "../../../lib/config/parse.ts";
import { printTree } from "../../../lib/config/print.ts";
import { Report } from "../../../lib/config/report.ts";
import { differingStatement } from "../../../lib/config/tree.ts";
import { test } from "../../support/test.ts";
import { cases, statement, trees } from "./golden_cases.ts";
import { testEnvironment } from "./memory.ts";

function convert(file: string, to: Language, text: string): string {
  const result = convertConfig(file, to, testEnvironment({ [file]: text }));
  assert.ok(result.ok, result.ok ? "" : result.error.map(renderDiagnostic).join("\n"));
  return result.value.text;
}

/** The JSON of a text in keepalived.conf, as a value. */
function jsonValue(text: string): unknown {
  return JSON.parse(convert("a.conf", "json", text));
}

for (
  const [name, conf, json] of [
    ["a flag is true", "log_it\n", { log_it: true }],
    ["a text is a string", "global_defs {\nrouter_id 7\n}\n", { global_defs: { router_id: "7" } }],
    ["a number is a number", "vrrp_instance A {\npriority 7\nadvert_int 0.5\n}\n", {
      vrrp_instance: { A: { priority: 7, advert_int: 0.5 } },
    }],
    ["a number in another look is kept", "vrrp_instance A {\npriority 07\n}\n", {
      vrrp_instance: { A: { priority: "07" } },
    }],
    ["a truth value is one", "global_defs {\nvrrp_min_garp\nvrrp_strict no\n}\n", {
      global_defs: { vrrp_min_garp: true, vrrp_strict: false },
    }],
    ["several words are an array", "global_defs {\nsmtp_server mx 25\n}\n", {
      global_defs: { smtp_server: ["mx", 25] },
    }],
    ["a command line is its words", 'vrrp_instance A {\nnotify "/a b" c\n}\n', {
      vrrp_instance: { A: { notify: ["/a b", "c"] } },
    }],
    ["what words do not say is kept as it is", "vrrp_instance A {\nnotify /a' 'b\n}\n", {
      vrrp_instance: { A: { notify: { "@text": "/a' 'b" } } },
    }],
    ["names stand in their order", "vrrp_instance 9 {\n}\nvrrp_instance 1 {\n}\n", {
      vrrp_instance: { "1": {}, "9": {} },
    }],
    ["several words before a brace are one name", "virtual_server 10.0.0.1 80 {\n}\n", {
      virtual_server: { "10.0.0.1 80": {} },
    }],
    ["a name of blanks stays one word", 'vrrp_instance "a b" {\n}\n', {
      vrrp_instance: { "a b": {} },
    }],
    ["a block without its name says so", "vrrp_instance {\n}\n", {
      vrrp_instance: [{ "@args": [] }],
    }],
    ["blocks of one name are an array", "vrrp_instance A {\n}\nvrrp_instance A {\nx\n}\n", {
      vrrp_instance: { A: [{}, { x: true }] },
    }],
    ["repeated blocks without a name are an array", "global_defs {\n}\nglobal_defs {\nx\n}\n", {
      global_defs: [{}, { x: true }],
    }],
    ["a repeated keyword is an array of arrays", "a 1\na b c\n", { a: [["1"], ["b", "c"]] }],
    ["order is kept where it counts", "a 1\nb 1\na 2\n", { a: "1", b: "1", "@then": { a: "2" } }],
    [
      "a block moves up to others of its keyword when nobody speaks of it",
      "vrrp_script s {\n}\nvrrp_instance A {\n}\nvrrp_script t {\n}\n",
      { vrrp_script: { s: {}, t: {} }, vrrp_instance: { A: {} } },
    ],
    [
      "a block that is spoken of stays behind",
      "vrrp_script s {\n}\nvrrp_instance A {\ntrack_script {\nt\n}\n}\nvrrp_script t {\n}\n",
      {
        vrrp_script: { s: {} },
        vrrp_instance: { A: { track_script: ["t"] } },
        "@then": { vrrp_script: { t: {} } },
      },
    ],
    [
      "an address is a text, with options an object",
      `vrrp_instance A {
      virtual_ipaddress {
        10.0.0.1/24
        10.0.0.2 dev eth0 no_track preferred_lft 5
        10.0.0.3 dev
      }
    }\n`,
      {
        vrrp_instance: {
          A: {
            virtual_ipaddress: [
              "10.0.0.1/24",
              { address: "10.0.0.2", dev: "eth0", no_track: true, preferred_lft: 5 },
              "10.0.0.3 dev",
            ],
          },
        },
      },
    ],
    ["a list of names is flat", 'vrrp_sync_group G {\ngroup { A B\n"C D" }\n}\n', {
      vrrp_sync_group: { G: { group: ["A", "B", ["C D"]] } },
    }],
    ["an unknown block keeps what stands before its brace", "strange x {\ny\n}\n", {
      strange: { "@args": ["x"], y: true },
    }],
    ["an option between quotes is none", 'linkbeat_interfaces {\neth0 "MII"\n}\n', {
      linkbeat_interfaces: [{ "@text": 'eth0 "MII"' }],
    }],
  ] as const
) {
  test(`in JSON ${name}`, () => {
    assert.deepEqual(jsonValue(conf), json);
    const back = convert("a.json", "conf", convert("a.conf", "json", conf));
    assert.deepEqual(jsonValue(back), json);
  });
}

test("standin's own keywords are hidden from keepalived when JSON becomes keepalived.conf", () => {
  const json = '{"status_listen": "off", "global_defs": {"router_id": "a b"}}';
  const text = '@standin status_listen off\n\nglobal_defs {\n    router_id "a b"\n}\n';
  assert.equal(convert("a.json", "conf", json), text);
});

test("conversion to the same language carries out what the file only names", () => {
  const text = "$A=eth0\nvrrp_instance A {\ninterface $A # here\n}\n";
  const flat = "vrrp_instance A {\n    interface eth0\n}\n";
  assert.equal(convert("a.conf", "conf", text), flat);
});

for (const { name, environment } of cases) {
  test(`JSON keeps the meaning of ${name.replaceAll("-", " ")}`, () => {
    const before = loadConfig("test.conf", environment());
    const json = convertConfig("test.conf", "json", environment());
    if (!json.ok) {
      assert.ok(json.error.some(({ code, severity }) => (
        severity === "fatal" || structuralCodes.has(code)
      )));
      return;
    }
    const { text } = json.value;
    const fromJson = environment(text, "test.json");
    assert.ok(equalPlain(loadConfig("test.json", fromJson).model, before.model), text);
    const conf = convertConfig("test.json", "conf", fromJson);
    assert.ok(conf.ok, conf.ok ? "" : conf.error.map(renderDiagnostic).join("\n"));
    const after = environment(conf.value.text);
    assert.ok(equalPlain(loadConfig("test.conf", after).model, before.model), conf.value.text);
    const again = convertConfig("test.conf", "json", after);
    assert.equal(again.ok && again.value.text, text);
  });
}

function readBack(text: string): readonly Statement[] {
  const report = new Report();
  const read = readJsonFile("a.json", new TextEncoder().encode(text), report);
  assert.deepEqual(report.diagnostics().map(renderDiagnostic), []);
  assert.ok(read.ok);
  return read.value;
}

test("any tree comes back from JSON as it was", () => {
  fc.assert(
    fc.property(trees, (tree) => {
      const text = jsonOf(tree);
      const back = readBack(text);
      assert.equal(jsonOf(back), text);
      assert.equal(differingStatement(back, tree), undefined, text);
    }),
    { numRuns: 300 },
  );
});

test("what keepalived.conf has no way to write is refused, not bent", () => {
  for (const json of ['{"router_id": "a\\"b"}', '{"a": "b\\nc"}', '{"a": "${_PWD}"}']) {
    const result = convertConfig("a.json", "conf", testEnvironment({ "a.json": json }));
    assert.ok(!result.ok, json);
    assert.equal(result.error[0]?.code, "cannot-convert");
    assert.equal(result.error[0]?.span?.line, 1);
  }
  assert.equal(printTree([statement("a", ["${_HASH}", "b"])]), 'a "${_HASH}" b\n');
});
