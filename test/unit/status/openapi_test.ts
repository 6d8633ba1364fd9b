/** The description of the API, and answers that are as it says. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Snapshot } from "../../../lib/engine/mod.ts";
import { createControlApp, createStatusApp, type StatusSource } from "../../../lib/status/mod.ts";
import { describeApi } from "../../../lib/status/schema/document.ts";
import { objector } from "../../support/openapi.ts";
import { test } from "../../support/test.ts";
import { example, inside, nothingAsked } from "./example.ts";
import { keptEvents } from "./kept_events.ts";

const at = "2026-01-02T03:04:05.678Z";
const record = { id: 1, time: at, level: "notice", event: "x", message: "m", more: {} } as const;

/** One of everything. */
const whole: Snapshot = {
  ...example,
  instances: [{
    ...inside,
    unicastPeers: [{ address: "10.0.0.2", self: false }],
    witness: { probe: "gate", state: "unknown", awaited: true },
    tracking: [{
      kind: "file",
      name: "load",
      group: null,
      weight: 1,
      reverse: false,
      state: "number",
      value: -7,
      since: at,
      detail: null,
      effect: "priority",
      change: -7,
    }],
  }],
  trackers: [
    {
      kind: "script",
      name: "load",
      state: "bad",
      value: null,
      since: at,
      detail: "exit 1",
      instances: [],
    },
    {
      kind: "file",
      name: "load",
      state: "number",
      value: -7,
      since: at,
      detail: null,
      instances: ["VI_1"],
    },
  ],
  resources: [{
    kind: "INSTANCE",
    name: "VI_1",
    wanted: "run",
    leaving: null,
    heldOff: { until: at, resource: "service x", detail: "exit 1" },
    resources: [{
      name: "service x",
      kind: "service",
      state: "failed",
      since: at,
      failures: 1,
      lastFailure: { at, action: "start", detail: "exit 1" },
    }],
  }],
  bfdSessions: [{
    name: "north",
    neighbor: "10.0.0.9",
    source: null,
    multihop: false,
    passive: false,
    state: "Up",
    diagnostic: null,
    remoteState: "Up",
    remoteDiagnostic: null,
    discriminator: 1,
    remoteDiscriminator: 2,
    transmitIntervalMs: 50,
    detectionTimeMs: 150,
    since: at,
    counters: { sent: 1, received: 1, dropped: 0, wentUp: 1, wentDown: 0 },
  }],
  virtualServers: [{
    name: "10.0.0.1:80 TCP",
    address: "10.0.0.1:80",
    protocol: "TCP",
    up: true,
    scheduler: "rr",
    quorum: 1,
    sorryServer: { address: "10.0.0.8:80", active: false },
    balanced: true,
    problem: null,
    statistics: { connections: 1, inPackets: 1, outPackets: 1, inBytes: 1, outBytes: 1 },
    realServers: [{
      address: "10.0.1.1",
      port: 80,
      up: true,
      weight: 1,
      override: { state: "drained", persistent: false },
      statistics: null,
      checks: [{
        kind: "agent",
        target: "10.0.1.1:99",
        up: true,
        since: at,
        failure: null,
        standing: "ready",
        runs: 1,
        failures: 0,
        lastDurationMs: 1.5,
      }],
    }],
  }],
};

const source: StatusSource = {
  snapshot: () => whole,
  stopping: () => false,
  events: keptEvents([record]),
};
const app = createStatusApp(source);
const json = { headers: { Accept: "application/json" } };

async function ask(path: string): Promise<{ status: number; body: unknown }> {
  const response = await app.request(path, json);
  return { status: response.status, body: await response.json() };
}

test("openapi.json is what the schemas say; STANDIN_UPDATE_GOLDEN=1 makes it anew", async () => {
  const path = new URL("../../../lib/status/openapi.json", import.meta.url);
  const wanted = describeApi();
  if (process.env["STANDIN_UPDATE_GOLDEN"] === "1") {
    writeFileSync(path, `${JSON.stringify(wanted, null, 2)}\n`);
  }
  assert.deepEqual(JSON.parse(readFileSync(path, "utf8")), JSON.parse(JSON.stringify(wanted)));
  const { info } = JSON.parse(await (await app.request("/openapi.json")).text());
  assert.equal(info.version, whole.version);
});

test("every answer is as /openapi.json describes it", async () => {
  const document = JSON.parse(await (await app.request("/openapi.json")).text());
  const object = objector(document);
  const named: Readonly<Record<string, string>> = {
    "/instances/{name}": "VI_1",
    "/sync-groups/{name}": "G1",
    "/trackers/{name}": "file load",
    "/resources/{name}": "VI_1",
    "/bfd-sessions/{name}": "north",
    "/virtual-servers/{name}": "10.0.0.1:80 TCP",
  };
  let described = 0;
  for (const path of Object.keys(document.paths)) {
    const { get } = document.paths[path];
    if (get?.responses[200].content["application/json"]?.schema === undefined) {
      continue;
    }
    described++;
    const real = path.replace("{name}", encodeURIComponent(named[path] ?? ""));
    assert.deepEqual(object({ path, ...await ask(real) }), [], path);
    if (!path.endsWith("{name}")) continue;
    const missing = await ask(path);
    assert.equal(missing.status, 404);
    assert.deepEqual(object({ path, ...missing }), [], path);
  }
  assert.equal(described, 16);
  const status = { path: "/status", status: 200 };
  assert.notDeepEqual(object({ ...status, body: { ...whole, extra: 1 } }), []);
  assert.notDeepEqual(object({ ...status, body: { ...whole, instances: [{}] } }), []);
});

test("commands are taken and answered as /openapi.json describes them", async () => {
  const control = createControlApp(source, {
    reload: () =>
      Promise.resolve({
        applied: true,
        changes: ["a line"],
        stopping: ["script of VI_1"],
        pending: true,
        diagnostics: [],
      }),
    plan: () => assert.fail(),
    failover: (name) => [name],
    maintenance: () => {},
    overrideServers: ({ server }) => [{ virtualServer: "web", server, state: "drained" }],
    stop: () => assert.fail(),
  });
  const document = JSON.parse(await (await app.request("/openapi.json")).text());
  const object = objector(document);
  const bodies: Readonly<Record<string, object>> = {
    "/reload": {},
    "/failover": { name: "VI_1" },
    "/maintenance": { on: true, forMs: 1000 },
    "/server": { server: "10.0.1.1", action: "weight", weight: 3, persist: true },
  };
  for (const [path, body] of Object.entries(bodies)) {
    const sent = new Ajv2020({ strict: false }).validate(
      document.paths[path].post.requestBody.content["application/json"].schema,
      body,
    );
    assert.ok(sent, path);
    const response = await control.request(path, { method: "POST", body: JSON.stringify(body) });
    const answer = { path, method: "post", status: response.status } as const;
    assert.deepEqual(object({ ...answer, body: await response.json() }), [], path);
  }
});

test("a part is that part of the status, and one of it goes by its name", async () => {
  assert.deepEqual((await ask("/trackers")).body, JSON.parse(JSON.stringify(whole.trackers)));
  const first = await ask("/trackers/load");
  assert.deepEqual(first.body, whole.trackers[0]);
  assert.deepEqual((await ask("/trackers/file%20load")).body, whole.trackers[1]);
  const { status, body } = await ask("/virtual-servers/web");
  assert.equal(status, 404);
  assert.deepEqual(body, {
    error: 'there is no virtual server "web"',
    names: ["10.0.0.1:80 TCP"],
  });
});

test("who has a part already gets 304", async () => {
  for (const path of ["/instances", "/instances/VI_1"]) {
    const tag = (await app.request(path)).headers.get("etag") ?? "";
    const again = await app.request(path, { headers: { "If-None-Match": tag } });
    assert.deepEqual([again.status, await again.text()], [304, ""]);
  }
});

test("what many ask for of the parts is looked up once in a moment", async () => {
  let looks = 0;
  const counted = { ...source, snapshot: () => (looks++, whole) };
  const busy = createStatusApp(counted);
  await Promise.all(Array.from({ length: 50 }, () => busy.request("/instances/VI_1")));
  assert.ok(looks < 10, `${looks}`);
  looks = 0;
  const control = createControlApp(counted, nothingAsked);
  await Promise.all([control.request("/instances/VI_1"), control.request("/trackers")]);
  assert.ok(looks >= 2, "on the control socket no answer is older than its question");
});
