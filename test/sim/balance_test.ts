/**
 * Virtual servers on virtual time: a server that fails leaves after its retries and returns when it
 * is healed; without a quorum the sorry server stands in; a reload touches what is different.
 */
import assert from "node:assert/strict";
import { milliseconds, seconds } from "../../lib/base/mod.ts";
import { modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const check = "TCP_CHECK { connect_timeout 2 \n retry 2 \n delay_before_retry 3 \n warmup 0 }";

function server(number: number, more = ""): string {
  return `real_server 192.0.2.${number} 80 {\n${more}\n${check}\n}\n`;
}

function service(servers: string, more = ""): string {
  const head = "virtual_server 10.0.0.80 80 {\nprotocol TCP\nlvs_sched rr\nlvs_method DR\n";
  return `${head}delay_loop 10\n${more}\n${servers}}\n`;
}

function begin(text: string, prepare: (story: Story) => void = () => {}): Story {
  const story = new Story("a");
  prepare(story);
  story.startWith("a", modelOf(text));
  return story;
}

function lines(story: Story): string[] {
  return story.node("a").balancer.lines().map((line) => line.replaceAll(/192\.0\.2\./g, ""));
}

const both = ["10.0.0.80:80 > 1:80 weight 1", "10.0.0.80:80 > 2:80 weight 1", "10.0.0.80:80 rr"];

test("servers are in the table at once, and are first looked at after a second", () => {
  const story = begin(service(server(1) + server(2)));
  assert.deepEqual(lines(story), both);
  story.run(milliseconds(999));
  assert.deepEqual(story.node("a").balancer.connections, []);
  story.run(milliseconds(2));
  assert.deepEqual(story.node("a").balancer.connections, ["192.0.2.1:80", "192.0.2.2:80"]);
});

test("at the start of the daemon the first failure is enough", () => {
  const story = begin(service(server(1) + server(2)), (told) => {
    told.node("a").balancer.servers.set("192.0.2.2:80", "refused");
  });
  story.run(milliseconds(1100));
  assert.deepEqual(lines(story), [both[0], both[2]]);
});

test("a server leaves after its retries, and one success brings it back", () => {
  const story = begin(service(server(1) + server(2)));
  story.run(seconds(5));
  const { servers } = story.node("a").balancer;
  servers.set("192.0.2.2:80", "silent");
  // Looked at after 11 s; three times two seconds of silence with three seconds between.
  story.run(milliseconds(17_900));
  assert.deepEqual(lines(story), both);
  story.run(milliseconds(200));
  assert.deepEqual(lines(story), [both[0], both[2]]);
  servers.set("192.0.2.2:80", "open");
  story.run(seconds(9));
  assert.deepEqual(lines(story), [both[0], both[2]]);
  story.run(seconds(2));
  assert.deepEqual(lines(story), both);
  const told = story.tells("a", "server-changed").map(({ server: name, up }) => `${name} ${up}`);
  assert.deepEqual(told, ["192.0.2.2:80 false", "192.0.2.2:80 true"]);
  assert.equal(story.tells("a", "check-failed").length, 2);
});

test("inhibit_on_failure keeps a failed server with weight 0", () => {
  const story = begin(service(server(1, "inhibit_on_failure") + server(2)), (told) => {
    told.node("a").balancer.servers.set("192.0.2.1:80", "refused");
  });
  story.run(seconds(2));
  assert.deepEqual(lines(story), ["10.0.0.80:80 > 1:80 weight 0", both[1], both[2]]);
});

test("without a quorum the sorry server takes the place of all servers", () => {
  const text = service(server(1) + server(2), "quorum 2\nsorry_server 192.0.2.9 80");
  const story = begin(text);
  story.run(seconds(2));
  const { balancer } = story.node("a");
  assert.deepEqual(lines(story), both);
  balancer.servers.set("192.0.2.2:80", "refused");
  story.run(seconds(20));
  assert.deepEqual(lines(story), ["10.0.0.80:80 > 9:80 weight 1", both[2]]);
  assert.equal(story.node("a").snapshot()?.virtualServers[0]?.up, false);
  const sorry = balancer.steps.indexOf("newDestination 10.0.0.80:80 192.0.2.9:80 1");
  const gone = balancer.steps.indexOf("deleteDestination 10.0.0.80:80 192.0.2.1:80 1");
  assert.ok(sorry >= 0 && sorry < gone, balancer.steps.join("\n"));
  balancer.servers.delete("192.0.2.2:80");
  story.run(seconds(12));
  assert.deepEqual(lines(story), both);
});

test("a quorum with hysteresis is lost below it and gained above it", () => {
  const servers = [1, 2, 3, 4].map((number) => server(number)).join("");
  const text = service(servers, "quorum 2\nhysteresis 1\nsorry_server 192.0.2.9 80");
  const story = begin(text);
  const up = (): boolean | undefined => story.node("a").snapshot()?.virtualServers[0]?.up;
  const { servers: answers } = story.node("a").balancer;
  story.run(seconds(2));
  for (const number of [1, 2, 3]) answers.set(`192.0.2.${number}:80`, "refused");
  story.run(seconds(30));
  assert.equal(up(), true);
  answers.set("192.0.2.4:80", "refused");
  story.run(seconds(30));
  assert.equal(up(), false);
  answers.delete("192.0.2.4:80");
  answers.delete("192.0.2.3:80");
  story.run(seconds(30));
  assert.equal(up(), false);
  answers.delete("192.0.2.2:80");
  story.run(seconds(30));
  assert.equal(up(), true);
});

test("alpha: a server is down until its check succeeded", () => {
  const story = begin(service(server(1) + server(2), "alpha"), (told) => {
    told.node("a").balancer.servers.set("192.0.2.2:80", "silent");
  });
  assert.deepEqual(lines(story), [both[2]]);
  story.run(seconds(5));
  assert.deepEqual(lines(story), [both[0], both[2]]);
});

test("a server without checks is up", () => {
  const story = begin(service("real_server 192.0.2.1 80 { weight 7 }\n"));
  story.run(seconds(100));
  assert.deepEqual(lines(story), ["10.0.0.80:80 > 1:80 weight 7", both[2]]);
});

test("servers of several virtual servers that are checked alike are checked once", () => {
  const at = (port: number, servers: string, more?: string): string =>
    service(servers, more).replace("0.80 80", `0.80 ${port}`).replace("method DR", "method NAT");
  const third = at(82, server(1));
  const two = server(1) + server(2);
  const story = begin(at(80, two) + at(81, two, "alpha") + third);
  const { connections, servers } = story.node("a").balancer;
  story.run(milliseconds(1100));
  // Those with alpha begin otherwise, so they are checks of their own.
  assert.deepEqual(connections.toSorted(), [
    ...Array<string>(2).fill("192.0.2.1:80"),
    ...Array<string>(2).fill("192.0.2.2:80"),
  ]);
  servers.set("192.0.2.1:80", "refused");
  story.run(seconds(30));
  const changed = story.tells("a", "server-changed").filter(({ up }) => !up);
  assert.deepEqual(changed.map(({ virtualServer }) => virtualServer), [
    "10.0.0.80:80 TCP",
    "10.0.0.80:82 TCP",
    "10.0.0.80:81 TCP",
  ]);
  connections.length = 0;
  // The virtual server that the check came from goes; the other one still needs it.
  story.reload("a", modelOf(third));
  assert.deepEqual(lines(story), ["10.0.0.80:82 rr"]);
  servers.delete("192.0.2.1:80");
  story.run(seconds(12));
  assert.deepEqual(connections.slice(0, 2), ["192.0.2.1:80"]);
  assert.deepEqual(lines(story), ["10.0.0.80:82 > 1:80 weight 1", "10.0.0.80:82 rr"]);
});

test("a reload touches what is different, and results stay", () => {
  const story = begin(service(server(1) + server(2)), (told) => {
    told.node("a").balancer.servers.set("192.0.2.2:80", "refused");
  });
  story.run(seconds(5));
  const { steps, connections } = story.node("a").balancer;
  steps.length = 0;
  connections.length = 0;
  story.reload("a", modelOf(service(server(1, "weight 3") + server(2) + server(3))));
  story.run(seconds(1));
  assert.deepEqual(steps, [
    "setDestination 10.0.0.80:80 192.0.2.1:80 3",
    "newDestination 10.0.0.80:80 192.0.2.3:80 1",
  ]);
  story.run(milliseconds(100));
  assert.deepEqual(connections, ["192.0.2.3:80"]);
  steps.length = 0;
  story.reload("a", modelOf(service(server(1, "weight 3"), "persistence_timeout 50")));
  assert.deepEqual(steps, [
    "setService 10.0.0.80:80",
    "deleteDestination 10.0.0.80:80 192.0.2.3:80 1",
  ]);
});

test("at the end our own services are gone, those of others stay", () => {
  const story = begin(service(server(1)));
  story.run(seconds(2));
  story.stop("a");
  assert.deepEqual(lines(story), []);
  const { steps } = story.node("a").balancer;
  assert.deepEqual(steps.slice(-2), [
    "deleteDestination 10.0.0.80:80 192.0.2.1:80 1",
    "deleteService 10.0.0.80:80",
  ]);
});

test("what a crash left is brought in line by the next start", () => {
  const story = begin(service(server(1) + server(2)));
  story.run(seconds(2));
  story.crash("a");
  const { balancer } = story.node("a");
  balancer.steps.length = 0;
  story.startWith("a", modelOf(service(server(2) + server(3))));
  assert.deepEqual(balancer.steps, [
    "newDestination 10.0.0.80:80 192.0.2.3:80 1",
    "deleteDestination 10.0.0.80:80 192.0.2.1:80 1",
  ]);
});

test("without IPVS in the kernel it is said once, and shown", () => {
  const story = begin(`balancer ipvs\n${service(server(1))}`, (told) => {
    told.node("a").balancer.present = false;
  });
  story.run(seconds(60));
  assert.equal(story.tells("a", "ipvs-missing").length, 1);
  assert.match(story.node("a").snapshot()?.virtualServers[0]?.problem ?? "", /ENOENT/);
  story.stop("a");
  assert.equal(story.node("a").running(), false);
});

test("after a restart servers are as they were, and the broken one is looked at soon", () => {
  for (const end of ["crash", "stop"] as const) {
    const text = service(server(1) + server(2)).replaceAll("warmup 0", "warmup 60");
    const story = begin(text);
    const { balancer } = story.node("a");
    balancer.servers.set("192.0.2.2:80", "refused");
    story.run(seconds(120));
    story[end]("a");
    story.run(seconds(1));
    const steps = balancer.steps.length;
    story.startWith("a", modelOf(text));
    assert.deepEqual(lines(story), [both[0], both[2]], end);
    if (end === "crash") assert.equal(balancer.steps.length, steps, "nothing is touched");
    balancer.servers.delete("192.0.2.2:80");
    story.run(seconds(2));
    assert.deepEqual(lines(story), both, end);
  }
});

test("alpha: a server that was up before a crash need not show it again", () => {
  const text = service(server(1) + server(2), "alpha").replaceAll("warmup 0", "warmup 60");
  const story = begin(text);
  story.run(seconds(120));
  story.crash("a");
  story.startWith("a", modelOf(text));
  assert.deepEqual(lines(story), both);
  story.stop("a");
  story.startWith("a", modelOf(text));
  assert.deepEqual(lines(story), [both[2]], "nobody knows how long the daemon was away");
});

test("what a check does not say its server says, and else the virtual server", () => {
  const times = (factor: number): string =>
    [
      `delay_loop ${10 * factor}`,
      `connect_timeout ${factor}`,
      `retry ${factor}`,
      `delay_before_retry ${2 * factor}`,
      `warmup ${3 * factor}`,
    ].join("\n");
  const block = (service: string, inside: string, check: string): string =>
    `virtual_server 10.0.0.80 80 {\nprotocol TCP\nlvs_sched rr\nlvs_method DR\n${service}\n` +
    `real_server 192.0.2.1 80 {\n${inside}\nTCP_CHECK {\n${check}\n}\n}\n}\n`;
  const found = (text: string): unknown => {
    const [plan] = modelOf(text).checks;
    const { delayLoop, limit, retry, delayBeforeRetry, warmup } = plan ?? {};
    return { delayLoop, limit, retry, delayBeforeRetry, warmup };
  };
  const expected = (factor: number): unknown => ({
    delayLoop: seconds(10 * factor),
    limit: seconds(factor),
    retry: factor,
    delayBeforeRetry: seconds(2 * factor),
    warmup: seconds(3 * factor),
  });
  assert.deepEqual(found(block(times(2), "", "")), expected(2));
  assert.deepEqual(found(block(times(2), times(3), "")), expected(3));
  assert.deepEqual(found(block(times(2), times(3), times(4))), expected(4));
});
