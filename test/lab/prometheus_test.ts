/**
 * A real Prometheus scrapes a real pair: every panel of the dashboard has something to show, and so
 * have dashboards made for the keepalived exporter; alerts go from pending to firing by what
 * happens on the wire.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { counterMetrics, keepalivedMetrics } from "../../lib/status/mod.ts";
import type { Node } from "../support/lab/lab.ts";
import { standin, whyNoLab } from "../support/lab/makes.ts";
import { protocols, type RouterPlan } from "../support/lab/plan.ts";
import { repository } from "../support/lab/program.ts";
import { Prometheus, whyNoPrometheus } from "../support/lab/prometheus.ts";
import { Router } from "../support/lab/router.ts";
import { Stories } from "../support/lab/story.ts";

const [, overIpv4] = protocols;
const skip = whyNoLab() ?? whyNoPrometheus();
const stories = new Stories(1);

/** A name of which something has to be escaped in a label. */
const name = "chk'\\ü,";

/** A router whose script fails once there is a file `bad`. */
function planOf({ number, directory }: Node, priority: number): RouterPlan {
  return {
    protocol: overIpv4,
    priority,
    roots: [
      `@standin status_listen 10.77.0.${number}:9568`,
      `vrrp_script ${name} {\n  script "/usr/bin/test ! -e ${directory}/bad"\n  interval 0.2\n}`,
      "virtual_server 10.77.0.100 80 {\n  protocol TCP\n  lvs_method NAT\n  lvs_sched rr\n" +
      "  delay_loop 1\n  real_server 10.77.0.1 9 {\n    TCP_CHECK {\n      warmup 0\n    }\n  }\n}",
    ],
    lines: [`track_script {\n${name}\n}`],
  };
}

interface Target {
  readonly expr: string;
  readonly legendFormat: string;
}

/** What all panels ask, for all nodes, and the labels that they name the answers by. */
function questions(): { expression: string; labels: string[] }[] {
  const text = readFileSync(join(repository, "docs/monitoring/dashboard.json"), "utf8");
  const { panels } = JSON.parse(text);
  return panels.flatMap(({ targets }: { targets: readonly Target[] }) =>
    targets.map(({ expr, legendFormat }) => ({
      expression: expr.replaceAll("$instance", ".*"),
      labels: [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label),
    }))
  );
}

stories.tell("Prometheus reads a pair, and wakes somebody up", async (lab) => {
  const { segment, a, b } = await lab.pair();
  const watcher = await lab.node("c", 3);
  segment.join(watcher);
  const first = new Router(lab, a, standin, planOf(a, 200));
  const second = new Router(lab, b, standin, planOf(b, 100));
  const targets = ["10.77.0.1:9568", "10.77.0.2:9568"];
  const starting = Prometheus.start(lab, watcher, targets);
  await Promise.all([first.start(), second.start()]);
  await first.untilItRules();
  const prometheus = await starting;

  assert.deepEqual(await prometheus.labelValues("standin_build_info", "instance"), targets);
  assert.deepEqual(await prometheus.labelValues("standin_tracker_state", "name"), [name]);
  for (const { expression, labels } of questions()) {
    for (const { metric } of await prometheus.untilThereIs(expression)) {
      for (const label of labels) assert.ok(label in metric, `${label} of ${expression}`);
    }
  }
  const common = [
    ...Object.values(keepalivedMetrics),
    ...Object.values(counterMetrics).flatMap(({ keepalived }) => keepalived ?? []),
  ];
  for (const metric of common.filter((one) => one !== keepalivedMetrics.excludedState)) {
    assert.ok((await prometheus.query(`{__name__="${metric}"}`)).length >= 2, metric);
  }
  const masters = await prometheus.query("keepalived_vrrp_state == 2");
  assert.deepEqual(masters.map(({ metric }) => metric["ip_address"]).sort(), [
    "10.77.0.100/24",
    "10.77.0.101/24",
  ]);

  for (const target of targets) {
    const get = `busybox wget -q -O - http://${target}/metrics`.split(" ");
    const { stdout: body } = await watcher.namespace.run(get);
    assert.match(body, /^standin_instance_state/m);
    const { stdout, stderr } = await watcher.namespace.run(["promtool", "check", "metrics"], body);
    // The names of another exporter are as they are.
    const said = `${stdout}${stderr}`.split("\n").filter((one) =>
      !/^(keepalived_lvs_.*_total|$)/.test(one)
    );
    assert.deepEqual(said, [], target);
  }

  segment.setSplit([a, b], true);
  await second.untilItRules();
  await prometheus.untilAlert("StandinSplitBrain", "pending");
  const { labels, annotations } = await prometheus.untilAlert("StandinSplitBrain", "firing");
  assert.equal(labels["severity"], "critical");
  assert.equal(annotations["summary"], "2 nodes are master of VI_1 (VRID 51) at once");
  segment.setSplit([a, b], false);

  for (const { directory } of [a, b]) writeFileSync(join(directory, "bad"), "");
  const nobody = await prometheus.untilAlert("StandinNoMaster", "firing");
  assert.equal(nobody.annotations["summary"], "Nobody is master of VI_1 (VRID 51)");
  const script = await prometheus.untilAlert("StandinScriptFailing", "firing");
  assert.match(script.annotations["summary"] ?? "", /^Script .*ü.* fails on 10\.77\.0\.[12]:9568$/);
  const twice = "prometheus_target_scrapes_sample_duplicate_timestamp_total";
  assert.deepEqual(await prometheus.query(`${twice} > 0`), []);
}, skip === undefined ? {} : { skip });
