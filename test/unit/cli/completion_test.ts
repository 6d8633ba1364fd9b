/** Completion, as somebody meets it who presses Tab in bash, zsh and fish. */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { asksForWords } from "../../../lib/cli/completion.ts";
import { completedShells } from "../../../lib/cli/names.ts";
import { runCommandLines, sourceCommand } from "../../support/command_lines.ts";
import { FakeDaemon } from "../../support/fake_daemon.ts";
import { missingProgram } from "../../support/peers.ts";
import { TestTerminal } from "../../support/terminal.ts";
import { test } from "../../support/test.ts";
import { example, inside } from "../status/example.ts";

const server = { address: "10.7.0.5", port: 80, up: true, weight: 1, override: null, checks: [] };
const farm = { name: "192.0.2.1:80 TCP", realServers: [server], up: true };
const status = {
  ...example,
  instances: [{ ...inside, name: "office" }],
  syncGroups: [],
  virtualServers: [farm],
};

/** How each shell is started without anybody's settings, and learns our completion. */
const shells = {
  bash: { argv: ["bash", "--norc", "-i"], learn: 'eval "$(standin completion bash)"' },
  zsh: {
    argv: ["zsh", "-f", "-i"],
    learn: 'autoload -U compinit; compinit -u -D; eval "$(standin completion zsh)"',
  },
  fish: { argv: ["fish", "--no-config", "-i"], learn: "standin completion fish | source" },
} as const;

for (const shell of completedShells) {
  test(`${shell} completes commands, options, files, and names that the daemon knows`, async () => {
    const home = mkdtempSync(join(tmpdir(), "standin-shell-"));
    using daemon = new FakeDaemon({ "GET /status": { body: status } });
    await daemon.open();
    const words = sourceCommand.map((word) => `'${word}'`).join(" ");
    writeFileSync(join(home, "standin"), `#!/bin/sh\nexec ${words} "$@"\n`);
    chmodSync(join(home, "standin"), 0o755);
    writeFileSync(join(home, "good.conf"), "");
    const env = {
      HOME: home,
      XDG_CONFIG_HOME: home,
      XDG_DATA_HOME: home,
      PATH: `${home}:${process.env["PATH"] ?? ""}`,
      PS1: "> ",
      TMPDIR: tmpdir(),
    };
    const { argv, learn } = shells[shell];
    using terminal = new TestTerminal(argv, { columns: 150, rows: 40, env });
    try {
      // Two quotes with nothing between, so that the line itself is not the answer.
      terminal.type(`${learn}; echo le""arned\r`);
      await terminal.until("a shell", (screen) => screen.some((line) => line === "learned"));
      const dir = `--run-dir ${daemon.runDir}`;
      for (
        const [typed, completed] of [
          ["standin stat", "standin status"],
          ["standin status --wat", "standin status --watch"],
          [`standin check ${home}/go`, `standin check ${home}/good.conf`],
          ["standin explain keyword advert_i", "standin explain keyword advert_int"],
          [`standin failover ${dir} off`, `standin failover ${dir} office`],
          [`standin server ${dir} drain 10.`, `standin server ${dir} drain 10.7.0.5:80`],
        ] as const
      ) {
        terminal.type(`${typed}\t`);
        await terminal.until(
          completed,
          (screen) => screen.some((line) => line.includes(completed)),
        );
        // Away with the line, and what may still hang below it.
        terminal.type("\x15\x0c");
        await terminal.until(
          "no line",
          (screen) => !screen.some((line) => line.includes("standin ")),
        );
      }
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }, { skip: missingProgram("script", "stty", shell), timeoutMs: 240_000 });
}

test("names of other kinds are suggested where they belong, none without a daemon", async () => {
  using daemon = new FakeDaemon({ "GET /status": { body: status } });
  await daemon.open();
  const dir = `--run-dir=${daemon.runDir}`;
  const lines = [
    ["explain", dir, ""],
    ["server", "list", dir, "--of", ""],
    ["sniff", "l"],
    ["explain", "--run-dir", "/nowhere", ""],
    ["maintenance", "o"],
    ["--ver"],
  ];
  const played = await runCommandLines(lines.map((line) => ["completion", "bash", ...line]));
  const said = played.map(({ stdout }) => stdout.trim().split("\n"));
  assert.ok(said[0]?.includes("office") && said[0].includes("keyword"));
  assert.deepEqual(said[1], ["192.0.2.1:80 TCP"]);
  assert.ok(said[2]?.includes("lo"));
  assert.ok(said[3]?.includes("keyword") && !said[3].includes("office"));
  assert.deepEqual(said[4], ["on", "off"]);
  assert.deepEqual(said[5], ["--version"]);
});

test("completion SHELL alone is no question of a shell", () => {
  assert.equal(asksForWords(["completion", "bash"]), undefined);
  assert.equal(asksForWords(["completion", "tcsh", "a"]), undefined);
  assert.deepEqual(asksForWords(["completion", "fish", ""]), { shell: "fish", words: [""] });
});
