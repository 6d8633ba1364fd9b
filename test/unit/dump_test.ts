/**
 * keepalived's dump files: their names, and the layouts that the lab does not hold against
 * keepalived's own, because Debian's does not know them.
 */
import assert from "node:assert/strict";
import { seconds } from "../../lib/base/mod.ts";
import {
  checkDataPieces,
  dataPieces,
  type DumpView,
  renderJson,
  renderStatistics,
  whole,
} from "../../lib/dump/mod.ts";
import { statePath } from "../../lib/host/linux/dump_files.ts";
import { instance, modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

/** A daemon with this configuration, five seconds later. */
function viewOf(text: string): DumpView {
  const story = new Story("a b");
  const model = modelOf(text);
  story.startWith("a", model);
  story.run(seconds(5));
  const snapshot = story.node("a").snapshot();
  assert.ok(snapshot !== undefined);
  return { model, snapshot };
}

test("the state goes where the template says, with the process before its last dot", () => {
  const path = (lines: string, suffix: string): string =>
    statePath(modelOf(`${lines}${instance("priority 100")}`), suffix);
  const template = "global_defs {\n state_dump_file /var/tmp/my.state.txt\n}\n";
  assert.equal(path(template, ""), "/var/tmp/my.state.txt");
  assert.equal(path(template, "_check"), "/var/tmp/my.state_check.txt");
  const named = "instance blue\nglobal_defs {\n state_dump_file /x/k.data\n data_use_instance\n}\n";
  assert.equal(path(named, "_bfd"), "/x/k_bfd.blue.data");
  assert.equal(path(named.replace("data_use_instance", ""), "_bfd"), "/x/k_bfd.data");
  assert.match(path("", ""), /\/keepalived\.data$/);
});

test("json_version 2 is an object with tracked processes beside the instances", () => {
  const text = "vrrp_track_process p {\n process sshd\n weight 5\n}\n" +
    instance("priority 100\n track_process { p }");
  const first: unknown = JSON.parse(renderJson(viewOf(text)));
  assert.ok(Array.isArray(first) && first.length === 1);
  const second = JSON.parse(renderJson(viewOf(`global_defs {\n json_version 2\n}\n${text}`)));
  assert.deepEqual(Object.keys(second), ["vrrp", "track_process"]);
  assert.equal(second.vrrp[0].data.iname, "VI_1");
  assert.equal(second.track_process[0].process, "sshd");
});

test("a router that is being ended has keepalived's number for that", () => {
  const { model, snapshot } = viewOf(instance("priority 100"));
  const instances = snapshot.instances.map((one) => ({ ...one, state: "STOPPED" as const }));
  const [{ data }] = JSON.parse(renderJson({ model, snapshot: { ...snapshot, instances } }));
  assert.equal(data.state, 98);
});

test("a password is in no dump", () => {
  const view = viewOf(instance("version 2\n authentication { auth_type PASS\n auth_pass wxyz }"));
  for (const text of [whole(dataPieces(view)), renderJson(view)]) {
    assert.ok(text.includes("********") && !text.includes("wxyz"), text);
  }
});

test("nothing to tell is an empty text", () => {
  const view = viewOf(
    "virtual_server 10.0.0.9 80 {\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n " +
      "real_server 10.1.0.2 80 {\n }\n}\n",
  );
  assert.equal(renderStatistics(view), "");
  assert.match(whole(checkDataPieces(view)), /RIP = 10\.1\.0\.2, RPORT = 80, WEIGHT = 1/);
});

test("of many virtual servers each is a piece of its own", () => {
  const server =
    "lvs_sched rr\n lvs_method NAT\n protocol TCP\n real_server 10.1.0.2 80 {\n }\n}\n";
  const servers = ["10.0.0.8", "10.0.0.9"].map((one) => `virtual_server ${one} 80 {\n ${server}`);
  const [first = "", second = "", ...more] = checkDataPieces(viewOf(servers.join("")));
  assert.match(
    first,
    /^------< LVS Topology >------\n ------< Virtual server >------\n.*10\.0\.0\.8/,
  );
  assert.match(second, /^ ------< Virtual server >------\n.*10\.0\.0\.9/);
  assert.deepEqual(more, []);
});
