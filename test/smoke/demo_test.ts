/**
 * The demo as a user starts it. Nothing is timed: a machine that is busy with other things may be
 * late, but a takeover must happen, and nothing may stay behind. The networks of the demo have no
 * names, so they are gone with the last process in them.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import process from "node:process";
import { markedProcesses, markerName } from "../support/leftovers.ts";
import { test } from "../support/test.ts";
import { inDirectory, outcomeOf, start } from "./command.ts";

const skip = whyNoDemo();

function whyNoDemo(): string | undefined {
  if (process.getuid?.() === 0) {
    if (spawnSync("unshare", ["-n", "true"]).status === 0) return undefined;
    return "needs network namespaces";
  }
  if (spawnSync("unshare", ["-Ur", "true"]).status === 0) return undefined;
  return "needs root or user namespaces";
}

/** Runs a body with the environment of a demo, and looks afterwards for what it left. */
async function leavingNothing(
  body: (env: Readonly<Record<string, string>>) => Promise<void>,
): Promise<void> {
  await inDirectory(async (directory) => {
    const marker = `demo-${process.pid}-${Math.random()}`;
    try {
      await body({ TMPDIR: directory, [markerName]: marker });
      for (let attempt = 0; attempt < 100 && markedProcesses(marker).length > 0; attempt++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.deepEqual(markedProcesses(marker), [], "processes were left behind");
      assert.deepEqual(readdirSync(directory), [], "files were left behind");
    } finally {
      for (const { pid } of markedProcesses(marker)) process.kill(pid, "SIGKILL");
    }
  });
}

test("demo --json measures a failover and leaves nothing behind", async () => {
  await leavingNothing(async (env) => {
    const { code, stdout, stderr } = await outcomeOf(start(["demo", "--json"], { env }));
    assert.deepEqual([code, stderr], [0, ""], stdout);
    const { takeover, measurements, events, wire } = JSON.parse(stdout);
    assert.equal(takeover, true);
    const names = measurements.map(({ event }: { event: string }) => event);
    assert.deepEqual(names, ["crash", "return", "stop"]);
    for (const { event, sentPings } of measurements) {
      assert.ok(sentPings > 10, `${sentPings} pings around ${event}`);
    }
    assert.ok(measurements[0].lostPings > 10, "a crash is noticed");
    // The last advert may have been read late, but not by as much as that.
    assert.ok(wire.firstAdvertAfterLastMs >= wire.masterDownIntervalMs / 2, "not at once");
    const takeovers = events.filter(({ who, text }: { who: string; text: string }) =>
      who === "right" && text.startsWith("BACKUP → MASTER")
    );
    assert.equal(takeovers.length, 2, "after the crash and after the stop");
  });
}, { skip });

test("demo tells its story in lines that fit 80 columns, without colours in a pipe", async () => {
  await leavingNothing(async (env) => {
    const { code, stdout, stderr } = await outcomeOf(start(["demo"], { env }));
    assert.deepEqual([code, stderr], [0, ""], stdout);
    assert.match(stdout, /right +BACKUP → MASTER, no advert from 192\.0\.2\.11/);
    assert.match(stdout, /^left crashes .* ms +\d+ ms +\d+ of \d+$/m);
    assert.match(stdout, /^Next:$/m);
    assert.ok(!stdout.includes("\x1b"));
    const [story = ""] = stdout.split("\nNext:");
    for (const line of story.split("\n")) assert.ok(line.length <= 80, line);
  });
}, { skip });

test("demo ends at once when it is interrupted and leaves nothing behind", async () => {
  await leavingNothing(async (env) => {
    const child = start(["demo"], { env });
    const ended = outcomeOf(child);
    await new Promise<void>((resolve) => {
      child.stdout?.on("data", (text: string) => text.includes("3. Left crashes") && resolve());
      child.on("close", () => resolve());
    });
    child.kill("SIGINT");
    const { stdout } = await ended;
    assert.match(stdout, /3\. Left crashes/);
    assert.doesNotMatch(stdout, /4\. Left comes back/);
  });
}, { skip });

test("demo survives its own front process being killed: it cleans up and ends", async () => {
  await leavingNothing(async (env) => {
    const child = start(["demo"], { env });
    const ended = outcomeOf(child);
    await new Promise<void>((resolve) => {
      child.stdout?.on("data", (text: string) => text.includes("2. The client") && resolve());
      child.on("close", () => resolve());
    });
    child.kill("SIGKILL");
    await ended;
  });
}, { skip });
