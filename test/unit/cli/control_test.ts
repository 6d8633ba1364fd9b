/** The client's side of the control socket, against a server that behaves and some that do not. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask, type ControlError, describe } from "../../../lib/cli/control.ts";
import { controlSocket } from "../../../lib/cli/paths.ts";
import { reloadedText } from "../../../lib/cli/reload.ts";
import { test } from "../../support/test.ts";

/** Runs a body with a daemon's socket in a directory of its own. */
async function withServer(
  listener: RequestListener,
  body: (runDir: string) => Promise<void>,
): Promise<void> {
  const runDir = mkdtempSync(join(tmpdir(), "standin-control-"));
  const server = createServer(listener);
  try {
    await new Promise<void>((resolve) => server.listen(controlSocket(runDir), resolve));
    await body(runDir);
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(runDir, { recursive: true, force: true });
  }
}

async function failure(runDir: string): Promise<ControlError> {
  const asked = await ask(runDir, "GET", "/status");
  assert.ok(!asked.ok);
  return asked.error;
}

test("a question reaches the daemon with its method and path", async () => {
  const heard: string[] = [];
  function listener(...[request, response]: Parameters<RequestListener>): void {
    heard.push(`${request.method} ${request.url}`);
    response.writeHead(409, { "content-type": "application/json" });
    response.end('{"applied":false}');
  }
  await withServer(listener, async (runDir) => {
    const asked = await ask(runDir, "POST", "/reload");
    assert.deepEqual(asked, { ok: true, value: { status: 409, body: { applied: false } } });
    assert.deepEqual(heard, ["POST /reload"]);
  });
});

test("without a socket no daemon is running", async () => {
  const runDir = "/nonexistent/standin";
  const error = await failure(runDir);
  assert.equal(error.kind, "not-running");
  assert.deepEqual(describe(error), {
    text: "no daemon answers at /nonexistent/standin/control.sock " +
      '(is it running? start it with "standin run")',
    code: 3,
  });
});

test("a socket that a killed daemon left behind is no daemon either", async () => {
  const runDir = mkdtempSync(join(tmpdir(), "standin-control-"));
  try {
    writeFileSync(controlSocket(runDir), "");
    assert.ok(existsSync(controlSocket(runDir)));
    assert.equal((await failure(runDir)).kind, "not-running");
  } finally {
    rmSync(runDir, { recursive: true, force: true });
  }
});

test("an answer that is no JSON is told apart from no answer", async () => {
  await withServer((_request, response) => void response.end("hello"), async (runDir) => {
    const error = await failure(runDir);
    assert.ok(error.kind === "broken");
    assert.equal(error.detail, "its answer is no JSON");
  });
});

test("a daemon that hangs up is told apart from no daemon", async () => {
  await withServer((request) => void request.socket.destroy(), async (runDir) => {
    assert.equal((await failure(runDir)).kind, "broken");
  });
});

test("a socket of somebody else asks for permission", () => {
  const { text, code } = describe({ kind: "denied", socket: "/run/standin/control.sock" });
  assert.match(text, /^not allowed to open \/run\/standin\/control\.sock .*root/);
  assert.equal(code, 4);
});

test("a reload says what it did, and what is not done yet", () => {
  const stopping = ["service nginx of VI_1"];
  const change = "vrrp_instance VI_1: priority 100 → 150";
  assert.equal(reloadedText({ changes: [] }), "Reloaded, nothing is different");
  assert.equal(reloadedText({ changes: [change], stopping: [] }), `Reloaded:\n  ${change}`);
  assert.equal(
    reloadedText({ changes: [change], stopping, pending: false }),
    `Reloaded:\n  ${change}\nStill stopping: service nginx of VI_1`,
  );
  assert.equal(
    reloadedText({ changes: [change], stopping, pending: true }),
    `Read, and in effect as soon as this has stopped: service nginx of VI_1\n  ${change}`,
  );
});
