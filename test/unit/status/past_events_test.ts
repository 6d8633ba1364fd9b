/** Which events a question gets: across restarts, behind a gap, and when the clock was set back. */
import assert from "node:assert/strict";
import type { EventRecord } from "../../../lib/engine/mod.ts";
import { createStatusApp } from "../../../lib/status/mod.ts";
import { test } from "../../support/test.ts";
import { example } from "./example.ts";
import { type KeptEvents, keptEvents } from "./kept_events.ts";

function at(seconds: number, event = "x"): EventRecord {
  const time = new Date(seconds * 1000).toISOString();
  return { id: seconds * 1_000_000, time, level: "notice", event, message: "" };
}

const asJson = { headers: { Accept: "application/json" } };

async function ask(events: KeptEvents, seconds: number): Promise<[number[], string]> {
  const app = createStatusApp({ snapshot: () => example, stopping: () => false, events });
  const response = await app.request(`/events?since=${seconds * 1_000_000}`, asJson);
  const { events: list, completeSince } = await response.json();
  return [
    list.map(({ id }: EventRecord) => id / 1_000_000),
    new Date(completeSince).toISOString().slice(17, 19),
  ];
}

test("what memory has is answered from memory, and the rest from the file", async () => {
  const events = keptEvents([at(20), at(21)], [at(10), at(11)]);
  assert.deepEqual(await ask(events, 20), [[21], "20"]);
  assert.equal(events.passages, 0);
  assert.deepEqual(await ask(events, 10), [[11, 20, 21], "10"]);
  assert.deepEqual(await ask(events, 5), [[10, 11, 20, 21], "10"]);
  assert.equal(events.passages, 2);
});

test("events come in their order when the clock was set back", async () => {
  const events = keptEvents([at(10), at(11)], [at(15), at(16), at(17)]);
  assert.deepEqual(await ask(events, 16), [[17, 10, 11], "16"]);
  assert.deepEqual(await ask(events, 12), [[15, 16, 17, 10, 11], "15"]);
  const twice = keptEvents([at(10)], [at(20), at(15), at(16), at(17)]);
  assert.deepEqual(await ask(twice, 16), [[17, 10], "16"], "behind the one that is named");
});

test("an answer says since when it is complete", async () => {
  const events = keptEvents([at(20)], [at(10), at(15, "events-lost"), at(15)]);
  assert.deepEqual(await ask(events, 5), [[10, 15, 15, 20], "15"]);
  assert.deepEqual(await ask(events, 16), [[20], "16"]);
});

test("an answer has a tag that holds until something happens", async () => {
  const events = keptEvents([at(20)], [at(10)]);
  const app = createStatusApp({ snapshot: () => example, stopping: () => false, events });
  const etag = (await app.request("/events?since=1", asJson)).headers.get("etag") ?? "";
  const headers = { ...asJson.headers, "If-None-Match": etag };
  assert.equal((await app.request("/events?since=1", { headers })).status, 304);
  assert.equal(events.passages, 1);
  events.tell(at(22));
  assert.equal((await app.request("/events?since=1", { headers })).status, 200);
});

test("a stream begins with the latest thousand, and says what it leaves out", async () => {
  const earlier = Array.from({ length: 3000 }, (_, index) => at(index + 1));
  const events = keptEvents([at(4000)], earlier);
  const app = createStatusApp({ snapshot: () => example, stopping: () => false, events });
  const response = await app.request("/events?since=5");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader?.read() ?? {};
  await reader?.cancel();
  assert.equal(value.match(/^id: /gm)?.length, 1001);
  assert.match(value, /^: standin\n\nid: \d+\nevent: events-left-out\n/);
  assert.match(value, /id: 4000000000\nevent: x\n.*\n\n$/);
});
