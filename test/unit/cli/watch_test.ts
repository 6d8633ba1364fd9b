/** `standin status --watch`, on a terminal and elsewhere. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import process from "node:process";
import { actOf, frameOf } from "../../../lib/cli/watch/frame.ts";
import { FakeDaemon } from "../../support/fake_daemon.ts";
import { sourceCommand as command } from "../../support/command_lines.ts";
import { missingProgram } from "../../support/peers.ts";
import { TestTerminal } from "../../support/terminal.ts";
import { test } from "../../support/test.ts";
import { example, inside } from "../status/example.ts";

const answers = { "GET /status": { body: example } };
const many = Array.from({ length: 100 }, (_, index) => ({ ...inside, name: `VI_${index + 1}` }));
const crowd = { "GET /status": { body: { ...example, instances: many } } };
const needsScript = { skip: missingProgram("script", "stty"), timeoutMs: 240_000 };

function watch(daemon: FakeDaemon, columns = 80, rows = 24): TestTerminal {
  const argv = [...command, "status", "--watch", "--run-dir", daemon.runDir];
  return new TestTerminal(argv, { columns, rows });
}

test("a watched status is redrawn in place, and the screen is as before in the end", async () => {
  using daemon = new FakeDaemon(answers);
  await daemon.open();
  using terminal = watch(daemon);
  await terminal.until("the table", (screen) => screen[3]?.startsWith("INSTANCE") === true);
  assert.match(terminal.screen[0] ?? "", /^standin 1\.2\.3 on node1, pid 4711, up /);
  assert.equal(terminal.isAlternate, true);
  assert.equal(terminal.colourOf("MASTER      100"), 2);
  assert.equal(terminal.colourOf("FAULT   150"), 1);

  const renamed = { ...example, node: "node2", syncGroups: [] };
  daemon.answers = { "GET /status": { body: renamed } };
  await terminal.until("another node", ([first]) => first?.includes(" on node2,") === true);
  assert.ok(!terminal.screen.some((line) => line.startsWith("GROUP")), "what is gone is gone");
  assert.equal(terminal.scrolled, 0);

  // Somebody leans on the keyboard.
  terminal.type("\r\r\rxyz\r");
  terminal.resize(60, 8);
  await terminal.until(
    "a frame that fits",
    (screen) => screen[7]?.startsWith("lines 1 to") === true,
  );
  assert.equal(terminal.scrolled, 0);
  assert.ok(!terminal.screen.join("").includes("xyz"));

  terminal.type("\x03");
  assert.equal(await terminal.ended, 0);
  assert.equal(terminal.isAlternate, false);
  assert.deepEqual(terminal.screen.filter((line) => line !== ""), ["before"]);
  const [hidden, shown] = ["\x1b[?25l", "\x1b[?25h"];
  assert.ok(terminal.written.lastIndexOf(shown) > terminal.written.lastIndexOf(hidden));
}, needsScript);

test("a daemon that goes away is told, with what it last said, and so is its return", async () => {
  using daemon = new FakeDaemon(answers);
  using terminal = watch(daemon);
  await terminal.until("no daemon", ([first]) => first?.includes("no daemon answers") === true);
  await daemon.open();
  await terminal.until("it answers", ([first]) => first?.includes("answers again") === true);
  assert.ok(terminal.screen.some((line) => line.startsWith("VI_1 ")));
  daemon.close();
  await terminal.until("it is gone", ([first]) => first?.includes("no daemon answers") === true);
  assert.ok(terminal.screen.some((line) => /^below is what it said \d+s ago$/.test(line)));
  assert.ok(terminal.screen.some((line) => line.startsWith("VI_1 ")));
  terminal.type("q");
  assert.equal(await terminal.ended, 0);
}, needsScript);

test("more than fits can be scrolled, to the last line and back", async () => {
  using daemon = new FakeDaemon(crowd);
  await daemon.open();
  using terminal = watch(daemon, 80, 20);
  const place = (text: string) => (screen: readonly string[]): boolean =>
    screen[19]?.startsWith(text) === true;
  await terminal.until("the first lines", place("lines 1 to 19 of "));
  terminal.type("\x1b[F");
  await terminal.until("the last", (screen) => screen.some((line) => line.startsWith("G1 ")));
  assert.ok(terminal.screen.some((line) => line.startsWith("VI_100 ")));
  terminal.type("g\x1b[B");
  await terminal.until("the second line first", place("lines 2 to 20 of "));
  terminal.type("\x1b[5~");
  await terminal.until("the first lines", place("lines 1 to 19 of "));
  assert.equal(terminal.scrolled, 0);
  terminal.type("q");
  assert.equal(await terminal.ended, 0);
}, needsScript);

test("a watch that is told to end, or suspended, gives the terminal back", async () => {
  using daemon = new FakeDaemon(answers);
  await daemon.open();
  using terminal = watch(daemon);
  await terminal.until("the table", (screen) => screen[3]?.startsWith("INSTANCE") === true);
  terminal.type("\x1a");
  await terminal.continueStopped();
  // In between the terminal was as before.
  const again = "\x1b[?25h\x1b[?1049l\x1b[?1049h\x1b[?25l";
  await terminal.until("a new screen", () => terminal.written.includes(again));
  await terminal.until("the table again", (screen) => screen[3]?.startsWith("INSTANCE") === true);
  process.kill(terminal.pid, "SIGTERM");
  assert.equal(await terminal.ended, 0);
  assert.equal(terminal.isAlternate, false);
}, needsScript);

test("off the terminal a status is printed when it is different, without colours", async () => {
  using daemon = new FakeDaemon(answers);
  await daemon.open();
  const [file = "", ...args] = [...command, "status", "--watch", "--run-dir", daemon.runDir];
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"] });
  const heard = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => heard[stream] += text);
  }
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await until(() => heard.stdout.includes("VI_2"));
  daemon.close();
  await until(() => heard.stderr.includes("no daemon answers"));
  daemon.answers = { "GET /status": { body: { ...example, node: "node2" } } };
  await daemon.open();
  await until(() => heard.stdout.includes("on node2"));
  // Deno takes what was sent by `child.kill` for what the child ended by.
  process.kill(child.pid ?? 0, "SIGTERM");
  const end = await new Promise((resolve) => {
    child.on("close", (...how) => resolve(how));
  });
  assert.deepEqual(end, [0, null]);
  assert.match(heard.stderr, /^standin: no daemon [^\n]+\nstandin: the daemon answers again\n$/);
  assert.doesNotMatch(heard.stdout.replaceAll("\n", ""), /\p{Cc}/u);
  assert.equal(heard.stdout.match(/^standin 1\.2\.3/gm)?.length, 2, heard.stdout);
});

test("a frame never has more rows than the screen", () => {
  const lines = Array.from({ length: 50 }, (_, line) => `line ${line}`);
  for (const rows of [1, 2, 3, 10, 49, 50, 51]) {
    for (const note of [[], ["a"], ["a", "b", ""]]) {
      for (const offset of [0, 7, 1000, Infinity]) {
        const frame = frameOf({ note, lines, offset, columns: 80, rows });
        assert.ok(frame.rows.length <= rows);
        assert.ok(frame.offset < lines.length);
      }
    }
  }
});

test("keys that mean nothing do nothing", () => {
  assert.equal(actOf("x", 24), undefined);
  assert.equal(actOf("toString", 24), undefined);
  assert.deepEqual(actOf("q", 24), { kind: "end" });
  assert.deepEqual(actOf(" ", 24), { kind: "move", lines: 22 });
});
