/**
 * Configurations made from the table of keywords: for each keyword of each block a file that uses
 * it rightly, and files that use it wrongly in one way each. Every file is complete otherwise, so
 * that what is said about it is said about that keyword.
 */
import { formOf } from "../../../lib/config/form.ts";
import type { KeywordInfo } from "../../../lib/config/keyword.ts";
import { infoOf, lineForms } from "../../../lib/config/keywords/root.ts";
import { besideOf, lineOf, ownerLine } from "./beside.ts";
import { brokenLines, definedNames, wordsOf } from "./sample.ts";

/** One generated configuration. */
export interface Case {
  /** The block and the keyword, such as `vrrp_instance/track_script weight`. */
  readonly row: string;
  /** What is right or wrong with it. */
  readonly what: string;
  readonly since: string;
  readonly text: string;
}

/** Blocks that hold keywords or lines; tables of words that follow keywords are left out. */
const blocks = [...infoOf.keys()].filter((path) => {
  if (path === "" || lineForms.has(path)) return true;
  const parent = infoOf.get(path.split("/").slice(0, -1).join("/"));
  return parent?.[path.split("/").at(-1) ?? ""]?.block === true;
});

const heads: Readonly<Record<string, string>> = {
  ...definedNames,
  vrrp_script: "tested",
  track_file: "tested",
  vrrp_track_file: "tested",
  vrrp_track_process: "tested",
  track_probe: "tested",
  bfd_instance: "tested",
  track_group: "tested",
  virtual_server_group: "tested",
  vrrp_instance: "V",
  vrrp_sync_group: "G",
  virtual_server: "10.0.0.5 80",
  real_server: "10.0.0.6 80",
};

/** What a block can not be without, a line each; a tested keyword replaces its own line. */
const needs: Readonly<Record<string, readonly string[]>> = {
  vrrp_instance: ["interface eth0", "virtual_router_id 1", "virtual_ipaddress {\n10.0.0.1\n}"],
  vrrp_sync_group: ["group {\nV\nW\n}"],
  vrrp_script: ['script "/bin/true"'],
  vrrp_track_process: ["process sleep"],
  track_probe: ["ping gateway"],
  track_file: ["file /tmp/standin-sample"],
  vrrp_track_file: ["file /tmp/standin-sample"],
  bfd_instance: ["neighbor_ip 10.0.0.8"],
  track_group: ["group {\nV\n}"],
  garp_group: ["garp_interval 1", "interface eth0"],
  virtual_server: [
    "lvs_sched rr",
    "lvs_method NAT",
    "protocol TCP",
    "real_server 10.0.0.6 80 {\nweight 1\n}",
  ],
  MISC_CHECK: ['misc_path "/bin/true"'],
  HTTP_GET: ["url {\npath /\n}"],
  SSL_GET: ["url {\npath /\n}"],
  url: ["path /"],
  FILE_CHECK: ["track_file file1"],
  BFD_CHECK: ["name session1"],
  AGENT_CHECK: ["connect_port 9999"],
  authentication: ["auth_type PASS", "auth_pass 1234"],
  auth_hmac: ["key 1 0123456789abcdef0123456789abcdef", "active_key 1"],
};

/** Keywords that mean the same, so that one replaces the other. */
const sameAs: Readonly<Record<string, string>> = {
  lb_algo: "lvs_sched",
  lb_kind: "lvs_method",
  neighbour_ip: "neighbor_ip",
};

const prelude = `global_defs {
script_user root
enable_script_security
}
vrrp_script script1 {
script "/bin/true"
}
track_file file1 {
file /tmp/standin-sample
}
vrrp_track_process process1 {
process sleep
}
@standin track_probe probe1 {
@standin ping gateway
@standin }
bfd_instance session1 {
neighbor_ip 10.0.0.9
}
`;

const instanceV = `vrrp_instance V {\n${needs["vrrp_instance"]?.join("\n")}\n}\n`;
const instanceW = instanceV.replace(" V ", " W ").replace("_id 1", "_id 2")
  .replace("10.0.0.1", "10.0.0.2");

/** A whole file in which the block of a path holds a line. */
export function fileWith(path: string, line: string): string {
  const keywords = path === "" ? [] : path.split("/");
  const replaced = /^[^\s{]*/.exec(line)?.[0] ?? "";
  let text = line;
  for (const [index, keyword] of [...keywords.entries()].reverse()) {
    const inner = index === keywords.length - 1
      ? sameAs[replaced] ?? replaced
      : keywords[index + 1];
    const outside = index > 0 && infoOf.has(keyword);
    const lines = (outside ? [] : needs[keyword] ?? []).filter((need) =>
      need.split(/[\s{]/)[0] !== inner
    );
    const name = index === 0 || keyword === "real_server" ? heads[keyword] : undefined;
    const head = name === undefined ? keyword : `${keyword} ${name}`;
    text = `${head} {\n${[...lines, text].join("\n")}\n}`;
  }
  const root = keywords[0] ?? "";
  const others = [
    prelude,
    root === "vrrp_instance" ? "" : instanceV,
    root === "vrrp_sync_group" ? instanceW : "",
    /track_group group1/.test(line) ? "track_group group1 {\ngroup {\nV\n}\n}\n" : "",
    root === "virtual_server" && /servers1/.test(line)
      ? "virtual_server_group servers1 {\n10.0.0.5 80\n}\n"
      : "",
  ];
  return `${others.join("")}${text}\n`;
}

function casesOfKeyword(path: string, name: string, info: KeywordInfo): Case[] {
  const inLine = lineForms.has(path);
  const form = formOf(info.argument);
  const lines: (readonly [string, string])[] = [];
  const inner = path === "" ? name : `${path}/${name}`;
  if (form.block) {
    const head = wordsOf(form, false);
    lines.push(["empty block", `${name} ${head} {\n}`], ["no braces", `${name} ${head}`]);
    if (!lineForms.has(inner)) lines.push(["unknown keyword inside", ""]);
  } else {
    const right = `${name} ${wordsOf(form, true)}`;
    lines.push(["right", right]);
    if (form.parts.some(({ optional }) => optional)) {
      lines.push(["right, short", `${name} ${wordsOf(form, false)}`]);
    }
    if (form.parts.some(({ optional }) => !optional)) lines.push(["nothing behind it", name]);
    lines.push(...brokenLines(name, info), ["right, twice", `${right}\n${right}`]);
  }
  return lines.map(([what, line]) => {
    const text = line === ""
      ? fileWith(inner, "no_such_keyword 1")
      : fileWith(path, inLine ? lineOf(path, line) : besideOf(path, name) + line.trim());
    return { row: `${path} ${name}`.trim(), what, since: info.since, text };
  });
}

function casesOfLines(path: string): Case[] {
  const form = lineForms.get(path) ?? "";
  const since = "2.2.7";
  const right = { row: path, what: "right line", since, text: fileWith(path, lineOf(path, "")) };
  const wrong = brokenLines("", { argument: form }).map(([what, line]): Case => {
    return { row: path, what, since, text: fileWith(path, line.trim()) };
  });
  const more = fileWith(path, lineOf(path, "no_such_word"));
  return [right, ...wrong, { row: path, what: "a word too much", since, text: more }];
}

/** Words that may follow some keywords, in any order. */
const optionPaths = [...infoOf.keys()].filter((path) => {
  return !blocks.includes(path) && !/encap|nexthop|\(|SCRIPTLINE/.test(path);
});

function casesOfOptions(path: string): Case[] {
  const parent = path.split("/").slice(0, -1).join("/");
  const name = path.split("/").at(-1) ?? "";
  return Object.entries(infoOf.get(path) ?? {}).flatMap(([option, info]) => {
    const { since } = info;
    const before = ownerLine(parent, name, option);
    const right = `${before} ${option} ${wordsOf(formOf(info.argument), true)}`.trim();
    const row = `${path} ${option}`;
    const wrong = brokenLines(`${before} ${option}`, info).map(([what, line]): Case => {
      return { row, what, since, text: fileWith(parent, line) };
    });
    return [{ row, what: "right", since, text: fileWith(parent, right) }, ...wrong];
  });
}

/** All cases of all keywords, in the order of the tables. */
export function keywordCases(): Case[] {
  return [...casesOfBlocks(), ...optionPaths.flatMap(casesOfOptions)];
}

/** Whether a block, or one around it, is none of keepalived's. */
function isOurs(path: string): boolean {
  const words = path.split("/");
  return words.some((word, index) =>
    infoOf.get(words.slice(0, index).join("/"))?.[word]?.since === "standin"
  );
}

function casesOfBlocks(): Case[] {
  return blocks.filter((path) => !isOurs(path)).flatMap((path) => {
    const rows = Object.entries(infoOf.get(path) ?? {});
    const own = rows.filter(([, { since }]) => since !== "standin");
    const cases = own.flatMap(([name, info]) => casesOfKeyword(path, name, info));
    return lineForms.has(path) ? [...casesOfLines(path), ...cases] : cases;
  });
}
