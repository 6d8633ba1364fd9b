/** Answers that many share: what they say, how often they are made, and who gets no body. */
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { createControlApp, createStatusApp, type StatusSource } from "../../../lib/status/mod.ts";
import { jsonPieces } from "../../../lib/status/rendered.ts";
import { test } from "../../support/test.ts";
import { example, nothingAsked } from "./example.ts";
import { keptEvents } from "./kept_events.ts";

interface Counting extends StatusSource {
  /** How often somebody looked. */
  looks: number;
  pid: number;
}

function counting(): Counting {
  const source: Counting = {
    looks: 0,
    pid: 1,
    events: keptEvents(),
    stopping: () => false,
    snapshot: () => {
      source.looks++;
      // As long as a daemon with some hundred routers takes for it.
      const until = performance.now() + 5;
      while (performance.now() < until);
      const { pid } = source;
      return {
        ...example,
        pid,
        instances: Array.from({ length: 50 }, () => example.instances).flat(),
      };
    },
  };
  return source;
}

test("JSON in pieces is the JSON that it would be in one", () => {
  const values = [{}, { list: [], none: undefined, n: null }, { a: [1, undefined, "x"], b: {} }];
  for (const value of [...values, example]) {
    assert.deepEqual([...jsonPieces(value)].join(""), JSON.stringify(value));
  }
});

test("what many ask for at a time is not made for each of them, and they get it all", async () => {
  const source = counting();
  const app = createStatusApp(source);
  const answers = await Promise.all(Array.from({ length: 200 }, () => app.request("/status")));
  assert.ok(source.looks < 20, `${source.looks}`);
  const bodies = await Promise.all(answers.map((answer) => answer.text()));
  assert.equal(new Set(bodies).size, 1);
  assert.equal(JSON.parse(bodies[0] ?? "").instances.length, 50 * example.instances.length);
});

test("who has the answer already gets 304, until it says something else", async () => {
  const source = counting();
  const app = createStatusApp(source);
  const ask = (tag: string): Promise<Response> | Response =>
    app.request("/status", { headers: { "If-None-Match": tag } });
  const tag = (await ask("")).headers.get("etag") ?? "";
  assert.match(tag, /^W\/"/);
  while (source.looks < 3) {
    const answer = await ask(tag);
    assert.deepEqual([answer.status, await answer.text()], [304, ""]);
  }
  source.pid++;
  for (;;) {
    const other = await ask(tag);
    if (other.status === 304) continue;
    assert.notEqual(other.headers.get("etag"), tag);
    return;
  }
});

test("a body is compressed for those who take it so", async () => {
  const app = createStatusApp(counting());
  for (const path of ["/status", "/metrics"]) {
    const plain = await (await app.request(path)).text();
    const headers = { "Accept-Encoding": "br, gzip" };
    const compressed = await app.request(path, { headers });
    assert.equal(compressed.headers.get("content-encoding"), "gzip");
    const bytes = new Uint8Array(await compressed.arrayBuffer());
    assert.ok(bytes.length < plain.length / 4);
    assert.equal(gunzipSync(bytes).toString().length, plain.length);
  }
});

test("on the control socket every answer is made after the question", async () => {
  const source = counting();
  const app = createControlApp(source, nothingAsked);
  await Promise.all([app.request("/status"), app.request("/status")]);
  assert.equal(source.looks, 2);
});
