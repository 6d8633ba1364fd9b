/**
 * The tables of keywords as a reference for people: every keyword with all blocks where it may
 * stand, and an example made from its form. `explain keyword` and docs/keywords.md say the same.
 */
import { formOf, showForm, type ValueForm } from "./form.ts";
import type { KeywordInfo } from "./keyword.ts";
import { infoOf, lineForms } from "./keywords/root.ts";

/** A keyword in one of the blocks where it may stand. */
export interface Entry {
  readonly keyword: string;
  /** Where it may stand, in words: `vrrp_instance`, `a line of track_script in vrrp_instance`. */
  readonly where: string;
  readonly path: string;
  readonly info: KeywordInfo;
}

/** All keywords of all blocks, in the order of the tables. */
export function entries(): Entry[] {
  return [...infoOf].flatMap(([path, table]) =>
    Object.entries(table).map(([keyword, info]) => ({ keyword, where: placeOf(path), path, info }))
  );
}

/** A path in words. */
export function placeOf(path: string): string {
  if (path === "") return "outside of all blocks";
  if (path === "(anywhere)") return "anywhere";
  if (path === "SCRIPTLINE") return "after a command";
  const inner = path.replace(/ \(head\)$/, "").split("/").reverse();
  if (path.endsWith("(head)")) return `after ${inner.join(" in ")}`;
  if (lineForms.has(path)) return `a line of ${inner.join(" in ")}`;
  const last = inner[0] ?? "";
  const parent = infoOf.get(path.split("/").slice(0, -1).join("/"));
  const isBlock = parent !== undefined && Object.hasOwn(parent, last) && parent[last]?.block;
  return isBlock === true ? inner.join(" in ") : `after ${inner.join(" in ")}`;
}

/** How standin stands to a keyword, in words. */
export function standingOf({ standing }: KeywordInfo): string {
  switch (standing.kind) {
    case "in-effect":
      return "in effect";
    case "without-effect":
      return `accepted without effect: ${standing.reason}`;
    case "not-yet":
      return standing.consequence === undefined
        ? "not yet: it is checked and has no effect"
        : `not yet: ${standing.consequence}`;
  }
}

/** The form after a keyword for people; empty for none. */
export function formText({ argument }: KeywordInfo): string {
  return showForm(argument);
}

/** Words by the name of their type, where the type says nothing. */
const samples: Readonly<Record<string, string>> = {
  addresses: "192.0.2.10-19",
  broadcast: "+",
  bufs: "MTU",
  clients: "192.0.2.0/24",
  cidr: "192.0.2.1/24",
  code: "200-299",
  command: "haproxy",
  destination: "198.51.100.0/24",
  device: "eth0",
  directory: "/var/lib/standin",
  domain: "example.net",
  fstype: "ext4",
  fwmark: "0x10/0xff",
  glob: "conf.d/*.conf",
  hex: "0a0b0c",
  hexmask: "0axx0c",
  host: "192.0.2.25",
  instance: "VI_1",
  interface: "eth0",
  key: "hex:…",
  label: "eth0:vip",
  lifetime: "forever",
  link: "vrrp.51",
  listen: "127.0.0.1:9568",
  mac: "02:00:5e:00:01:33",
  free: "10%",
  mask: "255.255.255.0",
  md5: "d41d8cd98f00b204e9800998ecf8427e",
  options: "rw",
  path: "/var/lib/standin/file",
  pattern: '"^OK"',
  port: "8080",
  prefix: "198.51.100.0/24",
  range: "1024-2048",
  realms: "10/20",
  scheduler: "wlc",
  service: "nginx",
  source: "/dev/vg0/data",
  symbol: "100",
  text: '"a text"',
  time: "300ms",
  target: "gateway",
  url: "http://192.0.2.1:8080/status",
  umask: "IRWXG|IRWXO",
  user: "nobody",
};

/** The words that may follow a keyword in any order, each with its form; none for most. */
export function optionsOf({ path, keyword, info }: Entry): readonly string[] {
  const { parts, block } = formOf(info.argument);
  if (!parts.some(({ value }) => value.kind === "option")) return [];
  const own = `${path === "" ? "" : `${path}/`}${keyword}`;
  const kinds = parts.flatMap(({ value }) => value.kind === "words" ? value.words : []);
  const paths = [block ? `${own} (head)` : own, ...kinds.map((kind) => `${own}/${kind}`)];
  const found = paths.flatMap((one) => Object.entries(infoOf.get(one) ?? {}));
  return [...new Set(found.map(([word, option]) => `${word} ${formText(option)}`.trim()))];
}

/** One line that shows how a keyword is written. */
export function exampleOf(entry: Entry): string {
  const { keyword, info } = entry;
  const { parts, block } = formOf(info.argument);
  const [option] = optionsOf(entry);
  const words = parts.flatMap(({ value, optional }) => {
    if (value.kind !== "option") return sampleOf(value);
    return optional || option === undefined ? [] : [exampleOfOption(option)];
  });
  return [keyword, ...words, ...(block ? ["{ … }"] : [])].join(" ");
}

function exampleOfOption(option: string): string {
  const [word = "", ...form] = option.split(" ");
  const { parts } = formOf(form.join(" "));
  return [word, ...parts.flatMap(({ value }) => sampleOf(value))].join(" ");
}

function sampleOf(value: ValueForm): string[] {
  switch (value.kind) {
    case "integer":
    case "seconds":
    case "number":
    case "decimal":
      return [String(Math.max(value.least, Math.min(value.most, usualNumber)))];
    case "bool":
      return ["on"];
    case "words":
      return [value.words[0] ?? ""];
    case "ip":
      return [value.family === "ipv6" ? "2001:db8::1" : "192.0.2.1"];
    case "group":
      return [value.family === "ipv6" ? "ff02::12" : "224.0.0.18"];
    case "reference":
      return [`my_${value.block.replace(/^vrrp_|_instance$/g, "")}`];
    case "script":
      return ['"/usr/local/bin/script with words"'];
    case "option":
      return [];
    case "text":
      return [samples[value.type] ?? value.type];
  }
}

/** Fits most ranges and means little. */
const usualNumber = 3;
