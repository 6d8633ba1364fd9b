/**
 * Words that stand by themselves: processes and links that are watched, signatures, the process
 * itself, and what includes insist on.
 */
import assert from "node:assert/strict";
import { milliseconds, seconds } from "../../../lib/base/mod.ts";
import { matchesProcess } from "../../../lib/track/mod.ts";
import { Story } from "../story.ts";
import { alone, globalsOf, instanceOf, newWords, type Shows, type WordCase } from "./words.ts";

/** The words. */
export const miscWords: WordCase[] = [];
const word = newWords(miscWords);

/** Which of some processes a tracker means. */
const means: Shows = (model) => {
  const [plan] = model.trackers;
  assert.ok(plan?.kind === "process");
  return ["web -a", "web -a -b", "web -ab", "web"].filter((line) =>
    matchesProcess(plan, { name: "web", words: line.split(" ") })
  );
};

function process(lines: string): string {
  return `vrrp_track_process web {\n${lines}\n}\n` +
    instanceOf("priority 100\ntrack_process {\nweb weight 10\n}");
}

for (
  const [words, expected] of [
    ["«param_match initial»", ["web -a", "web -a -b"]],
    ["«param_match partial»", ["web -a", "web -a -b", "web -ab"]],
  ] as const
) {
  word("vrrp_track_process/param_match", process(`process web -a\n${words}`), means, expected, [
    "web -a",
  ]);
}
word(
  "vrrp_track_process/full_command",
  process("process web\n«full_command»"),
  (model) => {
    const [plan] = model.trackers;
    assert.ok(plan?.kind === "process");
    return matchesProcess(plan, { name: "other", words: ["web"] });
  },
  true,
  false,
);

/** How long changes are not believed: one that goes up at once, and one that goes down. */
const believed: Shows = (model) => {
  const story = new Story("a");
  story.startWith("a", model);
  story.run(seconds(10));
  return [1, 0].map((count) => {
    story.node("a").feed({ kind: "process-count", name: "web", count });
    const from = story.now();
    const wanted = count === 1 ? 110 : 100;
    const worth = (): number | undefined =>
      story.node("a").snapshot()?.instances[0]?.effectivePriority;
    while (worth() !== wanted) story.run(milliseconds(100));
    return (story.now() - from) / 1_000_000;
  });
};
for (
  const [keyword, expected] of [
    ["delay", [2, 2]],
    ["fork_delay", [2, 0]],
    ["terminate_delay", [0, 2]],
  ] as const
) {
  word(
    `vrrp_track_process/${keyword}`,
    process(`process web\n«${keyword} 2»`),
    believed,
    expected,
    [0, 0],
  );
}

/** Which interfaces are asked for their links, and how. */
const polled: Shows = (model) => alone(model, 1).node("a").machine.polled;
for (const [keyword, method] of [["MII", "mii"], ["ETHTOOL", "ethtool"], ["IOCTL", "ioctl"]]) {
  const other = keyword === "MII" ? "IOCTL" : "MII";
  // Of two the first counts.
  word(
    `linkbeat_interfaces/${keyword}`,
    `linkbeat_interfaces {\neth0 «${keyword}» ${other}\n}\n` + instanceOf(""),
    polled,
    [`eth0 ${method}`],
    [`eth0 ${other.toLowerCase()}`],
  );
}

/** How many adverts node b takes of a node whose clock goes a minute fast. */
const hears: Shows = (model) => {
  const story = new Story("a b");
  for (const [name, off] of [["a", 60], ["b", 0]] as const) {
    story.startWith(name, model);
    story.node(name).feed({ kind: "wall-clock", offset: (1_767_225_600 + off) * 1_000_000 });
    if (name === "a") story.runUntil("a", "MASTER");
  }
  story.run(seconds(2.5));
  return story.counter("b", "advertReceived");
};
const key = "0123456789abcdef0123456789abcdef";
word(
  "vrrp_instance/auth_hmac/anti_replay",
  instanceOf(
    `auth_hmac {\nkey 1 ${key}\nactive_key 1\ntime_window 10\n` +
      "«anti_replay monotonic»\n}",
  ),
  hears,
  3,
  0,
);

word(
  "global_defs/router_id",
  globalsOf("«router_id gate»") + instanceOf(""),
  (model) => alone(model, 1).node("a").snapshot()?.node,
  "gate",
  "node1.example.net",
);

for (const [index, who] of ["USR", "GRP", "OTH"].entries()) {
  const shift = 6 - 3 * index;
  const bits = [["R", 4], ["W", 2], ["X", 1]] as const;
  for (const [letter, bit] of bits) umask(`I${letter}${who}`, bit << shift);
  umask(`IRWX${who.slice(0, 1)}`, 7 << shift);
}

/** The mask that the process is given. */
function umask(name: string, mask: number): void {
  word(
    `global_defs/umask/${name}`,
    globalsOf(`«umask ${name}»`) + instanceOf(""),
    (model) => model.global.process?.umask,
    mask,
  );
}

/** Whether a file with such an include is taken. */
const taken: Shows = () => "taken";
word(
  "global_defs/include_check",
  globalsOf("«include_check»") + "include /etc/nowhere\n" + instanceOf(""),
  taken,
  "refused",
  "taken",
);
for (
  const [option, include] of [
    ["read", "/etc/names"],
    ["match", "/etc/nowhere"],
    ["wildcard_match", "/etc/nowhere/*"],
    ["brace_match", "/etc/names/{empty.conf,nothing}"],
  ] as const
) {
  word(
    `global_defs/include_check/${option}`,
    globalsOf(`«include_check ${option}»`) + `include ${include}\n` + instanceOf(""),
    taken,
    "refused",
    "taken",
  );
}
