/**
 * `standin explain keyword`: what a person sees who asks, and what an editor gets.
 */
import assert from "node:assert/strict";
import { test } from "../support/test.ts";
import { type Outcome, standin } from "./command.ts";

function explain(...words: string[]): Promise<Outcome> {
  return standin(["explain", ...words]);
}

test("explain keyword says what it means, where it stands and how it is written", async () => {
  const { code, stdout } = await explain("keyword", "advert_int");
  assert.equal(code, 0);
  const lines = stdout.split("\n").map((line) => line.trim().replace(/ {2,}/g, ": "));
  assert.equal(lines[0], "advert_int <seconds 0.01..255>");
  for (const expected of ["stands: vrrp_instance", "default: 1", "example: advert_int 3"]) {
    assert.ok(lines.includes(expected), stdout);
  }
});

test("explain keyword tells all meanings of a word, with their options", async () => {
  const { stdout } = await explain("keyword", "lvs_method", "--json");
  const meanings = JSON.parse(stdout) as { form: string; places: string[]; options: string[] }[];
  assert.deepEqual(meanings.flatMap(({ places }) => places), [
    "virtual_server",
    "real_server in virtual_server",
  ]);
  assert.ok(meanings.every(({ options }) => options.includes("type ipip|gue|gre")));
});

test("explain keyword offers the nearest keyword for one that there is not", async () => {
  const { code, stderr } = await explain("keyword", "advert_itn");
  assert.equal(code, 1);
  assert.match(stderr, /did you mean "advert_int"\?/);
});

test("explain INSTANCE needs a daemon, and takes one name", async () => {
  const alone = await explain("VI_1", "--run-dir", "/nonexistent");
  assert.deepEqual([alone.code, alone.stdout], [3, ""]);
  assert.match(alone.stderr, /no daemon answers/);
  const two = await explain("VI_1", "VI_2");
  assert.equal(two.code, 2);
  assert.match(two.stderr, /expected one INSTANCE or "keyword NAME", not "VI_1 VI_2"/);
});
