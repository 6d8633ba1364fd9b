/**
 * Webhooks on a real connection: what is on the wire and who can check it, and receivers that
 * refuse, fail, redirect, are slow, cut off, talk without end or are not there. None of them holds
 * up the loop.
 */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { milliseconds, seconds } from "../../../lib/base/mod.ts";
import type { EngineEvent, MachineEffect } from "../../../lib/engine/mod.ts";
import { WebhookCaller } from "../../../lib/host/linux/webhook_caller.ts";
import { test } from "../../support/test.ts";

type CallWebhook = Extract<MachineEffect, { kind: "call-webhook" }>;
type Outcome = Extract<EngineEvent, { kind: "webhook-ended" }>["outcome"];

const call = { id: "box-1-1", subject: "[box] it moved", body: '{"type":"instance.master"}' };

async function callAt(
  port: number,
  words: Partial<CallWebhook["plan"]> = {},
  use: (caller: WebhookCaller) => void = () => {},
): Promise<Outcome> {
  const url = `http://127.0.0.1:${port}/in?x=1`;
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const caller = new WebhookCaller((event) => {
    if (event.kind === "webhook-ended") resolve(event.outcome);
  });
  const plan = { name: "one", url, timeout: seconds(20), ...words };
  void caller.call({ kind: "call-webhook", plan, call });
  use(caller);
  return await promise;
}

type Take = (request: IncomingMessage, response: ServerResponse, body: string) => void;

async function withServer(take: Take, body: (port: number) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => text += part);
    request.on("end", () => take(request, response, text));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  try {
    await body((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

test("a receiver gets the body with its id, and can check who signed it and when", async () => {
  const directory = mkdtempSync(join(tmpdir(), "si-hook-"));
  const seen: { request: IncomingMessage; body: string }[] = [];
  const take: Take = (request, response, body) => {
    seen.push({ request, body });
    response.writeHead(204).end();
  };
  try {
    await withServer(take, async (port) => {
      const secretFile = join(directory, "key");
      const keys = [["plain words", Buffer.from("plain words")], [
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        Buffer.from("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "base64"),
      ]] as const;
      for (const [text, key] of keys) {
        writeFileSync(secretFile, `${text}\nmore\n`);
        assert.deepEqual(await callAt(port, { secretFile }), { kind: "sent" });
        const { request: { method, url, headers }, body } = seen.at(-1) ?? assert.fail();
        assert.deepEqual([method, url, body], ["POST", "/in?x=1", call.body]);
        assert.equal(headers["content-type"], "application/json");
        assert.equal(headers["webhook-id"], call.id);
        const time = headers["webhook-timestamp"];
        assert.ok(Math.abs(Number(time) - Date.now() / 1000) < 300);
        const signed = createHmac("sha256", key).update(`${call.id}.${time}.${body}`);
        assert.equal(headers["webhook-signature"], `v1,${signed.digest("base64")}`);
      }
      assert.deepEqual(await callAt(port), { kind: "sent" });
      assert.equal(seen.at(-1)?.request.headers["webhook-signature"], undefined);
      const missing = await callAt(port, { secretFile: join(directory, "no") });
      assert.equal(missing.kind, "failed");
      assert.equal(seen.length, 3, "nothing goes out unsigned");
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test("a refusal for good is told from others, and no redirection is followed", async () => {
  let status = 200;
  let asked = 0;
  const take: Take = (_, response) => {
    asked++;
    response.writeHead(status, { location: "/elsewhere" }).end();
  };
  await withServer(take, async (port) => {
    const cases = [
      [200, "sent"],
      [302, "refused"],
      [307, "refused"],
      [400, "refused"],
      [404, "refused"],
      [408, "failed"],
      [429, "failed"],
      [500, "failed"],
      [503, "failed"],
    ] as const;
    for (const [number, kind] of cases) {
      status = number;
      assert.equal((await callAt(port)).kind, kind, String(number));
    }
    assert.equal(asked, cases.length);
  });
});

test("one that is slow, cuts off, is not there or talks without end costs one try", async () => {
  const short = { timeout: milliseconds(200) };
  await withServer(() => {}, async (port) => {
    const { kind, ...rest } = await callAt(port, short);
    assert.deepEqual([kind, rest], ["failed", { detail: "it did not answer in time" }]);
    const closed = await callAt(port, {}, (caller) => caller[Symbol.dispose]());
    assert.equal(closed.kind, "failed");
  });
  await withServer((request) => request.socket.destroy(), async (port) => {
    assert.equal((await callAt(port)).kind, "failed");
  });
  const endless: Take = (_, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write("x".repeat(10_000)), 1);
    response.on("close", () => clearInterval(timer));
  };
  await withServer(endless, async (port) => {
    assert.deepEqual(await callAt(port), { kind: "sent" });
  });
  assert.equal((await callAt(1)).kind, "failed");
});
