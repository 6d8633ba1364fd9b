/** What Prometheus sees: the syntax of every line, our own names, and those of dashboards. */
import assert from "node:assert/strict";
import {
  counterMetrics,
  expositionPieces,
  keepalivedMetrics,
  metricFamilies,
  standinMetrics,
} from "../../../lib/status/mod.ts";
import type { Snapshot } from "../../../lib/engine/mod.ts";
import { test } from "../../support/test.ts";
import { example, inside } from "./example.ts";
import { readExposition, type Scrape } from "./prometheus.ts";

function scrape(snapshot: Snapshot): Scrape {
  return readExposition(textOf(snapshot));
}

function textOf(snapshot: Snapshot): string {
  return [...expositionPieces(metricFamilies(snapshot))].join("");
}

/** The values of a metric by its labels, as `a=1,b=2`. */
function valuesOf(found: Scrape, name: string): Record<string, number> {
  const samples = found.samples.filter((sample) => sample.name === name);
  return Object.fromEntries(samples.map(({ labels, value }) => [
    [...labels].map(([label, text]) => `${label}=${text}`).join(","),
    value,
  ]));
}

test("every metric has a help text and a type, and counters end in _total", () => {
  const found = scrape(example);
  for (const { name } of found.samples) {
    assert.ok(found.helps.get(name), name);
    const type = found.types.get(name);
    assert.equal(type, name.endsWith("_total") ? "counter" : "gauge", name);
  }
});

test("the dashboards of the keepalived exporter find their names and labels", () => {
  const found = scrape(example);
  assert.deepEqual(valuesOf(found, "keepalived_up"), { "": 1 });
  assert.deepEqual(valuesOf(found, "keepalived_vrrp_state"), {
    "iname=VI_1,intf=eth0,vrid=51,ip_address=10.0.0.100/24": 2,
    "iname=VI_1,intf=eth0,vrid=51,ip_address=10.0.0.101": 2,
    "iname=VI_2,intf=eth1.100,vrid=7,ip_address=fe80::100": 3,
    "iname=VI_2,intf=eth1.100,vrid=7,ip_address=2001:db8::100/64": 3,
  });
  assert.deepEqual(valuesOf(found, "keepalived_vrrp_excluded_state"), {
    "iname=VI_1,intf=eth0,vrid=51,ip_address=192.0.2.1": 2,
  });
  for (
    const name of [
      "advertisements_received",
      "advertisements_sent",
      "become_master",
      "release_master",
      "packet_length_errors",
      "advertisements_interval_errors",
      "ip_ttl_errors",
      "invalid_type_received",
      "address_list_errors",
      "authentication_invalid",
      "authentication_mismatch",
      "authentication_failure",
      "priority_zero_received",
      "priority_zero_sent",
    ]
  ) {
    const values = valuesOf(found, `keepalived_${name}_total`);
    assert.deepEqual(Object.keys(values), [
      "iname=VI_1,intf=eth0,vrid=51",
      "iname=VI_2,intf=eth1.100,vrid=7",
    ], name);
  }
  assert.equal(
    valuesOf(found, "keepalived_advertisements_sent_total")["iname=VI_1,intf=eth0,vrid=51"],
    7,
  );
});

test("an instance is in exactly one state", () => {
  const values = valuesOf(scrape(example), standinMetrics.state);
  const labels = "name=VI_1,interface=eth0,vrid=51,family=ipv4";
  assert.deepEqual(
    ["INIT", "BACKUP", "MASTER", "FAULT", "STOPPED"].map((state) =>
      values[`${labels},state=${state}`]
    ),
    [0, 0, 1, 0, 0],
  );
});

test("a node says whether it knows of a master, be it itself or another", () => {
  const backup = { ...inside, name: "VI_3", state: "BACKUP" } as const;
  const deaf = { ...backup, name: "VI_4", master: null };
  const instances = [...example.instances, backup, deaf];
  const values = valuesOf(scrape({ ...example, instances }), standinMetrics.masterKnown);
  assert.deepEqual(Object.values(values), [1, 0, 1, 0]);
});

test("times are Unix times and durations are seconds", () => {
  const found = scrape(example);
  const labels = "name=VI_1,interface=eth0,vrid=51,family=ipv4";
  assert.equal(valuesOf(found, standinMetrics.lastTransition)[labels], 1767323045.678);
  assert.equal(valuesOf(found, standinMetrics.startTime)[""], 1767322800);
  assert.equal(valuesOf(found, standinMetrics.advertInterval)[labels], 1);
});

test("labels survive quotes, backslashes and line feeds", () => {
  const name = 'a"b\\c\nd\\n{}';
  const found = scrape({ ...example, instances: [{ ...inside, name }] });
  const state = found.samples.find((sample) => sample.name === keepalivedMetrics.state);
  assert.equal(state?.labels.get("iname"), name);
});

test("no metric name is used twice and each is well formed", () => {
  const names = [
    ...Object.values(standinMetrics),
    ...Object.values(keepalivedMetrics),
    ...Object.values(counterMetrics).flatMap(({ standin, keepalived = [] }) =>
      [standin].concat(keepalived)
    ),
  ];
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^(standin|keepalived)_[a-z_]+[a-z]$/);
});

test("a node without instances still says that it is up", () => {
  const found = scrape({ ...example, instances: [], syncGroups: [] });
  assert.deepEqual(valuesOf(found, keepalivedMetrics.up), { "": 1 });
  assert.equal(found.types.has(standinMetrics.state), false);
});

test("trackers have their states, values and effects on instances", () => {
  const since = "2026-01-02T03:04:05.500Z";
  const script = {
    kind: "script",
    name: "web",
    state: "bad",
    value: null,
    detail: "exit 1",
  } as const;
  const file = { kind: "file", name: "load", state: "number", value: -7, detail: null } as const;
  const use = { group: null, weight: 2, reverse: false, since } as const;
  const found = scrape({
    ...example,
    trackers: [script, file].map((one) => ({ ...one, since, instances: ["VI_1"] })),
    instances: [{
      ...inside,
      tracking: [
        { ...script, ...use, weight: 0, effect: "fault", change: 0 },
        { ...file, ...use, effect: "priority", change: -14 },
      ],
    }],
  });
  const states = valuesOf(found, "standin_tracker_state");
  assert.deepEqual([Object.keys(states).length, states["kind=script,name=web,state=bad"]], [8, 1]);
  assert.equal(states["kind=file,name=load,state=good"], 0);
  assert.deepEqual(valuesOf(found, "standin_tracker_value"), { "kind=file,name=load": -7 });
  assert.deepEqual(valuesOf(found, "standin_tracker_last_change_time_seconds"), {
    "kind=script,name=web": Date.parse(since) / 1000,
    "kind=file,name=load": Date.parse(since) / 1000,
  });
  const [web, load] = ["tracker_kind=script,tracker=web", "tracker_kind=file,tracker=load"];
  assert.deepEqual(valuesOf(found, "standin_tracker_priority_change"), {
    [`name=VI_1,${web}`]: 0,
    [`name=VI_1,${load}`]: -14,
  });
  assert.deepEqual(valuesOf(found, "standin_tracker_fault"), {
    [`name=VI_1,${web}`]: 1,
    [`name=VI_1,${load}`]: 0,
  });
  assert.deepEqual(valuesOf(found, keepalivedMetrics.scriptStatus), { "name=web": 0 });
  assert.deepEqual(valuesOf(found, keepalivedMetrics.scriptState), { "name=web": 0 });
  assert.doesNotMatch(textOf(example), /standin_tracker|keepalived_script/);
});
