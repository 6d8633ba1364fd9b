/** Results of checks in the run directory: what was written is read, anything else is nothing. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readChecks, writeChecks } from "../../../lib/host/linux/check_file.ts";
import { test } from "../../support/test.ts";

test("results are read as they were written, and nothing of what is no result", () => {
  const directory = mkdtempSync(join(tmpdir(), "si-checks-"));
  try {
    const path = join(directory, "checks");
    assert.deepEqual(readChecks(path), []);
    const checks = [
      { name: "10.0.0.1:80 TCP 10.0.0.2:80 1", up: false },
      { name: "b", up: true, weight: { kind: "adds", value: -3 } },
    ] as const;
    writeChecks(path, checks);
    assert.deepEqual(readChecks(path), checks);
    assert.deepEqual(readdirSync(directory), ["checks"]);
    for (const text of ["", "{}", "null", '[{"name":1,"up":true},{"name":"x","up":"no"}, 7]']) {
      writeFileSync(path, text);
      assert.deepEqual(readChecks(path), [], text);
    }
    writeFileSync(path, '[{"name":"x","up":true,"weight":{"kind":"is","value":0.5}}]');
    assert.deepEqual(readChecks(path), []);
    writeChecks(join(directory, "missing", "checks"), checks);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
