/**
 * Two lists of addresses that are not the same: which addresses, and why, probably.
 */
import assert from "node:assert/strict";
import { describeDifference, differenceOf } from "../../../lib/vrrp/address_list.ts";
import { ip } from "../../support/plan.ts";
import { test } from "../../support/test.ts";

function difference(theirs: string, ours: string): string {
  const [a = [], b = []] = [theirs, ours].map((text) => text.split(" ").filter(Boolean).map(ip));
  return describeDifference(differenceOf(a, b), b);
}

test("a list of addresses that differs is told with what differs", () => {
  assert.equal(
    difference("10.0.0.1 10.0.0.3", "10.0.0.1 10.0.0.2"),
    "it has 10.0.0.3, which we do not have, and not 10.0.0.2, which we have: " +
      "the two configurations differ",
  );
  assert.match(difference("10.0.0.1", "10.0.0.1 10.0.0.2"), /^it has not 10\.0\.0\.2, which we h/);
  assert.match(difference("10.0.0.7", "10.0.0.1"), /^none of our.*10\.0\.0\.7: another virtual/);
  assert.match(difference("", "10.0.0.1"), /^none of our addresses, but no addresses/);
  assert.match(difference("10.0.0.1 10.0.0.1", "10.0.0.1"), /twice/);
});
