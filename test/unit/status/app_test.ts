/** The answers of the status endpoint and of the control socket, without a socket. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  type ControlTarget,
  createControlApp,
  createStatusApp,
  type ReloadReport,
  type StatusSource,
} from "../../../lib/status/mod.ts";
import type { EventRecord } from "../../../lib/engine/mod.ts";
import { test } from "../../support/test.ts";
import { example } from "./example.ts";
import { keptEvents } from "./kept_events.ts";

const events = keptEvents();
const running: StatusSource = { snapshot: () => example, stopping: () => false, events };
const ending: StatusSource = { snapshot: () => example, stopping: () => true, events };

function controlThatAnswers(report: ReloadReport): ControlTarget & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    reload: () => {
      calls.push("reload");
      return Promise.resolve(report);
    },
    plan: (file) => {
      calls.push(`plan ${file}`);
      return Promise.resolve({
        file: file ?? "/own.conf",
        possible: true,
        blocks: [],
        untouched: 2,
        diagnostics: [],
      });
    },
    failover: (name) => {
      calls.push(`failover ${name}`);
      return ["VI_1"];
    },
    maintenance: (wanted) => void calls.push(`maintenance ${JSON.stringify(wanted)}`),
    overrideServers: ({ server, virtualServer = "all", action, persist }) => {
      calls.push(`${action.kind} ${server} of ${virtualServer}${persist ? " for good" : ""}`);
      return server === "10.0.1.1" ? [{ virtualServer, server, state: "drained" }] : [];
    },
    stop: () => void calls.push("stop"),
  };
}

const applied = {
  applied: true,
  changes: ["VI_1: priority 100 is now 150"],
  stopping: [],
  pending: false,
  diagnostics: [],
};

test("GET /status gives the snapshot as it is", async () => {
  const response = await createStatusApp(running).request("/status");
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
  assert.equal(response.headers.get("cache-control"), "no-cache");
  assert.deepEqual(await response.json(), JSON.parse(JSON.stringify(example)));
});

test("GET /healthz is 200 while the daemon runs and 503 while it ends", async () => {
  const healthy = await createStatusApp(running).request("/healthz");
  assert.equal(healthy.status, 200);
  assert.deepEqual(await healthy.json(), { status: "ok" });
  const unhealthy = await createStatusApp(ending).request("/healthz");
  assert.equal(unhealthy.status, 503);
  assert.deepEqual(await unhealthy.json(), { status: "stopping" });
});

test("GET /metrics carries the media type that Prometheus asks for", async () => {
  const response = await createStatusApp(running).request("/metrics");
  assert.equal(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  assert.match(await response.text(), /^# HELP standin_build_info /);
});

test("GET / names every route", async () => {
  const app = createStatusApp(running);
  const text = await (await app.request("/")).text();
  assert.match(text, /^standin 1\.2\.3 on node1\n/);
  for (const path of text.match(/^\/\S+/gm) ?? []) {
    assert.equal((await app.request(path)).status, 200, path);
  }
});

test("GET / is a page for browsers, which may load and ask nothing from elsewhere", async () => {
  const app = createStatusApp(running);
  const headers = { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
  const response = await app.request("/", { headers });
  assert.match(response.headers.get("content-type") ?? "", /^text\/html/);
  const policy = response.headers.get("content-security-policy") ?? "";
  assert.match(policy, /^default-src 'none'; connect-src 'self'; /);
  const text = await response.text();
  for (const kind of ["script", "style"]) {
    const [, inside = ""] = new RegExp(`<${kind}[^>]*>(.*?)</${kind}>`, "s").exec(text) ?? [];
    assert.ok(inside.length > 1000, kind);
    const digest = createHash("sha256").update(inside).digest("base64");
    assert.ok(policy.includes(`${kind}-src 'sha256-${digest}'`), kind);
  }
  const [, script] = /<script[^>]*>(.*?)<\/script>/s.exec(text) ?? [];
  assert.doesNotThrow(() => new Function(`"use strict"; {${script}}`), "no name stands twice");
  const again = await app.request("/", {
    headers: { ...headers, "If-None-Match": response.headers.get("etag") ?? "" },
  });
  assert.equal(again.status, 304);
});

test("HEAD answers without a body, says how long it is, and follows no events", async () => {
  const told = keptEvents(two);
  const app = createStatusApp({ ...running, events: told });
  const head = await app.request("/status", { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.equal(await head.text(), "");
  const { length } = await (await app.request("/status")).text();
  assert.equal(head.headers.get("content-length"), `${length}`);
  const stream = await app.request("/events", { method: "HEAD" });
  assert.equal(stream.headers.get("content-type"), "text/event-stream");
  assert.equal(told.followers, 0);
});

test("an unknown route is 404 in JSON", async () => {
  for (
    const app of [createStatusApp(running), createControlApp(running, controlThatAnswers(applied))]
  ) {
    const response = await app.request("/nothing");
    assert.equal(response.status, 404);
    assert.deepEqual(await response.json(), { error: "no route GET /nothing" });
  }
});

test("the status endpoint can not change anything", async () => {
  const app = createStatusApp(running);
  for (const path of ["/reload", "/stop", "/status", "/"]) {
    assert.equal((await app.request(path, { method: "POST" })).status, 404, path);
  }
});

test("a failure inside becomes 500 in JSON", async () => {
  const broken: StatusSource = {
    events,
    snapshot: () => {
      throw new Error("no snapshot");
    },
    stopping: () => false,
  };
  const response = await createStatusApp(broken).request("/status");
  assert.equal(response.status, 500);
  assert.deepEqual(await response.json(), { error: "no snapshot" });
});

test("POST /reload answers 200 with what changed", async () => {
  const control = controlThatAnswers(applied);
  const response = await createControlApp(running, control).request("/reload", { method: "POST" });
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), applied);
  assert.deepEqual(control.calls, ["reload"]);
});

test("POST /reload answers 409 with the diagnostics when the file stands in the way", async () => {
  const refused = {
    ...applied,
    applied: false,
    changes: [],
    diagnostics: [{ code: "unknown-keyword", severity: "error", message: "Unknown keyword" }],
  };
  const app = createControlApp(running, controlThatAnswers(refused));
  const response = await app.request("/reload", { method: "POST" });
  assert.equal(response.status, 409);
  assert.deepEqual(await response.json(), refused);
});

test("POST /stop is accepted at once", async () => {
  const control = controlThatAnswers(applied);
  const response = await createControlApp(running, control).request("/stop", { method: "POST" });
  assert.equal(response.status, 202);
  assert.deepEqual(control.calls, ["stop"]);
});

test("the control socket tells the status too", async () => {
  const app = createControlApp(running, controlThatAnswers(applied));
  for (const path of ["/", "/status", "/metrics", "/healthz"]) {
    assert.equal((await app.request(path)).status, 200, path);
  }
  assert.equal((await app.request("/reload")).status, 404);
});

test("POST /plan asks for the daemon's own file or for another", async () => {
  const control = controlThatAnswers(applied);
  const app = createControlApp(running, control);
  for (const body of ["", "{}", '{"file":"/other.conf"}']) {
    const response = await app.request("/plan", { method: "POST", body });
    assert.equal(response.status, 200, body);
    const { possible, untouched } = await response.json();
    assert.deepEqual([possible, untouched], [true, 2]);
  }
  assert.deepEqual(control.calls, ["plan undefined", "plan undefined", "plan /other.conf"]);
});

test("POST /plan refuses what it can not understand, and is on the control socket", async () => {
  const control = controlThatAnswers(applied);
  const app = createControlApp(running, control);
  for (const body of ["nonsense", "[", "null", '{"file":7}', '{"file":"relative.conf"}']) {
    const response = await app.request("/plan", { method: "POST", body });
    assert.equal(response.status, 400, body);
    assert.match((await response.json()).error, /absolute path/);
  }
  assert.deepEqual(control.calls, []);
  const outside = await createStatusApp(running).request("/plan", { method: "POST" });
  assert.equal(outside.status, 404);
});

function event(id: number, instance: string): EventRecord {
  return {
    id,
    time: "2026-01-31T12:00:00.000Z",
    level: "notice",
    event: "x",
    message: "m",
    instance,
  };
}

const two = [event(5, "A"), event(6, "B")];

test("GET /events as JSON gives what is kept, since an id and about somebody", async () => {
  const app = createStatusApp({ ...running, events: keptEvents(two) });
  const asJson = { headers: { Accept: "application/json" } };
  const ids = async (query: string): Promise<number[]> => {
    const { file, events: list } = await (await app.request(`/events${query}`, asJson)).json();
    assert.equal(file, "/events.jsonl");
    return list.map(({ id }: EventRecord) => id);
  };
  assert.deepEqual(await ids(""), [5, 6]);
  assert.deepEqual(await ids("?since=5"), [6]);
  assert.deepEqual(await ids("?about=A"), [5]);
  assert.deepEqual(await ids("?since=2026-01-31T12:00Z"), []);
  assert.equal((await app.request("/events?since=soon", asJson)).status, 400);
});

test("GET /events streams what was missed and what comes, and lets go of who leaves", async () => {
  const told = keptEvents(two);
  const app = createStatusApp({ ...running, events: told });
  const response = await app.request("/events", { headers: { "Last-Event-ID": "5" } });
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  assert.ok(reader !== undefined);
  assert.match((await reader.read()).value ?? "", /id: 6\nevent: x\ndata: \{"id":6,.*\}\n\n$/);
  told.tell(event(7, "A"));
  assert.match((await reader.read()).value ?? "", /^id: 7\n/);
  await reader.cancel();
  assert.equal(told.followers, 0);
});

test("a reader that does not keep up is let go", async () => {
  const told = keptEvents(two);
  const response = await createStatusApp({ ...running, events: told }).request("/events");
  let id = 10;
  for (; told.followers > 0; id++) {
    told.tell({ ...event(id, "A"), message: "x".repeat(10_000) });
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(id > 100, "he may be slow for a while");
  await response.body?.cancel();
});

test("POST /failover and /maintenance take what they understand, and nothing else", async () => {
  const control = controlThatAnswers(applied);
  const app = createControlApp(running, control);
  const post = async (path: string, body: unknown): Promise<number> =>
    (await app.request(path, { method: "POST", body: JSON.stringify(body) })).status;
  const answer = await app.request("/failover", { method: "POST", body: '{"name":"VI_1"}' });
  assert.deepEqual(await answer.json(), { handedOver: ["VI_1"] });
  assert.equal(await post("/maintenance", { on: true, forMs: 1000 }), 200);
  assert.equal(await post("/maintenance", { on: false }), 200);
  for (
    const [path, body] of [
      ["/failover", {}],
      ["/failover", "VI_1"],
      ["/maintenance", {}],
      ["/maintenance", { on: "yes" }],
      ["/maintenance", { on: true, forMs: -1 }],
      ["/maintenance", { on: true, forMs: 1e17 }],
    ] as const
  ) assert.equal(await post(path, body), 400, JSON.stringify(body));
  assert.deepEqual(control.calls, [
    "failover VI_1",
    'maintenance {"on":true,"forMs":1000}',
    'maintenance {"on":false}',
  ]);
  const status = createStatusApp(running);
  assert.equal((await status.request("/failover", { method: "POST" })).status, 404);
});

test("POST /server says which servers were meant, and 404 when none was", async () => {
  const control = controlThatAnswers(applied);
  const app = createControlApp(running, control);
  const post = (body: unknown): Promise<Response> | Response =>
    app.request("/server", { method: "POST", body: JSON.stringify(body) });
  const drained = await post({ server: "10.0.1.1", action: "drain", persist: true });
  const servers = [{ virtualServer: "all", server: "10.0.1.1", state: "drained" }];
  assert.deepEqual([drained.status, await drained.json()], [200, { servers }]);
  const nobody = await post({ server: "10.9.9.9", virtualServer: "web", action: "reset" });
  assert.equal(nobody.status, 404);
  assert.deepEqual(control.calls, ["drain 10.0.1.1 of all for good", "reset 10.9.9.9 of web"]);
  for (
    const wrong of [
      "drain",
      { action: "drain" },
      { server: "10.0.1.1", action: "explode" },
      { server: "10.0.1.1", action: "weight" },
      { server: "10.0.1.1", action: "weight", weight: -1 },
      { server: "10.0.1.1", action: "drain", virtualServer: 5 },
    ]
  ) assert.equal((await post(wrong)).status, 400, JSON.stringify(wrong));
  assert.equal(control.calls.length, 2);
});

test("what many ask for at / at once is made for all of them together", async () => {
  let made = 0;
  const snapshot = (): typeof example => {
    made++;
    return example;
  };
  const app = createStatusApp({ ...running, snapshot });
  const answers = await Promise.all([app.request("/"), app.request("/"), app.request("/")]);
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200]);
  assert.equal(answers[0]?.headers.get("vary"), "Accept-Encoding, Accept");
  assert.equal(made, 1);
});
