/**
 * Checks that ask something, on virtual time: how long a connection and an answer may take, and the
 * walk of HTTP_GET over its URLs.
 */
import assert from "node:assert/strict";
import { type Duration, milliseconds, seconds } from "../../lib/base/mod.ts";
import { modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const at = "192.0.2.1:80";

/** A server with a check: 10 s between runs, 2 s for each step, one repetition after 3 s. */
function begin(check: string, more = "", prepare: (story: Story) => void = () => {}): Story {
  const story = new Story("a");
  prepare(story);
  story.startWith(
    "a",
    modelOf(`virtual_server 10.0.0.80 80 {
      protocol TCP
      lvs_sched rr
      lvs_method DR
      delay_loop 10
      warmup 0
      connect_timeout 2
      retry 1
      delay_before_retry 3
      ${more}
      real_server 192.0.2.1 80 {
        ${check}
      }
    }\n`),
  );
  return story;
}

function http(...paths: string[]): string {
  return `HTTP_GET {\n${paths.map((path) => `url {\n path ${path}\n}`).join("\n")}\n}`;
}

function isUp(story: Story): boolean | undefined {
  return story.node("a").snapshot()?.virtualServers[0]?.realServers[0]?.up;
}

function failure(story: Story): string | null | undefined {
  return story.node("a").snapshot()?.virtualServers[0]?.realServers[0]?.checks[0]?.failure;
}

/** The paths that were asked for since the last look. */
function asked(story: Story): string {
  return story.node("a").balancer.connections.splice(0).map((name) => name.replace(at, ""))
    .join(" ");
}

function answers(story: Story, path: string, answer: "open" | "refused" | "silent" | "mute"): void {
  story.node("a").balancer.servers.set(at + path, answer);
}

for (
  const [check, answer, limit, expected] of [
    ["TCP_CHECK {\n}", "silent", seconds(2), "no connection within 2 s"],
    [http("/"), "silent", seconds(2), "no connection within 2 s"],
    [http("/"), "mute", seconds(2), "no whole answer within 2 s"],
    ["SMTP_CHECK {\n}", "silent", seconds(2), "no connection within 2 s"],
    ["SMTP_CHECK {\n}", "mute", seconds(2), "no whole answer within 2 s"],
    ["DNS_CHECK {\n}", "silent", seconds(2), "no answer within 2 s"],
    ["PING_CHECK {\n}", "silent", seconds(2), "no echo reply within 2 s"],
    ["UDP_CHECK {\n require_reply\n}", "silent", seconds(2), "no reply within 2 s"],
    ["UDP_CHECK {\n}", "refused", milliseconds(1), "connect: connection refused"],
  ] as const
) {
  const name = check.split(" ")[0];
  test(`${name}: a server that is ${answer} fails: ${expected}`, () => {
    const story = begin(check, "", (told) => answers(told, "", answer));
    story.run(seconds(1));
    const early: Duration = milliseconds(limit / 1000 - 1);
    story.run(early);
    assert.equal(isUp(story), true);
    // Checks share turns, so each of its two steps may be 4 ms late.
    story.run(milliseconds(10));
    assert.equal(isUp(story), false);
    assert.equal(failure(story), expected);
  });
}

test("UDP_CHECK: silence is right when nobody asked for a reply", () => {
  const story = begin("UDP_CHECK {\n alpha\n}", "", (told) => answers(told, "", "silent"));
  story.run(milliseconds(2900));
  assert.equal(isUp(story), false);
  story.run(milliseconds(200));
  assert.equal(isUp(story), true);
});

test("HTTP_GET asks for one URL in each run; the failed one again, and then for all", () => {
  const story = begin(http("/a", "/b"));
  story.run(seconds(22));
  assert.equal(asked(story), "/a /b /a");
  answers(story, "/b", "refused");
  story.run(seconds(10));
  assert.equal(asked(story), "/b");
  assert.equal(isUp(story), true, "a failure is repeated after 3 s");
  story.run(seconds(3));
  assert.equal(asked(story), "/b");
  assert.equal(isUp(story), false);
  story.run(seconds(10));
  assert.equal(asked(story), "/b", "delay_loop, as it is longer than delay_before_retry");
  answers(story, "/b", "open");
  story.run(seconds(30));
  assert.equal(asked(story), "/b /a /b");
  assert.equal(isUp(story), true);
});

test("HTTP_GET of one URL: one success brings the server back", () => {
  const story = begin(http("/a"), "", (told) => answers(told, "/a", "refused"));
  story.run(seconds(2));
  assert.equal(isUp(story), false);
  answers(story, "/a", "open");
  story.run(seconds(10));
  assert.equal(isUp(story), true);
});

test("HTTP_GET waits delay_before_retry for a failed server when that is longer", () => {
  const text = http("/a").replace("HTTP_GET {", "HTTP_GET {\n delay_before_retry 25");
  const story = begin(text, "", (told) => answers(told, "/a", "refused"));
  story.run(seconds(25));
  assert.equal(asked(story), "/a");
  story.run(seconds(2));
  assert.equal(asked(story), "/a");
});

test("fast_recovery: no pause between URLs while the server comes up", () => {
  const text = http("/a", "/b", "/c").replace("HTTP_GET {", "HTTP_GET {\n fast_recovery");
  const story = begin(text, "alpha");
  story.run(milliseconds(1100));
  assert.equal(asked(story), "/a /b /c");
  assert.equal(isUp(story), true);
  story.run(seconds(20));
  assert.equal(asked(story), "/a /b");
  const slow = begin(http("/a", "/b", "/c"), "alpha");
  slow.run(milliseconds(20_900));
  assert.equal(isUp(slow), false);
  slow.run(milliseconds(200));
  assert.equal(isUp(slow), true);
});

for (
  const [keyword, more, runs] of [
    ["DNS_CHECK {\n}", "", 4],
    [http("/"), "", 2],
    ["SMTP_CHECK {\n}", "", 2],
    ["UDP_CHECK {\n}", "", 2],
    ["PING_CHECK {\n}", "", 2],
    [http("/").replace("HTTP_GET {", "HTTP_GET {\n nb_get_retry 4"), "", 5],
    [http("/").replace("HTTP_GET {", "HTTP_GET {\n retry 0"), "", 1],
  ] as const
) {
  test(`${keyword.split("\n").slice(0, 2).join(" ")}: down after ${runs} failures`, () => {
    const story = new Story("a");
    const head = "virtual_server 10.0.0.80 80 {\nprotocol TCP\nlvs_sched rr\nlvs_method DR\n";
    const server = `real_server 192.0.2.1 80 {\n${keyword}\n}`;
    story.startWith("a", modelOf(`${head}delay_loop 10\nwarmup 0\n${more}\n${server}\n}\n`));
    story.run(seconds(2));
    answers(story, "", "refused");
    answers(story, "/", "refused");
    asked(story);
    story.run(seconds(60));
    assert.equal(story.tells("a", "check-failed").length, runs - 1);
    assert.equal(isUp(story), false);
  });
}
