/**
 * Prometheus' own promtool as the judge: of what a daemon answers in many states, and of the rules
 * in docs/monitoring, each of which fires when it should and not before.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { seconds } from "../../../lib/base/mod.ts";
import type { Snapshot } from "../../../lib/engine/mod.ts";
import { expositionPieces, metricFamilies } from "../../../lib/status/mod.ts";
import { instance, modelOf } from "../../support/model.ts";
import { Story } from "../../support/story.ts";
import { test } from "../../support/test.ts";
import { example, inside } from "./example.ts";

const found = spawnSync("promtool", ["--version"]).status === 0;
const options = found ? {} : { skip: "promtool (Debian package prometheus) is not installed" };
const directory = new URL("../../../docs/monitoring/", import.meta.url);

/** What promtool says, and whether it is content. */
function promtool(words: readonly string[], input = ""): { content: boolean; said: string } {
  const { status, stdout, stderr } = spawnSync("promtool", words, {
    cwd: directory,
    encoding: "utf8",
    input,
  });
  return { content: status === 0, said: `${stdout}${stderr}` };
}

function checked(snapshot: Snapshot): ReturnType<typeof promtool> {
  return promtool(["check", "metrics"], [...expositionPieces(metricFamilies(snapshot))].join(""));
}

/** All kinds of things that have metrics, good and bad. */
const everything = `
vrrp_script fails {
  script "/fails"
  interval 1
}
vrrp_track_file load {
  file /load
}
vrrp_track_process web {
  process nginx
}
track_probe gateway {
  ping gateway
}
bfd_instance peer {
  neighbor_ip 10.0.0.2
}
virtual_server 10.0.0.100 80 {
  lvs_sched rr
  lvs_method NAT
  protocol TCP
  real_server 10.1.0.2 80 {
    TCP_CHECK {
    }
  }
}
vrrp_sync_group G {
  group {
    VI_2
  }
}
${
  instance(`priority 100
    track_script {
      fails weight -10
    }
    track_bfd {
      peer weight 5
    }
    track_file {
      load
    }
    resources {
      script /a+ /a- /a?
    }`)
}
${instance("priority 100\n track_interface {\n eth1\n }", { name: "VI_2", id: 52 })}`;

test("promtool finds nothing to say about the metrics of a node in its life", () => {
  const story = new Story("a b");
  story.startWith("a", modelOf(everything));
  story.startWith("b", modelOf(instance("priority 90")));
  const asked = (when: string): void => {
    for (const name of ["a", "b"]) {
      const snapshot = story.node(name).snapshot();
      if (snapshot === undefined) continue;
      assert.deepEqual(checked(snapshot), { content: true, said: "" }, `${name} ${when}`);
    }
  };
  asked("at the start");
  story.run(seconds(10));
  asked("after a while");
  story.down("a", "eth1");
  story.run(seconds(5));
  asked("after a failover");
}, options);

test("promtool reads names with quotes, backslashes, line feeds and other scripts", () => {
  const names = ['a"b\\c\nd\\n{}=,', "Zürich-東京-🛰", " "];
  const instances = names.map((name) => ({ ...inside, name, interface: name }));
  assert.deepEqual(checked({ ...example, instances }), { content: true, said: "" });
}, options);

test("promtool is awake: it has something to say about the counters of an old exporter", () => {
  const { content, said } = promtool(
    ["check", "metrics"],
    "# HELP keepalived_lvs_vip_conn Connections\n# TYPE keepalived_lvs_vip_conn counter\n" +
      "keepalived_lvs_vip_conn 1\n",
  );
  assert.ok(!content && said.includes('"_total" suffix'), said);
}, options);

test("promtool finds the rules well formed, and they fire when they should", () => {
  const rules = promtool(["check", "rules", "alerts.yml"]);
  assert.ok(rules.content, rules.said);
  const tests = promtool(["test", "rules", "alerts_test.yml", "alerts_hours_test.yml"]);
  assert.ok(tests.content, tests.said);
}, options);

test("every alert has a case in which it fires, and one in which it does not", () => {
  const read = (name: string): string => readFileSync(new URL(name, directory), "utf8");
  const cases = read("alerts_test.yml") + read("alerts_hours_test.yml");
  for (const [, name] of read("alerts.yml").matchAll(/- alert: (\w+)/g)) {
    assert.match(cases, new RegExp(`alertname: ${name}\n +exp_alerts:`), name);
    assert.match(cases, new RegExp(`alertname: ${name} }`), name);
  }
});
