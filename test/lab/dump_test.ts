/**
 * keepalived's windows: the same signals give the same files, as those who read them understand
 * them; and what happens around a reload (`reload_file` and its like). keepalived and standin run
 * one after the other in the same box with the same file.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportedFromJson, exportedFromText } from "../support/exporter.ts";
import { poll } from "../support/lab/bell.ts";
import { readData, readStatistics } from "../support/lab/exporter.ts";
import type { Lab, Node } from "../support/lab/lab.ts";
import { filesOf, keepalivedWords, standinWords, whyNoLab } from "../support/lab/makes.ts";
import { type Program, run } from "../support/lab/program.ts";
import { Stories } from "../support/lab/story.ts";

const skip = whyNoLab();
const options = skip === undefined ? {} : { skip };
const stories = new Stories(2);

const config = `@standin status_listen off
global_defs {
  router_id near
  script_user root
  enable_script_security
}
vrrp_script chk {
  script "/bin/true"
  interval 1
  rise 2
  fall 3
}
track_file load {
  file LOAD
}
vrrp_sync_group G {
  group { VI_1 }
  notify_master "/bin/echo group"
}
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority 150
  advert_int 1
  authentication {
    auth_type PASS
    auth_pass secret
  }
  garp_master_refresh 60
  virtual_ipaddress {
    10.77.0.100/24
    10.77.0.101/32 label eth0:1
  }
  virtual_ipaddress_excluded { 2001:db8::100/64 }
  nopreempt
  notify_fault "/bin/echo fault"
}
vrrp_instance VI_2 {
  interface eth0
  virtual_router_id 52
  priority 100
  version 3
  advert_int 0.5
  unicast_peer { 10.77.0.9 min_ttl 5 max_ttl 250 }
  check_unicast_src
  virtual_ipaddress { 10.77.0.103 }
  track_script { chk weight 7 }
  track_file { load weight 2 }
}
vrrp_instance VI_3 {
  interface eth0
  use_vmac vrrp.53
  virtual_router_id 53
  priority 120
  advert_int 1
  garp_master_delay 2
  virtual_ipaddress {
    10.77.0.104/24 brd + scope link
    10.77.0.105
  }
  virtual_ipaddress_excluded { 10.77.0.106/28 dev eth0 }
}
`;

/** What people ask of the JSON file with jq. */
const questions = [
  '.[] | .data | "\\(.iname) \\(.state) \\(.vips | length)"',
  ".[] | select(.data.state == 2) | .data | [.ifp_ifname, .vrid, .effective_priority]",
  "map({(.data.iname): .stats}) | add | map_values(.become_master)",
  '.[] | .data | .vips[], (.evips // [])[] | split(" ") | {address: .[0], link: .[2]}',
  ".[].data | now - .last_transition < 600",
];

/** The same of the data file, in a shell. */
const lines = [
  "grep -A 6 'VRRP Topology' | awk -F '= ' '/State/{print $2}'",
  "awk -F '= ' '/VRRP Instance/{name=$2} /Effective priority/{print name, $2}'",
  "sed -n '/Virtual IP (/,/^   [^ ]/p' | grep -c ' dev '",
];

interface Dumps {
  readonly data: string;
  readonly statistics: string;
  readonly json: string;
}

type Instances = readonly Readonly<Record<string, Readonly<Record<string, unknown>>>>[];

/** Runs a daemon until both instances rule, and asks it for all that it writes on signals. */
async function dumpsOf(lab: Lab, node: Node, words: readonly string[]): Promise<Dumps> {
  const directory = mkdtempSync(join(node.directory, "dumps-"));
  const program = lab.start(node, ["env", `TMPDIR=${directory}`, ...words]);
  const has = (address: string, link = "eth0"): boolean => node.namespace.has(link, address);
  await lab.bell.until("all rule", () => {
    return has("10.77.0.100/24") && has("10.77.0.103/32") && has("10.77.0.105/32", "vrrp.53");
  });
  const [data, statistics, json] = await Promise.all([
    asked(program, "USR1", join(directory, "keepalived.data"), "Virtual IP Excluded"),
    asked(program, "USR2", join(directory, "keepalived.stats"), "Priority Zero"),
    asked(program, "36", join(directory, "keepalived.json"), "pri_zero_sent"),
  ]);
  program.signal("SIGTERM");
  await program.ended();
  return { data, statistics, json };
}

/** The file that comes of a signal; keepalived writes it piece by piece. */
function asked(program: Program, signal: string, path: string, word: string): Promise<string> {
  return poll(
    path,
    async () => {
      await run(["kill", `-${signal}`, String(program.pid)]);
      try {
        return readFileSync(path, "utf8");
      } catch {
        return "";
      }
    },
    (text) => text.includes(word) && /[\n\]]$/.test(text),
    undefined,
    200,
  );
}

/** Times, descriptors, and what hangs on when somebody asked. */
const varying = /^(Last transition|Read timeout|fd_in|Flags|Number of .*|Result|Weight|Timeout)/;
/** keepalived shows these, and standin has no such thing (docs/compatibility.md). */
const theirs = /^(Init state|VRRP instances|Insecure)/;

/** A password, and a script that happens to run at this moment. */
function evened(value: string | string[]): string | string[] {
  if (value === "secret") return "********";
  return value === "running" ? "idle" : value;
}

function comparable(dumped: ReturnType<typeof readData>): unknown {
  return Object.fromEntries(
    Object.entries(dumped).map(([name, settings]) => [
      name,
      Object.fromEntries(
        Object.entries(settings)
          .filter(([key]) => !varying.test(key) && !theirs.test(key))
          .map(([key, value]) => [key, evened(value)]),
      ),
    ]),
  );
}

stories.tell("data, statistics and JSON are what keepalived's readers expect", async (lab) => {
  const { a: node } = await lab.pair();
  const load = join(node.directory, "load");
  writeFileSync(load, "1\n");
  writeFileSync(filesOf(node).config, config.replace("LOAD", load));
  const their = await dumpsOf(lab, node, keepalivedWords(node));
  const our = await dumpsOf(lab, node, standinWords(node));
  for (const title of ["VRRP Instance", "VRRP Script", "Track file"]) {
    const [expected, found] = [their, our].map(({ data }) => comparable(readData(data, title)));
    assert.ok(Object.keys(expected ?? {}).length > 0, title);
    assert.deepEqual(found, expected, title);
  }
  const [expected, found] = [their, our].map(({ statistics }) => readStatistics(statistics));
  assert.deepEqual(Object.keys(found ?? {}), ["VI_1", "VI_2", "VI_3"]);
  for (const name of ["VI_1", "VI_2", "VI_3"]) {
    const [ours, theirCounters] = [found?.[name] ?? {}, expected?.[name] ?? {}];
    assert.deepEqual(Object.keys(ours), Object.keys(theirCounters));
    assert.equal(ours["Became master"], 1);
    assert.ok((ours["Advertisements Sent"] ?? 0) > 0);
  }
  const [theirList, ourList] = [their, our].map(({ json }): Instances => JSON.parse(json));
  for (const [index, instance] of theirList?.entries() ?? []) {
    for (const part of ["data", "stats"] as const) {
      const [mine, other] = [ourList?.[index]?.[part] ?? {}, instance[part] ?? {}];
      assert.deepEqual(Object.keys(mine), Object.keys(other), part);
      const moving = ["last_transition", "advert_sent", "auth_data"];
      for (const [key, value] of Object.entries(other)) {
        if (!moving.includes(key)) assert.deepEqual(mine[key], value, key);
      }
    }
  }
  assert.deepEqual(exported(our), exported(their));
  for (const question of questions) {
    const [mine, other] = await Promise.all([our, their].map(({ json }) => jq(question, json)));
    assert.equal(mine, other, question);
  }
  for (const line of lines) {
    const asked = [our, their].map(({ data }) => run(["sh", "-c", line], data));
    const [mine, other] = await Promise.all(asked);
    assert.match(other?.stdout ?? "", /./, line);
    assert.equal(mine?.stdout, other?.stdout, line);
  }
}, options);

/** What an exporter makes of all three files, but for what goes on while it asks. */
function exported({ data, statistics, json }: Dumps): string[][] {
  return [exportedFromText(data, statistics), exportedFromJson(json)].map((samples) =>
    samples.map((line) => line.replace(/^(.*(?:_sent_total|_script_state)\{.*\}) \d+$/, "$1"))
  );
}

async function jq(question: string, json: string): Promise<string> {
  const { code, stdout, stderr } = await run(["jq", "-c", question], json);
  assert.equal(code, 0, `${question}: ${stderr}`);
  return stdout;
}

stories.tell("files around a reload, and a reload at a time", async (lab) => {
  const { a: node } = await lab.pair();
  const at = (name: string): string => join(node.directory, name);
  const reloading = (...lines: string[]): string =>
    `@standin status_listen off\nglobal_defs {\n  config_save_dir ${at("saved")}\n` +
    `  reload_check_config ${at("check.log")}\n  reload_time_file ${at("when")}\n` +
    `  reload_file ${at("reading")}\n}\n` +
    `vrrp_instance VI_1 {\n  interface eth0\n  virtual_router_id 51\n  ${lines.join("\n  ")}\n` +
    "  virtual_ipaddress { 10.77.0.100/24 }\n}\n";
  writeFileSync(filesOf(node).config, reloading("priority 100"));
  const program = lab.start(node, standinWords(node));
  await program.line(/is running, pid/);
  assert.equal(readdirSync(at("saved")).length, 1, "the first configuration is saved");
  // A file with an error: what is said of it goes to a file.
  writeFileSync(filesOf(node).config, reloading("priority 100", "prioritee 3"));
  program.signal("SIGHUP");
  await program.line(/reload-refused|Cannot reload/);
  assert.match(readFileSync(at("check.log"), "utf8"), /prioritee/);
  // A good one, at a time.
  writeFileSync(filesOf(node).config, reloading("priority 120"));
  const soon = new Date(Date.now() + 3500).toISOString();
  writeFileSync(at("when"), `${soon.slice(0, 10)} ${soon.slice(11, 19)}Z\n`);
  await program.line(/A reload is scheduled/);
  await program.line(/priority 100 → 120/);
  await poll("the state after it", () => readdirSync(at("saved")), (names) => {
    return names.some((name) => name.endsWith(".post"));
  });
  assert.equal(readFileSync(at("check.log"), "utf8"), "");
  const left = readdirSync(node.directory);
  assert.ok(!left.includes("when") && !left.includes("reading"), left.join(" "));
  const saved = readdirSync(at("saved"));
  for (const form of [/^keepalived\.conf\./, /^keepalived_vrrp\..*\.pre$/, /\.post$/]) {
    assert.ok(saved.some((name) => form.test(name)), `${form}: ${saved.join(" ")}`);
  }
}, options);
