/**
 * The daemon among people: who may run it, how many run side by side, and what it answers to
 * those who ask.
 */
import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { poll } from "../support/lab/bell.ts";
import type { Lab } from "../support/lab/lab.ts";
import { filesOf, standin, standinWords, whyNoLab } from "../support/lab/makes.ts";
import { protocols, renderConfiguration, type RouterPlan } from "../support/lab/plan.ts";
import { Router } from "../support/lab/router.ts";
import { ask, command, fetchInside, statusOf } from "../support/lab/standin.ts";
import { Stories } from "../support/lab/story.ts";

const [, overIpv4] = protocols;
const plan: RouterPlan = { protocol: overIpv4, priority: 200 };
const skip = whyNoLab();
const options = skip === undefined ? {} : { skip };
const stories = new Stories(4);

async function masterOf(lab: Lab): Promise<Router> {
  const { a } = await lab.pair();
  const router = new Router(lab, a, standin, plan);
  await router.start();
  await router.untilItRules();
  return router;
}

stories.tell("an ordinary user is told which capability is missing", async (lab) => {
  const { segment, a } = await lab.pair();
  writeFileSync(filesOf(a).config, renderConfiguration(plan));
  const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  const { code, stdout, stderr } = await a.namespace.run([...nobody, ...standinWords(a)]);
  assert.deepEqual([code, stdout], [4, ""], stderr);
  assert.match(stderr, /CAP_NET_ADMIN/);
  assert.match(stderr, /CAP_NET_RAW/);
  assert.equal(existsSync(filesOf(a).runDir), false, "nothing is left behind");
  assert.deepEqual(segment.adverts(), []);
}, options);

stories.tell("a second daemon with the same run directory is refused by name", async (lab) => {
  const router = await masterOf(lab);
  const { code, stderr } = await router.node.namespace.run([
    "timeout",
    "20",
    ...standinWords(router.node),
  ]);
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`already running.*${router.program.pid}`));
  assert.equal((await statusOf(router.node)).pid, router.program.pid, "the first one goes on");
  assert.equal(router.held, 2);
}, options);

stories.tell("two daemons with a run directory each run side by side", async (lab) => {
  const { a, b } = await lab.pair();
  const first = new Router(lab, a, standin, plan);
  const second = new Router(lab, b, standin, { ...plan, priority: 100 });
  await first.start();
  await first.untilItRules();
  await second.start();
  const look = async (): Promise<unknown[]> => {
    const [one, other] = [await statusOf(a), await statusOf(b)];
    assert.notEqual(one.pid, other.pid);
    return [one.instances[0]?.state, other.instances[0]?.state, other.instances[0]?.master];
  };
  const wanted = ["MASTER", "BACKUP", { address: "10.77.0.1", priority: 200 }];
  await poll("each says what it is", look, (found) => isDeepStrictEqual(found, wanted));
}, options);

stories.tell("a file that it can not run stops it before it changes anything", async (lab) => {
  const { segment, a } = await lab.pair();
  const { config, runDir } = filesOf(a);
  const good = renderConfiguration(plan);
  const bad: readonly (readonly [string | undefined, number, RegExp])[] = [
    [undefined, 6, /router\.conf/],
    [good.replace("eth0", "eth7"), 2, /eth7/],
  ];
  for (const [text, expected, pattern] of bad) {
    if (text !== undefined) writeFileSync(config, text);
    const { code, stderr } = await a.namespace.run(["timeout", "10", ...standinWords(a)]);
    assert.equal(code, expected, stderr);
    assert.match(stderr, pattern);
    assert.deepEqual(existsSync(runDir) ? readdirSync(runDir) : [], [], "nothing is left behind");
  }
  assert.deepEqual(segment.adverts(), []);
}, options);

stories.tell("it answers on the loopback and on a socket that is root's alone", async (lab) => {
  const { segment, a } = await lab.pair();
  let listen = "";
  const make = {
    ...standin,
    prepare: async (...[inside, node, wanted]: Parameters<typeof standin.prepare>) => {
      const words = await standin.prepare(inside, node, wanted);
      const text = renderConfiguration(plan).replace("@standin status_listen off\n", listen);
      writeFileSync(filesOf(node).config, text);
      return words;
    },
  };
  const router = new Router(lab, a, make, plan);
  await router.start();
  await router.untilItRules();
  const socket = join(filesOf(a).runDir, "control.sock");
  assert.equal(statSync(socket).mode & 0o777, 0o600);
  assert.equal(JSON.parse((await ask(a, "/healthz")).body).status, "ok");

  const place = "http://127.0.0.1:9568";
  const status = await fetchInside(a, `${place}/status`);
  assert.equal(status.status, 200);
  const { instances: [instance] } = JSON.parse(status.body);
  assert.equal(instance.state, "MASTER");
  assert.deepEqual(instance.addresses, ["10.77.0.100/24", "10.77.0.101/24"]);
  assert.deepEqual(instance.master, { address: segment.addressesOf(a).ipv4, priority: 200 });
  assert.equal((await fetchInside(a, `${place}/healthz`)).status, 200);
  const metrics = await fetchInside(a, `${place}/metrics`);
  assert.match(metrics.contentType, /^text\/plain/);
  assert.match(metrics.body, /^standin_\w+(\{.*\})? [\d.]+$/m);
  assert.match(metrics.body, /^keepalived_\w+(\{.*\})? [\d.]+$/m);

  const { ipv4 } = segment.addressesOf(a);
  await assert.rejects(fetchInside(a, `http://${ipv4}:9568/status`), /Nothing at/);
  const table = await command(a, "status");
  assert.match(table.stdout, /VI_1 +eth0 +51 .*MASTER/);

  await router.terminate();
  const [token, file] = ["0123456789abcdef", join(a.directory, "token")];
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  const other = "http://127.0.0.1:9777";
  listen = `@standin status_listen 127.0.0.1:9777\n@standin status_token_file ${file}\n`;
  await router.start();
  assert.equal((await fetchInside(a, `${other}/healthz`)).status, 200);
  await assert.rejects(fetchInside(a, `${place}/status`), /Nothing at/);
  const post = async (path: string, shown: string): Promise<number> =>
    (await fetchInside(a, `${other}${path}`, shown)).status;
  assert.equal(await post("/reload", "f".repeat(16)), 401);
  assert.equal(await post("/stop", token), 404, "nobody ends it from afar");
  assert.equal((await statusOf(a)).config.reloads, 0);
  assert.equal(await post("/reload", token), 200);
  assert.equal((await statusOf(a)).config.reloads, 1);
  chmodSync(file, 0o644);
  assert.equal(await post("/reload", token), 503, "the file is no secret any more");
  assert.deepEqual(router.program.lines.filter((line) => line.includes(token)), []);
}, options);
