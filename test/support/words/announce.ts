/**
 * Words about gratuitous ARP and neighbour advertisements, from the file to the wire: how many, how
 * often, how far apart, on which interfaces.
 */
import { seconds } from "../../../lib/base/mod.ts";
import { router } from "../plan.ts";
import { Story } from "../story.ts";
import { alone, globalsOf, instanceOf, newWords, type Shows, type WordCase } from "./words.ts";

/** The words. */
export const announceWords: WordCase[] = [];
const word = newWords(announceWords);

/** Bursts since an instant: how many announcements, and after how many seconds. */
function bursts(story: Story, from: number): string {
  const counts = new Map<number, number>();
  for (const { at } of story.announcements("a", from)) {
    const after = Math.round((at - from) / 100_000) / 10;
    counts.set(after, (counts.get(after) ?? 0) + 1);
  }
  return Array.from(counts, ([at, count]) => `${count} at ${at}`).join(", ");
}

/** What a new master announces within 25 seconds. */
const rises: Shows = (model) => {
  const story = alone(model, 0);
  const from = story.runUntil("a", "MASTER");
  story.run(seconds(25));
  return bursts(story, from);
};

/** What a master announces within ten seconds after it heard one of lower priority. */
const hearsLower: Shows = (model) => {
  const story = new Story("a b");
  story.part("a", "b");
  story.startWith("a", model);
  story.start("b", router({ priority: 50 }));
  story.run(seconds(20.5));
  story.heal();
  story.cut("a", "b");
  const heard = story.now();
  story.run(seconds(1));
  story.crash("b");
  story.run(seconds(10));
  const first = story.announcements("a", heard)[0]?.at ?? heard;
  return bursts(story, first);
};

function both(keyword: string, value: string, lines: string, shows: Shows, ends: string[]): void {
  const [expected, ignored] = ends;
  word(
    `vrrp_instance/${keyword}`,
    instanceOf(`${lines}\n«${keyword} ${value}»`),
    shows,
    expected,
    ignored,
  );
  const text = globalsOf(`«vrrp_${keyword} ${value}»`) + instanceOf(lines);
  word(`global_defs/vrrp_${keyword}`, text, shows, expected, ignored);
}

both("garp_master_delay", "8", "", rises, ["5 at 0, 5 at 8", "5 at 0, 5 at 5"]);
both("garp_master_repeat", "2", "", rises, ["2 at 0, 2 at 5", "5 at 0, 5 at 5"]);
both("garp_master_refresh", "7", "", rises, [
  "5 at 0, 5 at 5, 1 at 12, 1 at 19",
  "5 at 0, 5 at 5",
]);
both("garp_master_refresh_repeat", "3", "garp_master_refresh 15", rises, [
  "5 at 0, 5 at 5, 3 at 20",
  "5 at 0, 5 at 5, 1 at 20",
]);
both("garp_lower_prio_delay", "3", "", hearsLower, ["5 at 0, 5 at 3", "5 at 0, 5 at 5"]);
both("garp_lower_prio_repeat", "2", "", hearsLower, ["2 at 0, 2 at 5", "5 at 0, 5 at 5"]);
word(
  "global_defs/vrrp_min_garp",
  globalsOf("«vrrp_min_garp»") + instanceOf(""),
  rises,
  "1 at 0",
  "5 at 0, 5 at 5",
);

const six = instanceOf("", "fe80::100");
const apart = "1 at 0, 1 at 0.5, 1 at 1, 1 at 1.5, 1 at 2, " +
  "1 at 5, 1 at 5.5, 1 at 6, 1 at 6.5, 1 at 7";
for (
  const [keyword, text] of [
    ["global_defs/vrrp_garp_interval", globalsOf("«vrrp_garp_interval 0.5»") + instanceOf("")],
    ["global_defs/vrrp_gna_interval", globalsOf("«vrrp_gna_interval 0.5»") + six],
    [
      "garp_group/garp_interval",
      group("«garp_interval 0.5»\ngna_interval 9\ninterface eth0") + instanceOf(""),
    ],
    ["garp_group/gna_interval", group("«gna_interval 0.5»\ngarp_interval 9\ninterface eth0") + six],
    ["garp_group/interface", group("garp_interval 0.5\n«interface eth0»") + instanceOf("")],
    [
      "garp_group/interfaces",
      group("garp_interval 0.5\n«interfaces {\neth1\neth0\n}»") + instanceOf(""),
    ],
    ["garp_group", `«${group("garp_interval 0.5\ninterface eth0")}»` + instanceOf("")],
  ] as const
) {
  word(keyword, text, rises, apart, "5 at 0, 5 at 5");
}

function group(lines: string): string {
  return `garp_group {\n${lines}\n}\n`;
}

/** What a master announces on an interface that no adverts leave by, after its first bursts. */
const elsewhere: Shows = (model) => {
  const story = alone(model, 30);
  const from = story.now();
  story.run(seconds(20));
  return story.host.entries.filter((entry) =>
    entry.kind === "sent" && entry.at > from && entry.interfaceName === "eth1"
  ).length;
};
const other = instanceOf("", "10.0.0.100/24\n10.1.0.100/24 dev eth1");
for (const keyword of ["garp_extra_if", "vmac_garp_intvl"]) {
  const own = other.replace("version 3", `version 3\n«${keyword} all 10»`);
  word(`vrrp_instance/${keyword}`, own, elsewhere, 2, 0);
  const global = globalsOf(`«vrrp_${keyword} all 10»`) + other;
  word(`global_defs/vrrp_${keyword}`, global, elsewhere, 2, 0);
}
