/** Reading configurations in JSON: mistakes, where they are shown, and what people may write. */
import assert from "node:assert/strict";
import fc from "../../support/property.ts";
import { type Diagnostic, loadConfig, renderDiagnostic } from "../../../lib/config/mod.ts";
import { test } from "../../support/test.ts";
import { testEnvironment } from "./memory.ts";

const router = `// The router of the office.
{
  "$schema": "./standin.schema.json",
  "global_defs": { "router_id": "gate", },
  /* An instance
     with all that it needs. */
  "vrrp_instance": {
    "A": {
      "interface": "eth0",
      "virtual_router_id": 1,
      "priority": 150,
      "virtual_ipaddress": ["10.0.0.1/24", { "dev": "eth1", "address": "10.0.0.2" }, ["10.0.0.3"]],
    },
  },
}
`;

function said(text: string | Uint8Array, file = "a.jsonc"): readonly Diagnostic[] {
  return loadConfig(file, testEnvironment({ [file]: text })).diagnostics;
}

test("a JSON file with comments and commas at the end runs", () => {
  for (const file of ["a.jsonc", "a.json"]) {
    const { model, diagnostics } = loadConfig(file, testEnvironment({ [file]: router }));
    assert.deepEqual(diagnostics, []);
    assert.equal(model?.global.routerId, "gate");
    const [plan] = model?.instances ?? [];
    assert.deepEqual([plan?.vrid, plan?.basePriority, plan?.addresses.length], [1, 150, 3]);
    assert.equal(plan?.addresses[1]?.device, "eth1");
  }
});

test("a remark about a value points at it in the JSON text", () => {
  const [first] = said(router.replace("150", "300"));
  assert.ok(first !== undefined);
  assert.equal(
    renderDiagnostic(first),
    'a.jsonc:11:19: error[bad-value]: Cannot use priority "300" for vrrp_instance "A": ' +
      "expected a whole number from 1 to 255\n" +
      '        "priority": 300,\n                    ^^^',
  );
});

test("an unknown property is an unknown keyword, with a hint", () => {
  const [first] = said(router.replace("priority", "pirority"));
  assert.equal(first?.code, "unknown-keyword");
  assert.equal(first?.hint, 'did you mean "priority"?');
  assert.deepEqual([first?.span?.line, first?.span?.column, first?.span?.length], [11, 7, 10]);
});

test("a word inside a line is pointed at by itself", () => {
  const [first] = said(router.replace('"10.0.0.1/24"', '"10.0.0.1/24 lable x"'));
  assert.deepEqual([first?.span?.column, first?.span?.length], [42, 5]);
});

for (
  const [text, message, line, column] of [
    ["", "the file ends, expected a value", 1, 1],
    ["{", 'the file ends, expected a property in double quotes or "}"', 1, 2],
    ["{}\n{}", 'found "{", expected the end of the file', 2, 1],
    ['{"a" 1}', 'found "1", expected ":"', 1, 6],
    ['{"a": 1 "b"', 'found "\\"b\\"", expected "," or "}"', 1, 9],
    ["[1 2]", 'found "2", expected "," or "]"', 1, 4],
    ["{a: 1}", 'found "a", expected a property in double quotes or "}"', 1, 2],
    ['{"a": 01}', 'found "01", expected a value', 1, 7],
    ['{"a": tru}', 'found "tru", expected a value', 1, 7],
    ['{\n"a": "b\n"}', 'found "\\"", expected a string that ends on its line', 2, 6],
    ['{"a": "\\x"}', 'found "\\"\\\\x\\"", expected a string', 1, 7],
    ["/* {}", 'found "/", expected a value', 1, 1],
  ] as const
) {
  test(`JSON: ${JSON.stringify(text)} is refused at its place`, () => {
    const [first, ...more] = said(text);
    assert.deepEqual(more, []);
    assert.equal(first?.severity, "fatal");
    assert.equal(first?.message, `Cannot read JSON: ${message}`);
    assert.deepEqual([first?.span?.line, first?.span?.column], [line, column]);
  });
}

test("JSON that is no configuration is told about, and the rest goes on", () => {
  for (
    const [text, message] of [
      ["[]", "Cannot read the configuration: expected an object"],
      ['{"router_id": null}', "Cannot use null for router_id: expected a text, a number or"],
      ['{"use_pid_dir": false}', "Cannot use false for use_pid_dir: expected true, or"],
      ['{"child_wait_time": 1e3}', "Cannot use 1e3 for child_wait_time: expected a number without"],
      ['{"instance": [["a", ["b"]]]}', "Cannot use an array for instance: expected texts"],
      ['{"vrrp_instance": "A"}', 'Cannot use "A" for vrrp_instance: expected an object with'],
      ['{"vrrp_instance": {"A": 1}}', "Cannot use 1 for A: expected an object"],
      ['{"static_routes": 1}', "Cannot use 1 for static_routes: expected an array of lines"],
      ['{"static_routes": [{"x": 1}]}', "Cannot use an object for static_routes: expected a text"],
      ['{"static_ipaddress": [{"dev": "a"}]}', 'expected a text or an object with "address"'],
      ['{"static_routes": [""]}', 'Cannot use "" for static_routes: expected a line with words'],
      ['{"instance": {"@text": "a\\"b"}}', "for @text: expected what can stand on a line after"],
      ['{"instance": "a", "instance": "b"}', 'Property "instance" stands twice'],
      ['{"global_defs": {"@lines": []}}', "Cannot use an array for @lines: expected an array, in"],
      ['{"global_defs": {"@then": {"@args": ["x"]}}}', 'Unknown keyword "@args"'],
      ['{"@then": 1}', "Cannot use 1 for @then: expected an object"],
    ] as const
  ) {
    const messages = said(text).map((diagnostic) => diagnostic.message);
    assert.ok(messages.some((one) => one.includes(message)), `${text}\n${messages.join("\n")}`);
  }
});

test("JSON that is not UTF-8, or has no end of brackets, is refused", () => {
  const [bytes] = said(Uint8Array.of(0x22, 0xff, 0x22));
  assert.match(bytes?.message ?? "", /it is not UTF-8/);
  const [deep] = said("[".repeat(100_000));
  assert.match(deep?.message ?? "", /expected at most 64 levels/);
});

test("nothing that looks like JSON makes the reader throw", () => {
  const pieces = fc.constantFrom(
    ...'{}[]:,"\\/* \n'.split(""),
    ..."//|null|true|1|-|1.5|é|\u0000".split("|"),
    ...["vrrp_instance", "@then", "@args", "@text", "@lines", "virtual_ipaddress", "A", "address"]
      .map((name) => JSON.stringify(name)),
  );
  const node: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom<unknown>(null, true, false, 1, 1e21, -0.5, "", "a b", '"', "{", "${X}"),
      fc.array(tie("node"), { maxLength: 4 }),
      fc.dictionary(
        fc.constantFrom(
          ..."vrrp_instance A virtual_ipaddress @then @args @text @lines address dev x".split(" "),
        ),
        tie("node"),
        { maxKeys: 4 },
      ),
    ),
  })).node;
  const texts = fc.oneof(
    fc.array(pieces, { maxLength: 40 }).map((all) => all.join("")),
    node.map((value) => JSON.stringify({ x: value })),
    node.map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(texts, (text) => {
      for (const { span, sourceLine } of said(text)) {
        if (span === undefined) continue;
        assert.ok(span.line >= 1 && span.column >= 1 && span.length >= 1, JSON.stringify(span));
        assert.ok(span.column <= (sourceLine ?? "").length + 1, JSON.stringify(span));
      }
    }),
    { numRuns: 2000 },
  );
});
