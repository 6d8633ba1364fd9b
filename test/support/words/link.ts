/**
 * Words about interfaces that standin makes and about routes, rules and static lines, from the file
 * to what the kernel of a simulated node is asked for.
 */
import { formatPrefix, seconds } from "../../../lib/base/mod.ts";
import type { Model } from "../../../lib/config/mod.ts";
import {
  alone,
  globalsOf,
  instanceOf,
  newWords,
  refused,
  type Shows,
  type WordCase,
} from "./words.ts";

/** The words. */
export const linkWords: WordCase[] = [];
const word = newWords(linkWords);

/** The links that were made, by their names, each with what was asked for. */
const made: Shows = (model) =>
  Array.from(alone(model, 5).node("a").kernel.made, ([name, plan]) => {
    const { kind, group } = plan;
    const own = plan.kind === "ipvlan"
      ? [plan.flag, plan.address === undefined ? "no address" : formatPrefix(plan.address)]
      : plan.notify === true
      ? ["notify"]
      : [];
    return [name, kind, ...own, ...(group === undefined ? [] : [`group ${group}`])].join(" ");
  });

word("vrrp_instance/use_vmac", instanceOf("«use_vmac»"), made, ["vrrp.51 macvlan"], []);
word(
  "vrrp_instance/use_vmac/name",
  instanceOf("use_vmac «name 01:02:03:04:05»".replaceAll(":", ".")),
  made,
  ["01.02.03.04.05 macvlan"],
  ["vrrp.51 macvlan"],
);
word(
  "vrrp_instance/use_vmac/netlink_notify_msg",
  instanceOf("use_vmac «netlink_notify_msg»"),
  made,
  ["vrrp.51 macvlan notify"],
  ["vrrp.51 macvlan"],
);
word(
  "vrrp_instance/use_vmac/group",
  instanceOf("use_vmac «group 7»"),
  made,
  ["vrrp.51 macvlan group 7"],
  ["vrrp.51 macvlan"],
);

const ipvlan = "use_ipvlan 10.0.0.77/24";
const plain = "vrrp.51 ipvlan bridge 10.0.0.77/24";
word("vrrp_instance/use_ipvlan", instanceOf(`«${ipvlan}»`), made, [plain], []);
word(
  "vrrp_instance/use_ipvlan/name",
  instanceOf(`${ipvlan} «name mine»`),
  made,
  [plain.replace("vrrp.51", "mine")],
  [plain],
);
for (const flag of ["private", "vepa"]) {
  word(
    `vrrp_instance/use_ipvlan/${flag}`,
    instanceOf(`${ipvlan} «${flag}»`),
    made,
    [plain.replace("bridge", flag)],
    [plain],
  );
}
word(
  "vrrp_instance/use_ipvlan/bridge",
  instanceOf(`${ipvlan} private «bridge»`),
  made,
  [plain],
  [plain.replace("bridge", "private")],
);
word(
  "vrrp_instance/use_ipvlan/group",
  instanceOf(`${ipvlan} «group 7»`),
  made,
  [`${plain} group 7`],
  [plain],
);

word(
  "global_defs/vmac_prefix",
  globalsOf("«vmac_prefix gate»") + instanceOf("use_vmac"),
  made,
  ["gate.51 macvlan"],
  ["vrrp.51 macvlan"],
);
const elsewhere = "10.0.0.100/24\n10.1.0.100/24 dev eth1";
word(
  "global_defs/vmac_addr_prefix",
  globalsOf("vmac_prefix gate\n«vmac_addr_prefix side»") +
    instanceOf("use_vmac_addr", elsewhere),
  made,
  ["side.51 macvlan"],
  ["gate.51 macvlan"],
);
word(
  "vrrp_instance/use_vmac_addr",
  instanceOf("«use_vmac_addr»", elsewhere),
  made,
  ["vrrp.51 macvlan"],
  [],
);

/** Routes and rules of a node whose only instance is master, and its addresses by interface. */
const tables: Shows = (model) => {
  const { kernel } = alone(model, 10).node("a");
  const addresses = kernel.addresses().filter(({ byDaemon }) => byDaemon);
  return [
    ...kernel.routing,
    ...addresses.map((one) => `${formatPrefix(one)} on ${kernel.linkAt(one.ifIndex)?.name}`),
  ];
};
const vip = "10.0.0.100/24 on eth0";
const route = "10.60.0.0/24 via 10.0.0.9 dev eth0";
const rule = "from 10.61.0.0/24 table 7 preference 100";

word(
  "vrrp_instance/virtual_routes",
  instanceOf(`«virtual_routes {\n${route}\n}»`),
  tables,
  [`route ${route}`, vip],
  [vip],
);
word(
  "vrrp_instance/virtual_rules",
  instanceOf(`«virtual_rules {\n${rule}\n}»`),
  tables,
  ["rule from 10.61.0.0/24 priority 100 table 7", vip],
  [vip],
);
word(
  "static_routes",
  `«static_routes {\n${route}\n}»` + instanceOf(""),
  tables,
  [`route ${route}`, vip],
  [vip],
);
word(
  "static_rules",
  `«static_rules {\n${rule}\n}»` + instanceOf(""),
  tables,
  ["rule from 10.61.0.0/24 priority 100 table 7", vip],
  [vip],
);
word(
  "static_ipaddress",
  "«static_ipaddress {\n10.9.0.1/24 dev eth1\n}»" + instanceOf(""),
  tables,
  ["10.9.0.1/24 on eth1", vip],
  [vip],
);
word(
  "static_ipaddress/dev",
  "static_ipaddress {\n10.9.0.1/24 «dev eth1»\n}\n" + instanceOf(""),
  tables,
  ["10.9.0.1/24 on eth1", vip],
  ["10.9.0.1/24 on eth0", vip],
);
word(
  "global_defs/default_interface",
  globalsOf("«default_interface eth1»") + "static_ipaddress {\n10.9.0.1/24\n}\n" + instanceOf(""),
  tables,
  ["10.9.0.1/24 on eth1", vip],
  ["10.9.0.1/24 on eth0", vip],
);
for (const block of ["virtual_ipaddress", "virtual_ipaddress_excluded"]) {
  const text = block === "virtual_ipaddress"
    ? instanceOf("", "10.0.0.100/24\n10.1.0.100/24 «dev eth1»")
    : instanceOf("virtual_ipaddress_excluded {\n10.1.0.100/24 «dev eth1»\n}");
  const by = (name: string): string[] => [vip, `10.1.0.100/24 on ${name}`];
  word(`vrrp_instance/${block}/dev`, text, tables, by("eth1"), by("eth0"));
  word(
    `vrrp_instance/${block}/use_vmac`,
    text.replace("«dev eth1»", "dev eth1 «use_vmac»"),
    made,
    ["vrrp.51 macvlan"],
    [],
  );
}

for (const [keyword, directory, table] of [["etc", "/etc/names", 7], ["usr", "/usr/names", 8]]) {
  word(
    `global_defs/iproute_${keyword}_dir`,
    globalsOf(`«iproute_${keyword}_dir ${directory}»`) +
      instanceOf("virtual_rules {\nfrom 10.61.0.0/24 table blue preference 100\n}"),
    tables,
    [`rule from 10.61.0.0/24 priority 100 table ${table}`, vip],
    refused,
  );
}

/** Somebody else takes a static address away: who falls. */
const robbed: Shows = (model) => {
  const story = alone(model, 10);
  const { kernel } = story.node("a");
  story.removeAddress("a", "10.9.0.1/24", "eth1");
  const lost = kernel.addresses().every(({ address }) => address.bytes[1] !== 9);
  story.run(seconds(5));
  return `${story.tells("a", "transition").length} changes, ${lost ? "lost" : "put back"}`;
};

/** The interface of a static address is unplugged. */
const unplugged: Shows = (model) => {
  const story = alone(model, 10);
  story.unplug("a", "eth1");
  return story.state("a");
};

/** A static address that a group of instances watches. */
function watched(line: string, group: string): string {
  return `${group}static_ipaddress {\n10.9.0.1/24 dev eth1 ${line}\n}\n` + instanceOf("");
}

const group = "track_group T {\ngroup {\nVI_1\n}\n}\n";
word("track_group", watched("track_group T", `«${group}»`), unplugged, "FAULT", refused);
word(
  "track_group/group",
  watched("track_group T", group.replace(/(group \{\nVI_1\n\})/, "«$1»")),
  unplugged,
  "FAULT",
);
word(
  "static_ipaddress/track_group",
  watched("«track_group T»", group),
  unplugged,
  "FAULT",
  "MASTER",
);
word(
  "static_ipaddress/no_track",
  watched("«no_track»", ""),
  robbed,
  "2 changes, lost",
  "2 changes, put back",
);
for (
  const [block, line] of [
    ["static_routes", "10.60.0.0/24 dev eth1"],
    ["static_rules", "from 10.61.0.0/24 dev eth1 table 7 preference 100"],
  ] as const
) {
  word(
    `${block}/track_group`,
    `${group}${block} {\n${line} «track_group T»\n}\n` + instanceOf(""),
    unwanted,
    "FAULT",
    "MASTER",
  );
}

/** The kernel does not take a static route or rule. */
function unwanted({ statics, ...model }: Model): unknown {
  const story = alone({ ...model, statics }, 10);
  const [[route], [rule]] = [statics.routes, statics.rules];
  const refusal = { errno: "EINVAL", message: "no" };
  const effect = route === undefined
    ? rule && { kind: "add-rule" as const, rule }
    : { kind: "add-route" as const, route };
  if (effect !== undefined) story.node("a").feed({ kind: "routing-refused", effect, refusal });
  return story.state("a");
}
