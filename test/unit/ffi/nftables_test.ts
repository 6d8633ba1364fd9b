/**
 * libnftables through either runtime: it says what is wrong with a text, which takes no privilege,
 * and a library that is not there is none.
 */
import assert from "node:assert/strict";
import { openLibc, openNftables } from "../../../ffi/mod.ts";
import { test } from "../../support/test.ts";

const libc = await openLibc();
const run = openNftables(libc);

test("a text that nft does not understand comes back with its complaint", () => {
  assert.match(run?.("frobnicate table ip x\n") ?? "", /syntax error/);
}, run === undefined ? { skip: "needs libnftables1" } : {});

test("a library that is not there is none", () => {
  const table = { nothing: { parameters: [], result: "i32" } } as const;
  assert.equal(libc.openLibrary("libnothing-of-that-name.so.1", table), undefined);
  assert.equal(libc.openLibrary("libc.so.6", { no_such_function: table.nothing }), undefined);
});
