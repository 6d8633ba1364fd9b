/** Virtual servers as Prometheus sees them. */
import assert from "node:assert/strict";
import type { VirtualServerStatus } from "../../../lib/engine/mod.ts";
import { expositionPieces, metricFamilies } from "../../../lib/status/mod.ts";
import { test } from "../../support/test.ts";
import { example } from "./example.ts";
import { readExposition } from "./prometheus.ts";

const counters = { connections: 7, inPackets: 70, outPackets: 60, inBytes: 700, outBytes: 600 };

function virtualServer(name: string, up: boolean): VirtualServerStatus {
  return {
    name: `${name} TCP`,
    address: name,
    protocol: "TCP",
    up,
    scheduler: "rr",
    quorum: 1,
    sorryServer: null,
    balanced: true,
    problem: null,
    statistics: counters,
    realServers: [{
      address: "2001:db8::2",
      port: 8080,
      up,
      weight: 3,
      override: null,
      statistics: { ...counters, activeConnections: 2, inactiveConnections: 5 },
      checks: [],
    }],
  };
}

function scrape(virtualServers: readonly VirtualServerStatus[]): Record<string, number> {
  const text = [...expositionPieces(metricFamilies({ ...example, virtualServers }))].join("");
  const { samples } = readExposition(text);
  return Object.fromEntries(samples.map(({ name, labels, value }) => [
    [name, ...[...labels].map(([label, word]) => `${label}=${word}`)].join(" "),
    value,
  ]));
}

test("virtual servers, their servers and what went through have metrics", () => {
  const found = scrape([virtualServer("10.0.0.1:80", true)]);
  const own = "virtual_server=10.0.0.1:80 TCP";
  const server = `${own} real_server=[2001:db8::2]:8080`;
  assert.equal(found[`standin_virtual_server_up ${own}`], 1);
  assert.equal(found[`standin_virtual_server_balanced ${own}`], 1);
  assert.equal(found[`standin_real_server_up ${server}`], 1);
  assert.equal(found[`standin_real_server_weight ${server}`], 3);
  assert.equal(found[`standin_real_server_active_connections ${server}`], 2);
  assert.equal(found[`standin_virtual_server_in_bytes_total ${own}`], 700);
  assert.equal(found[`standin_real_server_connections_total ${server}`], 7);
  const common = "addr=10.0.0.1:80 proto=6";
  assert.equal(found[`keepalived_lvs_vip_conn ${common}`], 7);
  assert.equal(found[`keepalived_lvs_vip_out_packets ${common}`], 60);
});

test("checks have results, numbers of runs and failures, and a duration", () => {
  const { realServers: [server], ...rest } = virtualServer("10.0.0.1:80", true);
  assert.ok(server !== undefined);
  const check = {
    kind: "http",
    target: "[2001:db8::2]:8080",
    up: false,
    since: "2026-11-23T00:00:00.000Z",
    failure: "status 500",
    standing: null,
    runs: 9,
    failures: 2,
    lastDurationMs: 12,
  } as const;
  const checks = [check, { ...check, up: true, lastDurationMs: null }];
  const found = scrape([{ ...rest, realServers: [{ ...server, checks }] }]);
  const name = (number: number): string =>
    "virtual_server=10.0.0.1:80 TCP real_server=[2001:db8::2]:8080 " +
    `check=${number} kind=http target=[2001:db8::2]:8080`;
  assert.equal(found[`standin_check_up ${name(1)}`], 0);
  assert.equal(found[`standin_check_up ${name(2)}`], 1);
  assert.equal(found[`standin_check_runs_total ${name(1)}`], 9);
  assert.equal(found[`standin_check_failures_total ${name(1)}`], 2);
  assert.equal(found[`standin_check_last_duration_seconds ${name(1)}`], 0.012);
  assert.equal(found[`standin_check_last_duration_seconds ${name(2)}`], undefined);
});

test("in the names of the exporter a server of several virtual servers is one line", () => {
  const found = scrape([virtualServer("10.0.0.1:80", true), virtualServer("10.0.0.2:80", false)]);
  assert.equal(found["keepalived_lvs_rs_in_packets addr=2001:db8::2:8080 proto=6"], 140);
  assert.equal(found["standin_virtual_server_up virtual_server=10.0.0.2:80 TCP"], 0);
});

test("what the kernel does not count has no lines; no virtual servers, none at all", () => {
  const { realServers: [server], ...rest } = virtualServer("10.0.0.1:80", true);
  assert.ok(server !== undefined);
  const unknown = { ...rest, statistics: null, realServers: [{ ...server, statistics: null }] };
  const names = Object.keys(scrape([unknown])).filter((line) => /server|lvs/.test(line))
    .map((line) => line.split(" ")[0]);
  assert.deepEqual(names, [
    "standin_virtual_server_up",
    "standin_virtual_server_balanced",
    "standin_real_server_up",
    "standin_real_server_weight",
  ]);
  assert.deepEqual(Object.keys(scrape([])).filter((line) => /server|lvs/.test(line)), []);
});
