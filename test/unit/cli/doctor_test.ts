/** What the doctor says of the file itself, besides what it finds on the box. */
import assert from "node:assert/strict";
import { aboutFile } from "../../../lib/cli/doctor.ts";
import { loadConfig } from "../../../lib/config/mod.ts";
import { test } from "../../support/test.ts";
import { testEnvironment } from "../config/memory.ts";

test("one error is told as it is, several are one finding", () => {
  const about = (f: string): (string | readonly string[])[][] =>
    aboutFile("f", loadConfig("f", testEnvironment({ f })).diagnostics)
      .map(({ code, subject, message, advice }) => [code, subject, message, advice]);
  assert.deepEqual(about("! nothing\n"), []);
  const [one, ...none] = about("vrrp_versoin 3\n");
  assert.deepEqual([one?.slice(0, 2), none], [["unknown-keyword", "f:1"], []]);
  const [all, ...others] = about("! first\nvrrp_versoin 3\nwrong\nwronger\n");
  assert.deepEqual(others, []);
  assert.deepEqual(all?.slice(0, 2), ["configuration-errors", "f:2"]);
  assert.match(String(all?.[2]), /^It has 3 errors, the first of them: .*vrrp_versoin/);
  assert.deepEqual(all?.[3], ["standin check f lists them"]);
});
