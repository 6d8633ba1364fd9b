/**
 * `address_lease`: addresses that nobody renews are dropped by the kernel. A node that was away for
 * so long finds that out before it does anything else.
 */
import assert from "node:assert/strict";
import { seconds } from "../../lib/base/mod.ts";
import { instance, modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const lease = "@standin address_lease 3\n";

/** Two nodes, of which the first is master for long enough that nothing is pending. */
function pair(text: string): Story {
  const story = new Story("a b");
  story.startWith("a", modelOf(text.replaceAll("PRIORITY", "priority 200")));
  story.startWith("b", modelOf(text.replaceAll("PRIORITY", "priority 100")));
  story.run(seconds(60));
  story.expect("a MASTER", "b BACKUP");
  return story;
}

test("a living daemon renews its addresses for ever, and nobody hears of it", () => {
  const story = pair(lease + instance("PRIORITY"));
  const since = story.now();
  story.run(seconds(600));
  assert.deepEqual(story.held("a"), ["10.0.0.100"]);
  assert.equal(story.announcements("a", since).length, 0);
  assert.equal(story.tells("a", "put-back", since).length, 0);
  assert.equal(story.transitions("a", since).length + story.transitions("b", since).length, 0);
});

test("a master that hangs loses its addresses, and wakes up as a backup that listens", () => {
  const story = pair(lease + instance("PRIORITY"));
  story.stall("a");
  story.run(seconds(3));
  assert.deepEqual(story.held("a"), []);
  story.run(seconds(10));
  assert.deepEqual([story.held("a"), story.held("b")], [[], ["10.0.0.100"]]);
  const woken = story.now();
  story.wake("a");
  story.expect("a BACKUP", "b MASTER");
  assert.equal(story.transitions("a", woken)[0]?.reason.kind, "lease-over");
  // Priority 0 would be taken for the word of the other one.
  assert.deepEqual(story.adverts("a", woken), []);
  assert.equal(story.tells("a", "put-back", woken).length, 0);
  story.run(seconds(10));
  story.expect("a MASTER", "b BACKUP");
  assert.deepEqual([story.held("a"), story.held("b")], [["10.0.0.100"], []]);
});

test("with nopreempt whoever took over keeps what the hanging one has lost", () => {
  const story = pair(lease + instance("PRIORITY\nnopreempt\nstate BACKUP"));
  story.stall("a");
  story.run(seconds(10));
  story.wake("a");
  story.run(seconds(60));
  story.expect("a BACKUP", "b MASTER");
  assert.deepEqual([story.held("a"), story.held("b")], [[], ["10.0.0.100"]]);
});

test("an address that was lost before anybody could take over is put back and announced", () => {
  const story = pair(lease + instance("PRIORITY\nadvert_int 10"));
  const stalled = story.now();
  story.stall("a");
  story.run(seconds(4));
  assert.deepEqual(story.held("a"), []);
  story.wake("a");
  assert.deepEqual(story.held("a"), ["10.0.0.100"]);
  story.run(seconds(60));
  story.expect("a MASTER", "b BACKUP");
  assert.equal(story.transitions("a", stalled).length, 0);
  assert.equal(story.tells("a", "put-back", stalled).length, 1);
  assert.ok(story.announcements("a", stalled).length > 0);
  assert.equal(story.counter("a", "externalDeletions"), 0);
});

test("what somebody deletes is a deletion still, and an owner's own address has no lease", () => {
  const story = pair(lease + instance("PRIORITY"));
  const since = story.now();
  story.removeAddress("a", "10.0.0.100/32");
  assert.equal(story.transitions("a", since)[0]?.reason.kind, "address-deleted");
  const other = new Story("c");
  other.address("c", "10.0.0.100/24");
  other.startWith("c", modelOf(lease + instance("priority 255").replace(".100", ".100/24")));
  other.run(seconds(5));
  other.stall("c");
  other.run(seconds(20));
  const own = other.node("c").kernel.addresses().filter(({ address }) => address.bytes[3] === 100);
  assert.equal(own.length, 1);
});

test("a sync group falls as one", () => {
  const group = "vrrp_sync_group G {\n group {\n one\n two\n }\n}\n";
  const text = lease + instance("PRIORITY", { name: "one" }) +
    instance("PRIORITY", { name: "two", id: 52 }) + group;
  const story = new Story("a b");
  story.startWith("a", modelOf(text.replaceAll("PRIORITY", "priority 200")));
  story.startWith("b", modelOf(text.replaceAll("PRIORITY", "priority 100")));
  story.run(seconds(30));
  story.stall("a");
  story.run(seconds(10));
  story.wake("a");
  story.expect("a one BACKUP", "a two BACKUP", "b one MASTER", "b two MASTER");
  story.run(seconds(10));
  assert.equal(story.held("a").length + story.held("b").length, 2);
});

test("a reload turns leases on and off, and takes nothing off for it", () => {
  const story = pair(instance("PRIORITY\nadvert_int 1"));
  const [without, leased] = ["", lease].map((words) =>
    modelOf(words + instance("priority 200\nadvert_int 40"))
  );
  assert.ok(without !== undefined && leased !== undefined);
  const changes = (): number =>
    story.host.entries.filter(({ kind, at }) => kind === "address" && at >= since).length;
  const since = story.now();
  story.reload("a", leased);
  story.run(seconds(20));
  story.reload("a", without);
  assert.equal(changes(), 0);
  story.stall("a");
  story.run(seconds(20));
  assert.deepEqual(story.held("a"), ["10.0.0.100"]);
  story.wake("a");
  story.reload("a", leased);
  story.stall("a");
  story.run(seconds(3));
  assert.deepEqual(story.held("a"), []);
});

test("a daemon that was killed with its guard leaves nothing for longer than the lease", () => {
  const story = pair(lease + instance("PRIORITY"));
  story.crash("a", { guarded: false });
  story.run(seconds(3));
  assert.deepEqual(story.held("a"), []);
});

test("an end that waits for a script has nothing left to renew", () => {
  const story = pair(lease + instance('PRIORITY\nnotify_stop "/slow"'));
  story.node("a").machine.script("/slow", { takes: seconds(8) });
  story.stop("a");
  story.run(seconds(20));
  assert.deepEqual(story.held("a"), []);
  story.expect("b MASTER");
});
