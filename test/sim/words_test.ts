/**
 * Every word of the configuration about VRRP, BFD, what they track and virtual servers has a test
 * that fails when the word is ignored: a story of `test/support/words` here, or a test that is
 * named in `elsewhere.ts`.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { infoOf } from "../../lib/config/keywords/root.ts";
import { test } from "../support/test.ts";
import { announceWords } from "../support/words/announce.ts";
import { bfdWords } from "../support/words/bfd.ts";
import { electionWords } from "../support/words/election.ts";
import { elsewhere } from "../support/words/elsewhere.ts";
import { groupWords } from "../support/words/group.ts";
import { linkWords } from "../support/words/link.ts";
import { miscWords } from "../support/words/misc.ts";
import { resourceWords } from "../support/words/resource.ts";
import { probeWords } from "../support/words/probe.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const cases = [
  ...electionWords,
  ...announceWords,
  ...groupWords,
  ...bfdWords,
  ...linkWords,
  ...miscWords,
  ...resourceWords,
  ...probeWords,
];

for (const { row, judge } of cases) test(`${row}: the word makes a difference`, judge);

/** The blocks that this is about; of `global_defs` what is about VRRP alone must have its test. */
const about = new RegExp(
  "^(vrrp_|bfd_instance|static_|track_|garp_group|linkbeat_|interface_up_down_delays|" +
    "virtual_server(_group|/[^/]+$| |$)|" +
    "virtual_server/(real_server/)?(?!real_server/)[a-z][a-z\\d_-]+($|/)|" +
    "global_defs/(vrrp_|lvs_[a-mo-z]|lvs_notify|rs_init|vmac_|umask|include_check))",
);

/** Rows of the tables that do what they say. */
function rowsInEffect(): string[] {
  return [...infoOf].flatMap(([path, table]) =>
    Object.entries(table).flatMap(([keyword, { standing }]) => {
      const row = path === "" ? keyword : `${path}/${keyword}`;
      return standing.kind === "in-effect" ? [row] : [];
    })
  );
}

/** The test that a row has elsewhere. */
function placeOf(row: string): string | undefined {
  const at = row.lastIndexOf("/");
  const [path, keyword] = [row.slice(0, Math.max(at, 0)), row.slice(at + 1)];
  const found = elsewhere.find(([owner, words]) =>
    owner === path && (words === "*" || words.split(" ").includes(keyword))
  );
  return found?.[2];
}

test("every row that is in effect has a test that fails when it is ignored", () => {
  const shown = new Set(cases.map(({ row }) => row));
  const missing = rowsInEffect()
    .filter((row) => about.test(row) && !shown.has(row) && placeOf(row) === undefined);
  assert.deepEqual(missing, [], "write a story in test/support/words, or name the test there");
});

test("what is shown elsewhere is spoken of there, and what is shown here is a row", () => {
  const rows = new Set(rowsInEffect());
  for (const { row } of cases) assert.ok(rows.has(row), row);
  for (const [path, words, file] of elsewhere) {
    const text = readFileSync(join(root, file), "utf8");
    for (const word of words === "*" ? [] : words.split(" ")) {
      assert.ok(rows.has(path === "" ? word : `${path}/${word}`), `${path}/${word} is no row`);
      assert.ok(text.includes(word), `${file} does not speak of ${word}`);
    }
  }
});
