/**
 * The process as the configuration wants it: how each of its threads is scheduled, on which
 * processors, what stays in memory, the mask of its files and its name; and that none of that goes
 * on to the programs that it starts. keepalived with the same file is the judge of its child that
 * speaks VRRP.
 */
import assert from "node:assert/strict";
import { copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { poll } from "../support/lab/bell.ts";
import type { Lab } from "../support/lab/lab.ts";
import { filesOf, keepalived, standin, standinCommand, whyNoLab } from "../support/lab/makes.ts";
import {
  addressesOf,
  protocols,
  renderConfiguration,
  type RouterPlan,
} from "../support/lab/plan.ts";
import { limitOf, statusLine, threadsOf } from "../support/lab/process.ts";
import { type Make, Router } from "../support/lab/router.ts";
import { ask, guardOf } from "../support/lab/standin.ts";
import { Stories } from "../support/lab/story.ts";

const [, overIpv4] = protocols;
const plan: RouterPlan = { protocol: overIpv4, priority: 200 };
const skip = whyNoLab();
const options = skip === undefined ? {} : { skip };
const stories = new Stories(3);

/** A make whose file begins with more lines of `global_defs`. */
function saying(make: Make, lines: readonly string[]): Make {
  return {
    ...make,
    prepare: async (lab, node, plan) => {
      const words = await make.prepare(lab, node, plan);
      writeFileSync(filesOf(node).config, fileWith(lines));
      return words;
    },
  };
}

function fileWith(lines: readonly string[], others: RouterPlan = plan): string {
  return `global_defs {\n${lines.join("\n")}\n}\n${renderConfiguration(others)}`;
}

const everything = [
  "vrrp_rt_priority 20",
  "vrrp_rlimit_rttime 5000000",
  "vrrp_priority -5",
  "vrrp_no_swap",
  "vrrp_cpu_affinity 0",
  "umask 027",
  "process_name gate-of-lab",
];

/** What is the same on every thread of a process. */
function common<T>(pid: number, of: (thread: ReturnType<typeof threadsOf>[number]) => T): T[] {
  return [...new Set(threadsOf(pid).map(of))];
}

async function started(lab: Lab, make: Make, lines: readonly string[]): Promise<Router> {
  const { a } = await lab.pair();
  const router = new Router(lab, a, saying(make, lines), plan);
  await router.start();
  await router.untilItRules();
  return router;
}

stories.tell("the daemon is as the file says, and no child is", async (lab) => {
  const router = await started(lab, standin, everything);
  const { pid } = router.program;
  await poll(
    "all threads are in real time",
    () => common(pid, ({ policy, priority }) => `${policy} ${priority}`),
    (found) => found.join() === "round-robin 20",
  );
  assert.deepEqual(common(pid, ({ processors }) => processors), ["0"]);
  assert.ok(common(pid, ({ nice }) => nice).includes(-5));
  assert.notEqual(statusLine(pid, "VmLck"), "0 kB");
  assert.equal(statusLine(pid, "Umask"), "0027");
  assert.equal(readFileSync(`/proc/${pid}/comm`, "utf8").trim(), "gate-of-lab");
  assert.deepEqual(limitOf(pid, "Max realtime timeout"), ["5000000", "unlimited"]);
  const guard = guardOf(router.node);
  assert.ok(guard !== undefined);
  const [here] = threadsOf(process.pid);
  const { netNamespace: _, ...usual } = here ?? assert.fail();
  const { netNamespace: __, ...child } = threadsOf(guard)[0] ?? assert.fail();
  assert.deepEqual(child, usual);
  assert.equal(statusLine(guard, "VmLck"), "0 kB");
}, options);

stories.tell("a script that is run again and again has nothing of it", async (lab) => {
  const { a } = await lab.pair();
  const script = join(a.directory, "look.sh");
  const seen = join(a.directory, "seen");
  const look = `cat /proc/self/stat > ${seen}.new && ` +
    `grep -E "Cpus_allowed_list|VmLck" /proc/self/status >> ${seen}.new && mv ${seen}.new ${seen}`;
  writeFileSync(script, `#!/bin/sh\n${look}\n`, { mode: 0o755 });
  const block = `vrrp_script look {\nscript ${script}\ninterval 1\nuser root\n}\n`;
  const router = new Router(lab, a, {
    ...standin,
    prepare: async (lab, node, plan) => {
      const words = await standin.prepare(lab, node, plan);
      const tracking = { ...plan, lines: ["track_script { look }"] };
      writeFileSync(filesOf(node).config, block + fileWith(everything, tracking));
      return words;
    },
  }, plan);
  await router.start();
  const text = await poll("the script has looked", () => {
    try {
      return readFileSync(seen, "utf8");
    } catch {
      return "";
    }
  }, (found) => found !== "");
  const fields = text.replace(/^.*\) /s, "").split(/\s/);
  assert.deepEqual([19, 40, 41].map((number) => fields[number - 3]), ["0", "0", "0"]);
  const here = threadsOf(process.pid)[0];
  assert.match(text, new RegExp(`Cpus_allowed_list:\\s*${here?.processors}\n`));
  assert.match(text, /VmLck:\s*0 kB/);
}, options);

stories.tell("keepalived with the same file has the same scheduling", async (lab) => {
  const router = await started(lab, keepalived, everything);
  const pid = Number(readFileSync(join(router.node.directory, "vrrp.pid"), "utf8"));
  assert.deepEqual(common(pid, ({ policy }) => policy), ["round-robin"]);
  assert.deepEqual(common(pid, ({ priority }) => priority), [20]);
  assert.deepEqual(common(pid, ({ processors }) => processors), ["0"]);
  assert.notEqual(statusLine(pid, "VmLck"), "0 kB");
  assert.equal(statusLine(pid, "Umask"), "0027");
}, options);

stories.tell("without these settings nothing is set, and a reload takes them back", async (lab) => {
  const router = await started(lab, standin, []);
  const { pid } = router.program;
  const mask = statusLine(pid, "Umask");
  const before = threadsOf(pid)[0] ?? assert.fail();
  assert.deepEqual([before.policy, statusLine(pid, "VmLck")], ["other", "0 kB"]);
  const name = readFileSync(`/proc/${pid}/comm`, "utf8");
  for (const lines of [everything, []]) {
    writeFileSync(filesOf(router.node).config, fileWith(lines));
    const { body } = await ask(router.node, "/reload", "POST");
    assert.match(body, /"applied":true/);
    const wanted = lines.length > 0 ? "round-robin" : "other";
    await poll("it is scheduled otherwise", () => threadsOf(pid)[0]?.policy, (policy) => {
      return policy === wanted;
    });
  }
  assert.deepEqual(threadsOf(pid)[0], before);
  assert.deepEqual(common(pid, ({ policy }) => policy), ["other"]);
  assert.equal(statusLine(pid, "VmLck"), "0 kB");
  assert.equal(readFileSync(`/proc/${pid}/comm`, "utf8"), name);
  assert.equal(limitOf(pid, "Max realtime timeout")[0], "unlimited");
  assert.equal(statusLine(pid, "Umask"), mask);
}, options);

stories.tell("files have the mask of the file", async (lab) => {
  const router = await started(lab, standin, ["umask IRWXG|IRWXO"]);
  assert.equal(statusLine(router.program.pid, "Umask"), "0077");
  const guardFile = join(filesOf(router.node).runDir, "guard.pid");
  assert.equal(statSync(guardFile).mode & 0o777, 0o600);
}, options);

stories.tell("a daemon that was late makes itself more urgent", async (lab) => {
  const { segment, a, b } = await lab.pair();
  const lines = ["max_auto_priority 7", "min_auto_priority_delay 300000"];
  const master = new Router(lab, a, saying(standin, lines), plan);
  const backup = new Router(lab, b, standin, { ...plan, priority: 100 });
  await master.start();
  await master.untilItRules();
  await backup.start();
  await backup.untilItWaits();
  const { pid } = master.program;
  // A slow machine may have made it late before.
  const before = threadsOf(pid)[0]?.priority ?? 0;
  const stopped = segment.passed;
  master.program.signal("SIGSTOP");
  await lab.bell.until("the other one speaks", () => segment.adverts(b, stopped).length > 0);
  master.program.signal("SIGCONT");
  await poll("it is in real time", () => threadsOf(pid)[0], (thread) => {
    return thread?.policy === "round-robin" && thread.priority > before && thread.priority <= 7;
  });
  await master.untilItRules();
}, options);

stories.tell("a process that is tracked is found, and missed when it has ended", async (lab) => {
  const { a } = await lab.pair();
  // Processes of all namespaces are seen, so the name is one that nobody else has.
  const name = `si-${process.pid}-w`;
  const worker = join(a.directory, name);
  copyFileSync("/bin/sleep", worker);
  const block = `vrrp_track_process worker {\nprocess ${name}\nquorum 2\n}\n`;
  const lines = ["track_process { worker }"];
  const router = new Router(lab, a, {
    ...standin,
    prepare: async (inside, node, wanted) => {
      const words = await standin.prepare(inside, node, wanted);
      writeFileSync(filesOf(node).config, block + renderConfiguration(wanted));
      return words;
    },
  }, { ...plan, lines });
  await router.start();
  await router.becomes("FAULT");
  const workers = [1000, 1001].map((time) => lab.start(a, [worker, String(time)]));
  await router.untilItRules();
  workers[0]?.kill();
  await router.becomes("FAULT");
  lab.start(a, [worker, "1002"]);
  await router.untilItRules();
}, options);

for (const how of ["net_namespace", "-s"] as const) {
  stories.tell(
    `${how}: every thread is in the network namespace, and so are its files`,
    async (lab) => {
      const { a, b } = await lab.pair();
      const { name } = a.namespace;
      const runDir = `/run/standin/${name}`;
      const eventDirectory = `/var/lib/standin/${name}`;
      const line = how === "-s" ? "" : `net_namespace ${name}\n`;
      writeFileSync(filesOf(a).config, line + renderConfiguration(plan));
      const more = how === "-s" ? ["-s", name] : [];
      const words = [...standinCommand, "-n", "-D", "-f", filesOf(a).config, ...more];
      const daemon = lab.start(b, words);
      try {
        await lab.bell.until("it has its addresses in the other namespace", () => {
          return addressesOf(plan).every((address) => a.namespace.has("eth0", address));
        });
        const there = statSync(`/run/netns/${name}`).ino;
        assert.deepEqual(common(daemon.pid, (thread) => thread.netNamespace), [`net:[${there}]`]);
        assert.equal(readFileSync(`${runDir}/standin.pid`, "utf8").trim(), String(daemon.pid));
        assert.ok(!readFileSync(`/proc/${daemon.pid}/cmdline`, "utf8").includes("STANDIN"));
        writeFileSync(filesOf(a).config, renderConfiguration(plan));
        daemon.signal("SIGHUP");
        await lab.bell.until("it has read its file again", () => {
          return daemon.lines.some((text) =>
            text.includes("reloaded") || text.includes("counts at")
          );
        });
        if (how === "net_namespace") {
          await lab.bell.until("it says that it stays", () => {
            return daemon.lines.some((text) => /net_namespace counts at the next start/.test(text));
          });
        }
        daemon.signal("SIGTERM");
        await daemon.ended();
        await lab.bell.until("its addresses are gone", () => {
          return !addressesOf(plan).some((address) => a.namespace.has("eth0", address));
        });
        const events = readFileSync(`${eventDirectory}/events.jsonl`, "utf8");
        assert.match(events, /"standin has stopped"/);
      } finally {
        for (const place of [runDir, eventDirectory]) {
          rmSync(place, { recursive: true, force: true });
        }
      }
    },
    options,
  );
}

stories.tell("a network namespace that is not there is named", async (lab) => {
  const { a } = await lab.pair();
  writeFileSync(filesOf(a).config, `net_namespace si-nowhere\n${renderConfiguration(plan)}`);
  const words = [...standinCommand, "-n", "-f", filesOf(a).config];
  const { code, stderr } = await a.namespace.run(words);
  assert.equal(code, 1, stderr);
  assert.match(stderr, /Cannot enter \/run\/netns\/si-nowhere: .*ENOENT/);
}, options);
