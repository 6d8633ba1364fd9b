/**
 * Whether every rule of RFC 9568 §6.4 is shown by a story. The stories are read as text, because
 * each file of tests runs by itself.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beyond, rules } from "../support/rfc.ts";
import { test } from "../support/test.ts";

const folder = dirname(fileURLToPath(import.meta.url));

function shownRules(): Set<string> {
  const shown = new Set<string>();
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), "utf8");
    for (const call of text.matchAll(/\bcovers\(([^)]*)\)/g)) {
      for (const word of (call[1] ?? "").matchAll(/"([^"]+)"/g)) shown.add(word[1] ?? "");
    }
  }
  return shown;
}

test("every rule of RFC 9568 §6.4 is shown by a story", () => {
  const shown = shownRules();
  const missing = [...rules].filter(([id]) => !shown.has(id));
  assert.deepEqual(missing, [], "rules that no story shows");
});

test("what RFC 9568 §6.4 asks for beside has a reason for not being shown", () => {
  for (const [id, reason] of beyond) {
    assert.ok(!rules.has(id) && reason.length > 0, id);
  }
});
