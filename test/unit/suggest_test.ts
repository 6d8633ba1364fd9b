/** What is taken for a slip of the finger. */
import assert from "node:assert/strict";
import { suggest } from "../../lib/base/mod.ts";
import { test } from "../support/test.ts";

test("suggest() names the nearest word and none that is far away", () => {
  const known = ["priority", "preempt", "nopreempt", "virtual_ipaddress", "run", "status"];
  assert.equal(suggest("pirority", known), 'did you mean "priority"?');
  assert.equal(suggest("no_preempt", known), 'did you mean "nopreempt"?');
  assert.equal(suggest("stauts", known), 'did you mean "status"?');
  assert.equal(suggest("rum", known), 'did you mean "run"?');
  assert.equal(suggest("interface", known), undefined);
  assert.equal(suggest("", known), undefined);
});
