/**
 * The scripts of the daemon itself: what is told of how they end, and what becomes of those that
 * take longer than they may.
 */
import assert from "node:assert/strict";
import process from "node:process";
import { openLibc } from "../../../ffi/mod.ts";
import { type CommandPlan, milliseconds, seconds } from "../../../lib/base/mod.ts";
import { renderTell } from "../../../lib/engine/mod.ts";
import { runDaemonScript } from "../../../lib/host/linux/daemon_script.ts";
import { test } from "../../support/test.ts";

const libc = await openLibc();
const before = process.listenerCount("SIGCHLD");

function sh(line: string): CommandPlan {
  return { kind: "run", path: "/bin/sh", words: ["sh", "-c", line] };
}

test("a script ends as it ends, whatever that is", async () => {
  const plan = { command: sh("exit 0"), timeout: seconds(60) };
  const good = await runDaemonScript(libc, "startup", plan);
  assert.deepEqual([good.end, good.timedOut], [{ kind: "exited", code: 0 }, undefined]);
  const none = { kind: "none", written: "/no", reason: 'there is no program "/no"' } as const;
  const missing = await runDaemonScript(libc, "shutdown", { ...plan, command: none });
  assert.match(renderTell(missing), /^shutdown_script: "\/no" ended with there is no program/);
  assert.equal(process.listenerCount("SIGCHLD"), before);
});

test("one that takes too long gets TERM, and KILL when it does not obey", async () => {
  const timeout = milliseconds(50);
  const obeys = await runDaemonScript(libc, "startup", { command: sh("exec sleep 600"), timeout });
  assert.deepEqual([obeys.end, obeys.timedOut], [{ kind: "killed", signal: 15 }, true]);
  assert.match(renderTell(obeys), /ended with signal 15 after .*: that is too long$/);
  const deaf = { command: sh("trap '' TERM; while :; do sleep 0.05; done"), timeout };
  const made = await runDaemonScript(libc, "shutdown", deaf, { graceMs: 100 });
  assert.deepEqual([made.end, made.timedOut], [{ kind: "killed", signal: 9 }, true]);
});

test("one that nobody waits for any more is told to end", async () => {
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const plan = { command: sh("exec sleep 600"), timeout: seconds(60) };
  const running = runDaemonScript(libc, "startup", plan, { enough });
  resolve();
  const { end, timedOut } = await running;
  assert.deepEqual([end, timedOut], [{ kind: "killed", signal: 15 }, undefined]);
});
