/** What commands write to a terminal and nowhere else: colours, and how far they are. */
import assert from "node:assert/strict";
import { sourceCommand } from "../../support/command_lines.ts";
import { FakeDaemon } from "../../support/fake_daemon.ts";
import { missingProgram } from "../../support/peers.ts";
import { TestTerminal } from "../../support/terminal.ts";
import { test } from "../../support/test.ts";
import { example, inside } from "../status/example.ts";

const event = {
  id: 1,
  time: "2026-01-02T03:04:05.678Z",
  level: "error",
  event: "fault",
  message: "VI_2: interface eth1.100 is down",
};
const answers = {
  "GET /status": { body: example },
  "GET /events": { body: { file: "/nowhere", events: [event] } },
};
const size = { columns: 100, rows: 50 };
/** Who waits on a slow machine is told so, with other sequences of the terminal. */
// deno-lint-ignore no-control-regex
const colour = /\x1b\[[\d;]*m/;
const skip = missingProgram("script", "stty");

/** Runs command lines on a terminal, one after the other; what they wrote. */
async function written(
  lines: readonly (readonly string[])[],
  env: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const words = sourceCommand.map((word) => `'${word}'`).join(" ");
  const script = lines.map((line) => `${words} ${line.join(" ")}; echo; echo ======`).join("; ");
  using terminal = new TestTerminal(["sh", "-c", script], { ...size, env });
  await terminal.ended;
  return terminal.written.split("======").slice(0, lines.length);
}

test("colours are on a terminal, and not with NO_COLOR or a terminal that has none", async () => {
  using daemon = new FakeDaemon(answers);
  await daemon.open();
  const dir = ["--run-dir", daemon.runDir];
  const lines = [["status", ...dir], ["events", ...dir], ["--help"]];
  const names = lines.map(([name = ""]) => name);
  const [coloured, without, dumb] = await Promise.all([
    written(lines),
    written(lines, { NO_COLOR: "1" }),
    written(lines, { TERM: "dumb" }),
  ]);
  for (const [index, name] of names.entries()) {
    assert.match(coloured?.[index] ?? "", colour, name);
    for (const plain of [without, dumb]) {
      assert.ok((plain?.[index]?.length ?? 0) > 50, name);
      assert.doesNotMatch(plain?.[index] ?? "", colour, name);
    }
  }
}, { skip, timeoutMs: 240_000 });

test("a command that waits says for what, until the answer is there", async () => {
  const handedOver = { ...inside, name: "VI_1", state: "BACKUP", master: null };
  using daemon = new FakeDaemon({
    "GET /status": { body: { ...example, instances: [handedOver] } },
    "POST /failover": { body: { handedOver: ["VI_1"] } },
  });
  await daemon.open();
  const argv = [...sourceCommand, "failover", "VI_1", "--run-dir", daemon.runDir];
  using terminal = new TestTerminal(argv, size);
  const says = (line: string): boolean => /^waiting for another router … \d+ s$/.test(line);
  await terminal.until("progress", (screen) => screen.some(says));
  const taken = { ...handedOver, master: { address: "10.0.0.2", priority: 90 } };
  daemon.answers = { "GET /status": { body: { ...example, instances: [taken] } } };
  assert.equal(await terminal.ended, 0);
  const shown = terminal.screen.filter((line) => line !== "");
  assert.deepEqual(shown, ["before", "VI_1: 10.0.0.2 is master now, with priority 90"]);
}, { skip, timeoutMs: 240_000 });
