/** Who may command over the network: the token, its file, and how often one may try. */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { judgedBy, loadConfig } from "../../../lib/config/mod.ts";
import { checkMachine } from "../../../lib/host/linux/check_machine.ts";
import { readToken, TokenDoor } from "../../../lib/host/linux/token_door.ts";
import { test } from "../../support/test.ts";
import { testEnvironment } from "../config/memory.ts";

const directory = mkdtempSync(join(tmpdir(), "standin-token-"));
process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
const token = "0123456789abcdef0123456789abcdef";

function file(text: string, mode: number): string {
  const path = join(directory, `${mode}-${text.length}`);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

/** A door on virtual time, and what it logged. */
function door(path = file(`${token}\n`, 0o600)): {
  ask(shown?: string, from?: string): number;
  readonly lines: string[];
  now: number;
} {
  const lines: string[] = [];
  const log = { write: (_: string, line: string) => void lines.push(line) };
  const made = { lines, now: 0, ask };
  const one = new TokenDoor(path, log, () => made.now);
  function ask(shown?: string, from = "192.0.2.1"): number {
    const headers: HeadersInit = shown === undefined ? {} : { Authorization: shown };
    const request = new Request("http://x/failover", { method: "POST", headers });
    return one.refuse(request, from)?.status ?? 200;
  }
  return made;
}

test("a token is a secret of its owner, and long", () => {
  assert.ok(readToken(file(token, 0o600)).ok);
  assert.ok(readToken(file(`${token}\nsecond line`, 0o400)).ok);
  for (const [mode, text] of [[0o640, token], [0o604, token], [0o600, "secret\n"]] as const) {
    assert.ok(!readToken(file(text, mode)).ok, `${mode} ${text}`);
  }
  assert.ok(!readToken(join(directory, "none")).ok);
});

test("a file of a token that is no secret is an error where it is named", async () => {
  const machine = await checkMachine();
  const said = (path: string): unknown[] => {
    const loaded = loadConfig("f", testEnvironment({ f: `status_token_file ${path}\n` }));
    return judgedBy(loaded, "f", machine).diagnostics.map(({ code, severity }) => [code, severity])
      .filter(([code]) => code !== "empty");
  };
  assert.deepEqual(said(file(token, 0o600)), []);
  assert.deepEqual(said(file(token, 0o644)), [["token-file", "error"]]);
});

test("only the whole token opens, and it is never logged", () => {
  const one = door();
  assert.equal(one.ask(`Bearer ${token}`), 200);
  assert.equal(one.ask(`bearer  ${token} `), 200);
  for (const wrong of [undefined, "", token, `Basic ${token}`, `Bearer ${token.slice(1)}`]) {
    assert.equal(one.ask(wrong), 401, wrong);
  }
  assert.ok(one.lines.length > 0 && !one.lines.join("\n").includes(token));
});

test("who showed some wrong tokens is not looked at for a while", () => {
  const one = door();
  const answers = Array.from({ length: 7 }, () => one.ask("Bearer wrong"));
  assert.deepEqual(answers, [401, 401, 401, 401, 401, 429, 429]);
  assert.equal(one.ask(`Bearer ${token}`), 429, "what was right is not told either");
  one.now += 1999;
  assert.equal(one.ask(`Bearer ${token}`), 429);
  one.now += 2;
  assert.equal(one.ask(`Bearer ${token}`), 200);
  assert.equal(one.ask("Bearer wrong"), 401);
  assert.equal(one.ask("Bearer wrong"), 429);
  one.now += 1e9;
  assert.deepEqual(
    Array.from({ length: 6 }, () => one.ask()),
    [401, 401, 401, 401, 401, 429],
    "patience has an end",
  );
});

test("nobody locks out somebody else", () => {
  const one = door();
  const right = `Bearer ${token}`;
  for (let count = 0; count < 10; count++) one.ask("Bearer wrong", "192.0.2.1");
  assert.equal(one.ask(right, "192.0.2.1"), 429);
  assert.equal(one.ask(right, "::ffff:192.0.2.1"), 429, "the same, by a socket of IPv6");
  assert.equal(one.ask(right, "192.0.2.2"), 200);
  // One host has as many addresses of its network as it likes.
  for (let host = 0; host < 10; host++) one.ask("Bearer wrong", `2001:db8::${host}`);
  assert.equal(one.ask(right, "2001:db8::ffff"), 429);
  assert.equal(one.ask(right, "2001:db8:0:1::1"), 200);
  assert.equal(one.ask(right, "::1"), 200);
});

test("a flood from everywhere is forgotten by and by, and the token still opens", () => {
  const one = door();
  for (let host = 0; host < 3000; host++) {
    one.ask("Bearer wrong", `10.0.${host >> 8}.${host & 255}`);
  }
  assert.equal(one.ask(`Bearer ${token}`, "192.0.2.2"), 200);
});

test("without a token that can be read there is no way through, and the log says why", () => {
  const one = door(file(token, 0o644));
  assert.equal(one.ask(`Bearer ${token}`), 503);
  assert.match(one.lines.join("\n"), /mode is 0644/);
});
