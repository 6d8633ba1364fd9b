/**
 * Virtual servers in nftables on virtual time: one transaction for each change, only of what is
 * different; the whole table where a change is refused; IPVS first where both would do.
 */
import assert from "node:assert/strict";
import { seconds } from "../../lib/base/mod.ts";
import { modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const check = "TCP_CHECK { retry 0 \n warmup 0 \n connect_timeout 1 }";

function service(weights: readonly number[], more = "lvs_sched wrr"): string {
  const servers = weights.map((weight, index) =>
    `real_server 192.0.2.${index + 1} 80 { weight ${weight}\n${check} }\n`
  );
  return "virtual_server 10.0.0.80 80 {\nprotocol TCP\nlvs_method NAT\ndelay_loop 10\n" +
    `${more}\n${servers.join("")}}\n`;
}

function begin(text: string, prepare: (story: Story) => void = () => {}): Story {
  const story = new Story("a");
  prepare(story);
  story.startWith("a", modelOf(text));
  return story;
}

function texts(story: Story): (string | undefined)[] {
  return story.node("a").balancer.texts.map((text) => text?.replaceAll(/\n/g, " "));
}

const chain = "tcp/10.0.0.80/80";
const table = "inet standin_balance";

/** What a chain has in it, by the last text that says so. */
function rulesOf(story: Story, name: string): string[] {
  const text = story.node("a").balancer.texts.findLast((one) => one?.includes(`chain ${name} {`));
  const [, body = ""] = text?.split(`chain ${name} {\n`) ?? [];
  return body.slice(0, body.indexOf("\n}")).split("\n");
}

function problem(story: Story): string | null | undefined {
  return story.node("a").snapshot()?.virtualServers[0]?.problem;
}

test("servers that fail and come back at the same time are one transaction", () => {
  const many = Array.from({ length: 40 }, (_, index) => `192.0.2.${index + 1}:80`);
  const story = begin(`balancer nftables\n${service(many.map(() => 1))}`);
  const { balancer } = story.node("a");
  for (const answer of ["refused", "open"] as const) {
    for (const server of many.slice(1)) balancer.servers.set(server, answer);
    const before = balancer.texts.length;
    story.run(seconds(15));
    assert.equal(balancer.texts.length, before + 1);
    const [line = ""] = rulesOf(story, chain);
    assert.equal(line.match(/goto/g)?.length, answer === "open" ? 40 : 1);
  }
});

test("the whole table at the start, then only what changes, and nothing at the end", () => {
  const story = begin(`balancer nftables\n${service([1, 2])}`);
  const { balancer } = story.node("a");
  assert.equal(balancer.texts.length, 1);
  const [whole = ""] = balancer.texts;
  assert.ok(whole.startsWith(`table ${table}\ndelete table ${table}\ntable ${table} {`));
  const [first, second] = [1, 2].map((number) => `${chain}/192.0.2.${number}/80`);
  const turns = `0 : goto ${second}, 1 : goto ${first}, 2 : goto ${second}`;
  assert.deepEqual(rulesOf(story, chain), [`numgen inc mod 3 vmap { ${turns} }`]);
  balancer.servers.set("192.0.2.2:80", "refused");
  story.run(seconds(2));
  assert.deepEqual(texts(story).slice(1), [
    ["in", "out"].map((way) =>
      `delete element ${table} ipv4_services_${way} { 10.0.0.80 . tcp . 80 . 192.0.2.2 } `
    ).join("") +
    `flush chain ${table} ${chain} table ${table} { chain ${chain} { goto ${first} } } ` +
    ["flush chain", "delete chain", "delete counter"]
      .map((verb) => `${verb} ${table} ${second} `).join("") +
    ["in", "out"].map((way) => `delete counter ${table} ${way}/${second} `).join(""),
  ]);
  story.run(seconds(60));
  assert.equal(balancer.texts.length, 2);
  assert.deepEqual(balancer.lines(), []);
  story.stop("a");
  assert.deepEqual(texts(story).slice(2), [undefined]);
});

test("a reload is one transaction, in which what stays is not named", () => {
  const other = service([1]).replace("10.0.0.80 80", "10.0.0.81 80");
  const story = begin(`balancer nftables\n${service([1, 1])}${other}`);
  const { texts: said } = story.node("a").balancer;
  story.reload("a", modelOf(`balancer nftables\n${service([1, 1], "lvs_sched rr")}${other}`));
  // In turn and by equal weights is the same.
  assert.equal(said.length, 1);
  story.reload("a", modelOf(`balancer nftables\n${service([1, 3, 0])}`));
  assert.equal(said.length, 2);
  const text = texts(story)[1] ?? "";
  assert.match(text, /delete element inet \S+ ipv4_services \{ 10\.0\.0\.81 \. tcp \. 80 \}/);
  assert.match(text, /delete chain \S+ \S+ tcp\/10\.0\.0\.81\/80 $/);
  assert.doesNotMatch(text, /chain tcp\/10\.0\.0\.80\/80\/192\.0\.2\.[12]/);
  // A server of weight 0 gets nobody, and those that it has go on.
  assert.match(text, /chain tcp\/10\.0\.0\.80\/80\/192\.0\.2\.3\/80/);
  assert.match(rulesOf(story, chain)[0] ?? "", /^numgen inc mod 4 vmap [^3]+3 : [^3]+$/);
  story.reload("a", modelOf("balancer nftables\n"));
  assert.equal(said.at(-1), undefined);
});

test("a table that somebody flushed is made anew", () => {
  const story = begin(`balancer nftables\n${service([1, 1])}`);
  const { balancer } = story.node("a");
  balancer.refusals = 1;
  balancer.servers.set("192.0.2.1:80", "refused");
  story.run(seconds(2));
  const [, change = "", whole = ""] = balancer.texts;
  assert.ok(change.startsWith("delete element"));
  assert.ok(whole.startsWith(`table ${table}\ndelete`));
  assert.doesNotMatch(whole, /192\.0\.2\.1/);
  assert.deepEqual([problem(story), story.tells("a", "nft-refused").length], [null, 0]);
});

test("a table that is refused whole is told once, and tried with the next change", () => {
  const other = service([1]).replace("10.0.0.80", "10.0.0.81");
  const story = begin(`balancer nftables\n${service([1, 1])}${other}`, (told) => {
    told.node("a").balancer.refusals = 2;
  });
  const { balancer } = story.node("a");
  const balanced = (): (boolean | undefined)[] =>
    story.node("a").snapshot()?.virtualServers.map((one) => one.balanced && one.up) ?? [];
  assert.match(problem(story) ?? "", /No such file/);
  assert.deepEqual(balanced(), [false, false]);
  balancer.servers.set("192.0.2.1:80", "refused");
  story.run(seconds(2));
  balancer.servers.delete("192.0.2.1:80");
  story.run(seconds(20));
  assert.equal(balancer.texts.length, 3);
  assert.deepEqual([problem(story), story.tells("a", "nft-refused").length], [null, 1]);
  assert.deepEqual(balanced(), [true, true]);
});

test("auto: IPVS where the kernel has it, and the rest of an earlier table goes", () => {
  const story = begin(service([1]));
  const { balancer } = story.node("a");
  assert.deepEqual(balancer.lines(), ["10.0.0.80:80 > 192.0.2.1:80 weight 1", "10.0.0.80:80 wrr"]);
  assert.deepEqual(balancer.texts, [undefined]);
  story.reload("a", modelOf(`balancer nftables\n${service([1])}`));
  assert.deepEqual(balancer.lines(), []);
  assert.equal(balancer.texts.length, 2);
  story.reload("a", modelOf(`balancer ipvs\n${service([1])}`));
  assert.equal(balancer.lines().length, 2);
  assert.equal(balancer.texts.at(-1), undefined);
});

test("auto: nftables where the kernel has no IPVS, which is told once", () => {
  const story = begin(service([1]), (told) => {
    told.node("a").balancer.present = false;
  });
  assert.equal(story.node("a").balancer.texts.length, 1);
  story.reload("a", modelOf(service([2, 1])));
  assert.equal(story.tells("a", "ipvs-replaced").length, 1);
  assert.equal(problem(story), null);
});

test("auto: what nftables can not be is told, and the other virtual servers run", () => {
  const other = service([1]).replace("10.0.0.80 80", "10.0.0.81 80");
  const story = begin(service([1], "lvs_sched wlc") + other, (told) => {
    told.node("a").balancer.present = false;
  });
  assert.match(problem(story) ?? "", /"lvs_sched wlc" needs IPVS; write lvs_sched wrr/);
  assert.equal(story.tells("a", "needs-ipvs").length, 1);
  const [text = ""] = story.node("a").balancer.texts;
  assert.match(text, /10\.0\.0\.81/);
  assert.doesNotMatch(text, /10\.0\.0\.80/);
});

const dns = (checks = check, more = ""): string =>
  "balancer nftables\nvirtual_server 10.0.0.80 53 {\nprotocol UDP\nlvs_sched rr\n" +
  `lvs_method NAT\ndelay_loop 10\n${more}\n` +
  [1, 2].map((number) => `real_server 192.0.2.${number} 53 {\n${checks}\n}\n`).join("") + "}\n";

test("UDP clients of a server that is gone are forgotten, after the table leads elsewhere", () => {
  const story = begin(dns());
  const { balancer } = story.node("a");
  balancer.servers.set("192.0.2.2:53", "refused");
  story.run(seconds(2));
  assert.deepEqual(balancer.forgotten, ["10.0.0.80:53 > 192.0.2.2:53"]);
  story.reload("a", modelOf(dns().replace(/real_server 192\.0\.2\.1 [^]*?\n\}\n/, "")));
  assert.deepEqual(balancer.forgotten.slice(1), ["10.0.0.80:53 > 192.0.2.1:53"]);
});

test("a UDP server that is drained keeps its clients; inhibit_on_failure keeps none", () => {
  const story = begin(dns(check, "inhibit_on_failure"));
  const { balancer } = story.node("a");
  story.node("a").feed({
    kind: "override-server",
    server: "192.0.2.1",
    action: { kind: "drain" },
    persist: false,
  });
  assert.deepEqual(balancer.forgotten, []);
  balancer.servers.set("192.0.2.2:53", "refused");
  story.run(seconds(2));
  assert.deepEqual(balancer.forgotten, ["10.0.0.80:53 > 192.0.2.2:53"]);
});

test("connections of TCP end by themselves", () => {
  const story = begin(`balancer nftables\n${service([1, 1])}`);
  story.node("a").balancer.servers.set("192.0.2.2:80", "refused");
  story.run(seconds(2));
  assert.deepEqual(story.node("a").balancer.forgotten, []);
});

test("the counters of nftables are those of servers and virtual servers", () => {
  const story = begin(`balancer nftables\n${service([1, 1])}`);
  const name = `${chain}/192.0.2.1/80`;
  story.node("a").feed({
    kind: "nft-statistics",
    counters: [
      { name, packets: 3, bytes: 180 },
      { name: `in/${name}`, packets: 10, bytes: 1000 },
      { name: `out/${name}`, packets: 8, bytes: 9000 },
      { name: `${chain}/192.0.2.2/80`, packets: 1, bytes: 60 },
    ],
  });
  const [server] = story.node("a").snapshot()?.virtualServers ?? [];
  const first = { connections: 3, inPackets: 13, inBytes: 1180, outPackets: 8, outBytes: 9000 };
  const active = { activeConnections: null, inactiveConnections: null };
  assert.deepEqual(server?.realServers[0]?.statistics, { ...first, ...active });
  const all = { ...first, connections: 4, inPackets: 14, inBytes: 1240 };
  assert.deepEqual(server?.statistics, all);
});
