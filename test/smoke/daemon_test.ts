/** A whole life of the daemon through its commands: run, status, reload, stop. Needs root. */
import assert from "node:assert/strict";
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "../support/test.ts";
import { inDirectory, type Outcome, outcomeOf, standin, start } from "./command.ts";
import { type Network, whyNoNetwork, withNetwork } from "./network.ts";

const skip = whyNoNetwork();

function configuration(priority: number): string {
  return `\
global_defs {
    router_id smoke
    vrrp_version 3
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority ${priority}
    advert_int 0.1
    virtual_ipaddress {
        10.77.0.100/24
    }
}
`;
}

/** A place for one daemon: its network, its file, its run directory, and the command inside. */
interface Site {
  readonly network: Network;
  readonly file: string;
  readonly runDir: string;
  ask(...args: readonly string[]): Promise<Outcome>;
}

async function atSite(name: string, body: (site: Site) => Promise<void>): Promise<void> {
  await withNetwork(name, async (network) => {
    await inDirectory(async (directory) => {
      const file = join(directory, "keepalived.conf");
      const runDir = join(directory, "run");
      writeFileSync(file, configuration(100));
      const prefix = network.inside;
      await body({
        network,
        file,
        runDir,
        ask: (...args) => standin([...args, "--run-dir", runDir], { prefix }),
      });
    });
  });
}

/** Asks again and again until the answer pleases. */
async function until<T>(ask: () => Promise<T>, pleases: (answer: T) => boolean): Promise<T> {
  const giveUpAt = Date.now() + 60_000;
  while (true) {
    const answer = await ask();
    if (pleases(answer)) return answer;
    if (Date.now() > giveUpAt) throw new Error(`never came: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function untilMaster(site: Site): Promise<Outcome> {
  return await until(() => site.ask("status"), ({ stdout }) => / MASTER +\d/.test(stdout));
}

interface Told {
  readonly event: string;
  readonly message: string;
}

/** The recording of a daemon has the transitions of its event log, in order. */
async function assertReplays(
  recording: string,
  events: readonly Told[],
): Promise<void> {
  const { code, stdout } = await standin(["replay", recording, "--json"]);
  assert.equal(code, 0, stdout);
  const told = stdout.trimEnd().split("\n").flatMap((line) => JSON.parse(line).effects ?? [])
    .flatMap(({ tell, words }) => tell?.kind === "transition" ? [words] : []);
  const kept = events.flatMap(({ event, message }) => event === "transition" ? [message] : []);
  assert.deepEqual(told, kept);
}

/** A refused reload is shown until one is applied; scripts that others could write are judged. */
async function refusesWhatIsNotSecure(site: Site): Promise<void> {
  const { network, file } = site;
  const shown = (await site.ask("status")).stdout;
  assert.match(shown, / MASTER +150 /);
  assert.match(shown, /^Reload refused .* ago: 2 errors; .*\n {2}\/.*:5:1: Cannot run /m);

  const script = `${file}.sh`;
  writeFileSync(script, "#!/bin/sh\nexit 0\n");
  chmodSync(script, 0o777);
  const insecure = configuration(150) +
    `vrrp_script open {\n    script ${script}\n    user root\n}\n`;
  writeFileSync(file, insecure);
  assert.equal((await standin(["check", file], { prefix: network.inside })).code, 6);
  const taken = await site.ask("reload");
  assert.equal(taken.code, 0, taken.stderr);
  assert.doesNotMatch((await site.ask("status")).stdout, /refused/);
  writeFileSync(file, insecure.replace("router_id", "enable_script_security\n    router_id"));
  assert.equal((await site.ask("plan")).code, 6);
  const forbidden = await site.ask("reload");
  assert.equal(forbidden.code, 5, forbidden.stdout);
}

test("a daemon lives through run, status, reload and stop", async () => {
  await atSite("life", async (site) => {
    const { network, file, runDir } = site;
    const recording = `${file}.jsonl`;
    const words = ["run", "-f", file, "--run-dir", runDir, "--record", recording];
    const ended = outcomeOf(start(words, { prefix: network.inside }));
    const shown = await untilMaster(site);
    assert.match(shown.stdout, /^VI_1 +eth0 +51 +v3 +MASTER +100 +10\.77\.0\.1 /m);
    assert.match(shown.stdout, /^ {4}10\.77\.0\.100\/24$/m);
    assert.deepEqual(network.addresses(), ["10.77.0.1/24", "10.77.0.100/24"]);

    const json = JSON.parse((await site.ask("status", "--json")).stdout);
    assert.equal(json.node, "smoke");
    assert.equal(json.config.file, file);
    assert.deepEqual(json.instances[0].master, { address: "10.77.0.1", priority: 100 });
    // Scripts make files for their user alone, as with keepalived; pid files are for everybody.
    assert.match(readFileSync(`/proc/${json.pid}/status`, "utf8"), /^Umask:\t0177$/m);
    assert.equal(statSync(join(runDir, "standin.pid")).mode & 0o777, 0o644);

    const explained = await site.ask("explain", "VI_1");
    assert.match(explained.stdout, /^Who would win now\n {2}this node$/m, explained.stderr);
    const unknown = await site.ask("explain", "VI_2");
    assert.deepEqual([unknown.code, unknown.stdout], [1, ""]);
    assert.match(unknown.stderr, /no instance "VI_2" \(did you mean "VI_1"\?\)/);

    const same = await site.ask("reload");
    assert.equal(same.code, 0, same.stderr);
    writeFileSync(file, configuration(150));
    const changed = await site.ask("reload");
    assert.match(changed.stdout, /150/, changed.stderr);
    assert.match((await untilMaster(site)).stdout, / MASTER +150 /);

    writeFileSync(file, configuration(150).replace("virtual_router_id", "virtual_ruoter_id"));
    const refused = await site.ask("reload");
    assert.equal(refused.code, 5, refused.stdout);
    assert.match(refused.stderr, /virtual_ruoter_id/);
    await refusesWhatIsNotSecure(site);

    const stopped = await site.ask("stop");
    assert.deepEqual([stopped.code, stopped.stdout], [0, "Stopped\n"], stopped.stderr);
    assert.equal((await ended).code, 0);
    assert.deepEqual(network.addresses(), ["10.77.0.1/24"]);
    assert.equal((await site.ask("status")).code, 3);

    const events: Told[] = JSON.parse((await site.ask("events", "--json")).stdout);
    const kinds = events.map(({ event }) => event);
    for (const kind of ["started", "transition", "configured", "reload-refused", "stopped"]) {
      assert.ok(kinds.includes(kind), `${kind} is in ${kinds}`);
    }
    await assertReplays(recording, events);
    const about = await site.ask("events", "VI_1");
    assert.match(about.stdout, / {2}notice {3}VI_1: BACKUP → MASTER, /);
    assert.match(about.stderr, /no daemon answers/);
    assert.equal((await site.ask("events", "--since", "tomorrow")).code, 2);
  });
}, { skip });

test("HUP at the start is heard; TERM ends the daemon with 0, without its addresses", async () => {
  await atSite("term", async (site) => {
    const { network, file, runDir } = site;
    const script = `${file}.sh`;
    writeFileSync(script, "#!/bin/sh\nkill -HUP $PPID\nsleep 0.2\n", { mode: 0o755 });
    const global = `global_defs {\n    startup_script ${script} root\n`;
    writeFileSync(file, configuration(100).replace("global_defs {\n", global));
    const args = ["-n", "-l", "-D", "-f", file, "--run-dir", runDir];
    const daemon = start(args, { prefix: network.inside });
    const ended = outcomeOf(daemon);
    await untilMaster(site);
    // Not to the child of ours: that may be a wrapper around the runtime.
    const status = await until(
      async () => JSON.parse((await site.ask("status", "--json")).stdout),
      ({ config }) => config.reloads > 0,
    );
    assert.equal(status.config.reloads, 1);
    process.kill(status.pid, "SIGTERM");
    const { code, stderr } = await ended;
    assert.equal(code, 0, stderr);
    assert.match(stderr, /MASTER/);
    assert.deepEqual(network.addresses(), ["10.77.0.1/24"]);
  });
}, { skip });

test("without -n the command returns when the daemon in the background is ready", async () => {
  await atSite("back", async (site) => {
    const { network, file } = site;
    const pidFile = `${file}.pid`;
    const started = await site.ask("-f", file, "-p", pidFile);
    assert.deepEqual([started.code, started.stdout], [0, ""], started.stderr);
    const shown = await site.ask("status");
    assert.equal(shown.code, 0, shown.stderr);
    await untilMaster(site);
    const stopped = await site.ask("stop");
    assert.equal(stopped.code, 0, stopped.stderr);
    assert.deepEqual(network.addresses(), ["10.77.0.1/24"]);
  });
}, { skip });

test("a second daemon on the same run directory is refused", async () => {
  await atSite("twice", async (site) => {
    const { network, file, runDir } = site;
    const daemon = start(["run", "-f", file, "--run-dir", runDir], { prefix: network.inside });
    const ended = outcomeOf(daemon);
    await untilMaster(site);
    const second = await site.ask("run", "-f", file);
    assert.notEqual(second.code, 0);
    assert.match(second.stderr, /running/);
    const typo = await site.ask("run", "-f", `${file}.none`);
    assert.match(typo.stderr, /^[^\n]*none/, "that comes first");
    assert.doesNotMatch(typo.stderr, /running/);
    const third = await site.ask("-f", file);
    assert.notEqual(third.code, 0, "a start in the background fails in the foreground");
    assert.match((await site.ask("status")).stdout, / MASTER +100 /);
    await site.ask("stop");
    await ended;
  });
}, { skip });

test("a daemon without a configuration does not start", async () => {
  await atSite("none", async (site) => {
    for (const args of [["run", "-f", `${site.file}.none`], ["-n", "-f", `${site.file}.none`]]) {
      const { code, stderr } = await site.ask(...args);
      assert.ok(code === 2 || code === 6, `exit ${code}: ${stderr}`);
      assert.match(stderr, /none/);
    }
    assert.notEqual((await site.ask("-f", `${site.file}.none`)).code, 0);
  });
}, { skip });
