/**
 * What exporters read from keepalived's dumps is what `/metrics` says in their names, whatever the
 * routers do.
 */
import assert from "node:assert/strict";
import { seconds } from "../../lib/base/mod.ts";
import { dataPieces, renderJson, renderStatistics, whole } from "../../lib/dump/mod.ts";
import { metricFamilies } from "../../lib/status/mod.ts";
import { exportedFromJson, exportedFromText } from "../support/exporter.ts";
import { instance, modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const text = `
vrrp_script fails {
  script "/fails"
  interval 1
}
vrrp_script unused {
  script "/unused"
}
${
  instance(`priority 100
    garp_master_delay 7
    virtual_ipaddress_excluded {
      192.0.2.1/24
      2001:db8::1
    }
    track_script {
      fails
    }`)
}
vrrp_instance VI_6 {
  interface eth1
  virtual_router_id 66
  priority 90
  notify_master "/notify a=b:c"
  virtual_ipaddress {
    fe80::66
    2001:db8::66/64
  }
  virtual_routes {
    2001:db8:1::/64 via 2001:db8::5 dev eth1
  }
}
${
  instance("version 2\n priority 80\n authentication {\n auth_type PASS\n auth_pass a=b:\n }", {
    name: "VI_2",
    id: 52,
  })
}`;

test("exporters read from the dumps what stands in /metrics under their names", () => {
  const story = new Story("a b");
  const model = modelOf(text);
  story.node("a").machine.script("/fails", { end: { kind: "exited", code: 0 } });
  story.startWith("a", model);
  const agree = (when: string): void => {
    const snapshot = story.node("a").snapshot();
    assert.ok(snapshot !== undefined);
    const view = { model, snapshot };
    const metrics = [...metricFamilies(snapshot)]
      .filter(({ name }) => name.startsWith("keepalived_") && name !== "keepalived_up")
      .flatMap(({ name, samples }) =>
        samples.map(({ labels, value }) => {
          const words = Object.entries(labels).map((pair) => pair.join("="));
          return `${name}{${words.join(",")}} ${value}`;
        })
      ).sort();
    assert.deepEqual(
      exportedFromText(whole(dataPieces(view)), renderStatistics(view)),
      metrics,
      when,
    );
    const withoutScripts = metrics.filter((line) => !line.includes("_script_"));
    assert.deepEqual(exportedFromJson(renderJson(view)), withoutScripts, when);
  };
  agree("at the start");
  story.run(seconds(10));
  agree("as master");
  story.node("a").machine.script("/fails", { end: { kind: "exited", code: 1 } });
  story.down("a", "eth1");
  story.run(seconds(10));
  agree("in FAULT");
});
