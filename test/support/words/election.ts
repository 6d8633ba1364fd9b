/**
 * Words of `vrrp_instance` that decide who is master, from the file to the wire, and those of
 * `global_defs` that hold for all instances.
 */
import { formatIp, inSeconds, seconds } from "../../../lib/base/mod.ts";
import { advertPdu } from "../advert.ts";
import { checksumIs, packetFrame } from "../inject.ts";
import { router } from "../plan.ts";
import { Story } from "../story.ts";
import {
  alone,
  globalsOf,
  instanceOf,
  newWords,
  refused,
  secondsUntilMaster,
  type Shows,
  type WordCase,
} from "./words.ts";

/** The words. */
export const electionWords: WordCase[] = [];
const word = newWords(electionWords);

/** How long a node that is alone takes to become master. */
const rise: Shows = (model) => secondsUntilMaster(alone(model, 0));

/** The last advert of a node that is alone. */
const advert: Shows = (model) => {
  const [last] = alone(model, 20).adverts("a").slice(-1);
  return last === undefined ? "silent" : [
    `v${last.version} ${last.vrid} ${last.priority} ${inSeconds(last.advertInterval)} s`,
    `${last.source} > ${last.destination}`,
    last.addresses.map(formatIp).join(" "),
  ].join(", ");
};

const usual = "v3 51 100 1 s, 10.0.0.1 > 224.0.0.18, 10.0.0.100";

word("vrrp_instance/state", instanceOf("priority 150\n«state MASTER»"), rise, 1.003906, 3.414062);
word(
  "vrrp_instance/interface",
  instanceOf("").replace("interface eth0", "«interface eth1»"),
  (model) =>
    alone(model, 20).host.entries.flatMap((entry) =>
      entry.kind === "sent" ? [entry.interfaceName] : []
    ).every((name) => name === "eth1"),
  true,
  refused,
);
word(
  "vrrp_instance/virtual_router_id",
  instanceOf("").replace("virtual_router_id 51", "«virtual_router_id 51»"),
  advert,
  usual,
  refused,
);
word(
  "vrrp_instance/version",
  instanceOf("").replace("version 3", "«version 3»"),
  advert,
  usual,
  usual.replace("v3", "v2"),
);
word(
  "vrrp_instance/priority",
  instanceOf("«priority 77»"),
  advert,
  usual.replace("100 1 s", "77 1 s"),
  usual,
);
word(
  "vrrp_instance/advert_int",
  instanceOf("«advert_int 0.5»"),
  advert,
  usual.replace("1 s", "0.5 s"),
  usual,
);
word(
  "vrrp_instance/virtual_ipaddress",
  instanceOf("").replace(/(virtual_ipaddress \{[^}]*\})/, "«$1»"),
  advert,
  usual,
  refused,
);
word(
  "vrrp_instance/mcast_src_ip",
  instanceOf("«mcast_src_ip 10.0.0.77»"),
  advert,
  usual.replace("10.0.0.1 ", "10.0.0.77 "),
  usual,
);
word(
  "global_defs/vrrp_version",
  globalsOf("«vrrp_version 3»") + instanceOf("").replace("version 3", ""),
  advert,
  usual,
  usual.replace("v3", "v2"),
);
word(
  "global_defs/vrrp_mcast_group4",
  globalsOf("«vrrp_mcast_group4 224.0.0.77»") + instanceOf(""),
  advert,
  usual.replace("0.18", "0.77"),
  usual,
);
word(
  "global_defs/vrrp_mcast_group6",
  globalsOf("«vrrp_mcast_group6 ff02::77»") + instanceOf("", "fe80::100"),
  advert,
  "v3 51 100 1 s, fe80::1 > ff02::77, fe80::100",
  "v3 51 100 1 s, fe80::1 > ff02::12, fe80::100",
);
word(
  "vrrp_instance/native_ipv6",
  instanceOf("«native_ipv6»\nno_virtual_ipaddress").replace(/virtual_ipaddress \{[^}]*\}/, ""),
  advert,
  "v3 51 100 1 s, fe80::1 > ff02::12, ",
  usual.replace("10.0.0.100", ""),
);

/** Node b is master with a lower priority when node a starts: its state, and when it rises. */
const preempts: Shows = (model) => {
  const story = new Story("a b");
  story.start("b", router({ priority: 50 }));
  story.runUntil("b", "MASTER");
  story.startWith("a", model);
  const from = story.now();
  story.run(seconds(60));
  const [rose] = story.transitions("a").filter(({ to }) => to === "MASTER");
  return rose === undefined ? "never" : `after ${Math.floor((rose.at - from) / 1_000_000)} s`;
};

word("vrrp_instance/nopreempt", instanceOf("«nopreempt»"), preempts, "never", "after 3 s");
word("vrrp_instance/preempt", instanceOf("nopreempt\n«preempt»"), preempts, "after 3 s", "never");
word(
  "vrrp_instance/preempt_delay",
  instanceOf("«preempt_delay 20»"),
  preempts,
  "after 22 s",
  "after 3 s",
);

/** A master without a word for four seconds. */
const heldUp: Shows = (model) => {
  const story = alone(model, 10);
  story.stall("a");
  story.run(seconds(4));
  story.wake("a");
  return story.state("a");
};

for (const keyword of ["timer_expired_backup", "thread_timer_expired"]) {
  word(
    `vrrp_instance/${keyword}`,
    instanceOf(`nopreempt\n«${keyword}»`),
    heldUp,
    "BACKUP",
    "MASTER",
  );
}

/** Somebody else takes the virtual address away from a master. */
const robbed: Shows = (model) => {
  const story = alone(model, 10);
  story.removeAddress("a", "10.0.0.100/24");
  return story.state("a");
};

word(
  "vrrp_instance/on_external_delete",
  instanceOf("«on_external_delete restore»"),
  robbed,
  "MASTER",
  "BACKUP",
);
word(
  "global_defs/on_external_delete",
  globalsOf("«on_external_delete restore»") + instanceOf(""),
  robbed,
  "MASTER",
  "BACKUP",
);

/** The link of a master goes down. */
const cut: Shows = (model) => {
  const story = alone(model, 10);
  story.down("a");
  return story.state("a");
};

word(
  "vrrp_instance/dont_track_primary",
  instanceOf("«dont_track_primary»"),
  cut,
  "MASTER",
  "FAULT",
);

/** Addresses that a master has. */
const held: Shows = (model) => alone(model, 10).held("a");

word(
  "vrrp_instance/no_virtual_ipaddress",
  instanceOf("«no_virtual_ipaddress»").replace(/virtual_ipaddress \{[^}]*\}\n/, "") +
    instanceOf("").replace("VI_1", "VI_2").replace("51", "52"),
  held,
  ["10.0.0.100"],
  refused,
);
word(
  "vrrp_instance/virtual_ipaddress_excluded",
  instanceOf("«virtual_ipaddress_excluded {\n10.0.0.200/24\nfe80::200/64\n}»"),
  (model) => [held(model), advert(model)],
  [["10.0.0.100", "10.0.0.200", "fe80::200"], usual],
  [["10.0.0.100"], usual],
);

/** Tells of an instance's word and of the one for all instances that has `vrrp_` before it. */
function both(keyword: string, value: string, lines: string, shows: Shows, ends: unknown[]): void {
  const said = `${keyword} ${value}`.trim();
  const [expected, ignored] = ends;
  const global = { strict_mode: "vrrp_strict", v3_checksum_as_v2: "v3_checksum_as_v2" };
  const name = Object.entries(global).find(([own]) => own === keyword)?.[1] ?? `vrrp_${keyword}`;
  word(`vrrp_instance/${keyword}`, instanceOf(`${lines}\n«${said}»`), shows, expected, ignored);
  const text = globalsOf(`«${said.replace(keyword, name)}»`) + instanceOf(lines);
  word(`global_defs/${name}`, text, shows, expected, ignored);
}

both("down_timer_adverts", "7", "", rise, [7.609375, 3.609375]);

/** What a deaf master of priority 50 on node b makes node a do, who does not hear b either. */
function beside(priority: number, shows: (story: Story, from: number) => unknown): Shows {
  return (model) => {
    const story = new Story("a b");
    story.part("a", "b");
    story.startWith("a", model);
    story.start("b", router({ priority }));
    story.run(seconds(10.5));
    story.heal();
    story.cut("a", "b");
    const from = story.now();
    story.run(seconds(1));
    return shows(story, from);
  };
}

const spoken = beside(50, (story, from) => story.adverts("a", from).length);
both("lower_prio_no_advert", "", "", spoken, [1, 2]);

const farewell = beside(200, (story, from) => {
  return story.adverts("a", from).filter(({ priority }) => priority < 200).length;
});
both("higher_prio_send_advert", "", "", farewell, [2, 1]);

const counted = beside(50, (story) => story.counter("a", "advertReceived"));
both("owner_ignore_adverts", "", "priority 255", counted, [0, 1]);

/** Two adverts of a known master, the second with another list of addresses. */
const lists: Shows = (model) => {
  const story = alone(model, 0);
  for (const addresses of [["10.0.0.100"], ["10.0.0.101"]]) {
    story.host.inject(story.lan, packetFrame(advertPdu({ addresses, priority: 200 })));
  }
  return story.counter("a", "addressListErrors");
};
both("skip_check_adv_addr", "", "", lists, [0, 1]);

/** Whether the checksum of adverts covers the pseudo header. */
const sums: Shows = (model) => {
  const [last] = alone(model, 10).adverts("a").slice(-1);
  return last !== undefined && checksumIs(last.packet, "224.0.0.18");
};
both("v3_checksum_as_v2", "", "", sums, [false, true]);

/** Strict: a router that does not own its addresses drops what is sent to them. */
both("strict_mode", "on", "", (model) => alone(model, 10).node("a").firewall !== undefined, [
  true,
  false,
]);

word(
  "global_defs/vrrp_startup_delay",
  globalsOf("«vrrp_startup_delay 5»") + instanceOf(""),
  rise,
  8.609375,
  3.609375,
);
word(
  "global_defs/vrrp_delay_after_boot",
  globalsOf("«vrrp_delay_after_boot 20»") + instanceOf(""),
  rise,
  23.609375,
  3.609375,
);
