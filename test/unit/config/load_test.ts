/**
 * What comes out at the end: diagnostics for people and scripts, differences between models, and
 * the table of keywords as the reference knows them.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import {
  describeChange,
  type Diagnostic,
  diffModels,
  exitStatusOf,
  loadConfig,
  type Model,
  refusesReload,
  renderDiagnostic,
  type Severity,
} from "../../../lib/config/mod.ts";
import { infoOf } from "../../../lib/config/keywords/root.ts";
import { test } from "../../support/test.ts";
import { testEnvironment } from "./memory.ts";

function modelOf(text: string): Model {
  const { model, diagnostics } = loadConfig("f", testEnvironment({ f: text }));
  assert.ok(model !== undefined, diagnostics.map(renderDiagnostic).join("\n"));
  return model;
}

function router(name: string, id: number, more = "", addresses = `10.0.0.${id}/24`): string {
  return `vrrp_instance ${name} {\ninterface eth0\nvirtual_router_id ${id}\n` +
    `virtual_ipaddress {\n${addresses}\n}\n${more}\n}\n`;
}

test("renderDiagnostic() puts the caret under the word, also after tabs", () => {
  const { diagnostics: [first] } = loadConfig("f", testEnvironment({ f: "\tnonsence\tx\n" }));
  assert.ok(first !== undefined);
  assert.equal(
    renderDiagnostic(first),
    'f:1:2: error[unknown-keyword]: Unknown keyword "nonsence" in the configuration\n' +
      "  \tnonsence\tx\n  \t^^^^^^^^",
  );
});

test("refusesReload(): what works as it was written is no reason, what is left out is", () => {
  function reasons(more: string): (readonly [string, boolean])[] {
    const { diagnostics } = loadConfig("f", testEnvironment({ f: router("a", 1, more) }));
    return diagnostics.map((one) => [one.severity, refusesReload(one)]);
  }
  const rule = "virtual_rules {\nfrom 10.1.0.0/24 table 10";
  assert.deepEqual(reasons(`${rule}\n}`), [["error", false]]);
  assert.deepEqual(reasons(`${rule} preference many\n}`), [["error", true]]);
  assert.deepEqual(reasons("priority 100\npriority 120"), [["warning", false]]);
});

test("renderDiagnostic() shows the part of a long line that matters", () => {
  const line = `${"x".repeat(500)}HERE${"y".repeat(500)}`;
  const span = { file: "f", line: 1, column: 501, length: 4 };
  const text = renderDiagnostic({
    code: "c",
    severity: "error",
    message: "M",
    span,
    sourceLine: line,
  });
  const [, shown = "", carets = ""] = text.split("\n");
  assert.ok(shown.length < 200);
  assert.equal(shown.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1), "HERE");
});

test("renderDiagnostic() lets no control character of the file through to the terminal", () => {
  const sourceLine = "a\x1b[2Jb";
  const span = { file: "f", line: 1, column: 1, length: 1 };
  const text = renderDiagnostic({ code: "c", severity: "error", message: "M", span, sourceLine });
  assert.ok(!text.includes("\x1b"));
});

test("exitStatusOf() lets the worst win in the order 4, 6, 5", () => {
  function said(...severities: Severity[]): Diagnostic[] {
    return severities.map((severity) => ({ code: "c", severity, message: "M" }));
  }
  assert.equal(exitStatusOf([]), 0);
  assert.equal(exitStatusOf(said("warning")), 0);
  assert.equal(exitStatusOf(said("warning", "error")), 5);
  assert.equal(exitStatusOf(said("error", "security")), 6);
  assert.equal(exitStatusOf(said("security", "fatal", "error")), 4);
});

test("diagnostics come in the order of the file", () => {
  const f = `${router("A", 1, "nonsense")}${router("B", 1)}${router("B", 2)}more\n`;
  const { diagnostics } = loadConfig("f", testEnvironment({ f }));
  const lines = diagnostics.map(({ span }) => span?.line ?? Infinity);
  assert.deepEqual(lines, lines.toSorted((a, b) => a - b));
});

test("a control character in a name is a remark and no trap", () => {
  const { model } = loadConfig("f", testEnvironment({ f: router("__proto__", 1) }));
  assert.equal(model?.instances[0]?.name, "__proto__");
});

test("diffModels() finds nothing between two readings of a file", () => {
  const text = router("A", 1) + router("B", 2) + "vrrp_sync_group G { group { A B } }\n";
  assert.deepEqual(diffModels(modelOf(text), modelOf(`# comment\n${text}`)), []);
});

test("describeChange() tells every difference in the words of the configuration", () => {
  const before = modelOf(
    router("A", 1, "priority 100") + router("B", 2) + router("C", 3) +
      "vrrp_sync_group G { group { A B } }\n",
  );
  const after = modelOf(
    "status_listen off\n" + router("A", 1, "priority 150\nadvert_int 2", "10.0.0.9/24") +
      router("B", 2) + router("D", 4) + "vrrp_sync_group G { group { B A } }\n",
  );
  assert.deepEqual(diffModels(before, after).map(describeChange), [
    "global_defs: status_listen 127.0.0.1:9568 → off",
    "vrrp_instance C: removed",
    "vrrp_instance A: priority 100 → 150",
    "vrrp_instance A: advert_int 1 → 2",
    "vrrp_instance A: virtual_ipaddress - 10.0.0.1/24",
    "vrrp_instance A: virtual_ipaddress + 10.0.0.9/24",
    "vrrp_instance D: added",
    "vrrp_sync_group G: group in another order",
  ]);
});

const reference = new URL(
  "../../../../shared/reference/keepalived-keywords.tsv",
  import.meta.url,
);
const missing = existsSync(reference)
  ? undefined
  : "the table of keepalived's keywords is not here";

test("every keyword that keepalived has is known in its block", () => {
  const unknown: string[] = [];
  for (const row of readFileSync(reference, "utf8").trim().split("\n").slice(1)) {
    const [path = "", keyword = ""] = row.split("\t");
    const info = infoOf.get(path === "(root)" ? "" : path);
    if (info === undefined || /^[<[]/.test(keyword)) continue;
    if (!Object.hasOwn(info, keyword)) unknown.push(`${path} ${keyword}`);
  }
  assert.deepEqual(unknown, []);
}, { skip: missing });

test("every row of the tables has one line of help and says how it stands", () => {
  for (const [path, info] of infoOf) {
    for (const [keyword, { help, standing }] of Object.entries(info)) {
      assert.ok(help.length > 0 && help.length < 100, `${path} ${keyword}`);
      assert.ok(["in-effect", "without-effect", "not-yet"].includes(standing.kind));
    }
  }
});
