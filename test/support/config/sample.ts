/**
 * Words that fit a form and words that do not, made from the form itself, so that a new keyword
 * has its cases without anybody writing them.
 */
import { type Form, formOf, type FormPart, type ValueForm } from "../../../lib/config/form.ts";
import type { KeywordInfo } from "../../../lib/config/keyword.ts";

/** What a sample file defines for others to refer to. */
export const definedNames: Readonly<Record<string, string>> = {
  vrrp_script: "script1",
  track_file: "file1",
  vrrp_track_process: "process1",
  bfd_instance: "session1",
  track_group: "group1",
  track_probe: "probe1",
  virtual_server_group: "servers1",
};

const texts: Readonly<Record<string, string>> = {
  addresses: "10.0.0.20-29",
  broadcast: "10.0.0.255",
  bufs: "MTU",
  cidr: "10.0.0.9/24",
  code: "200-299",
  command: "sleep",
  destination: "10.5.0.0/16",
  device: "eth1",
  directory: "/tmp",
  domain: "example.net",
  free: "10%",
  fwmark: "0x10/0xff",
  hex: "0a0b",
  hexmask: "0axb",
  host: "127.0.0.1",
  instance: "V",
  interface: "eth1",
  key: "0123456789abcdef0123456789abcdef",
  label: "eth0:1",
  lifetime: "100",
  link: "made0",
  listen: "127.0.0.1:9000",
  mac: "02:00:00:00:00:01",
  mask: "255.255.255.0",
  md5: "0123456789abcdef0123456789abcdef",
  path: "/tmp/standin-sample",
  pattern: '"^ok"',
  port: "8080",
  prefix: "10.6.0.0/16",
  range: "1000-2000",
  realms: "10/20",
  scheduler: "rr",
  symbol: "100",
  target: "gateway",
  time: "10",
  umask: "IRGRP",
  url: "http://10.0.0.20:8080/up",
  user: "root",
};

/** A word of the type. */
export function sampleOf(value: ValueForm): string {
  switch (value.kind) {
    case "integer":
    case "seconds":
    case "number":
    case "decimal": {
      return String(Math.ceil(Math.max(value.least, Math.min(value.most, 1))));
    }
    case "bool":
      return "on";
    case "words":
      return value.words[0] ?? "";
    case "ip":
      return value.family === "ipv6" ? "2001:db8::7" : "10.0.0.7";
    case "group":
      return value.family === "ipv6" ? "ff02::7" : "224.0.0.7";
    case "reference":
      return definedNames[value.block] ?? "none";
    case "script":
      return '"/bin/true"';
    case "option":
      return "";
    case "text":
      return texts[value.type] ?? "word1";
  }
}

/** Words that are not of the type, each with what is wrong with it. */
export function brokenOf(value: ValueForm): readonly (readonly [what: string, word: string])[] {
  switch (value.kind) {
    case "integer":
    case "seconds":
    case "number":
    case "decimal": {
      const broken: [string, string][] = [["no number", "x12"], ["rubbish behind", "12x"]];
      if (value.least > 0) broken.push(["too small", "0"]);
      if (value.least === 0) broken.push(["negative", "-1"]);
      if (value.least < 0) broken.push(["too small", String(value.least - 1)]);
      if (value.most < 2 ** 63) broken.push(["too large", String(Math.floor(value.most) + 1)]);
      return broken;
    }
    case "bool":
      return [["no truth value", "maybe"], ["upper case", "ON"]];
    case "words":
      return [["unknown word", "elsewhere"]];
    case "ip":
      return [["no address", "10.0.0.256"], ["a name", "localhost.invalid"]];
    case "group":
      return [["no group", "10.0.0.7"], ["no address", "x.y"]];
    case "reference":
      return [["unknown name", "nobody"]];
    case "option":
    case "script":
      return [];
    case "text":
      return (brokenTexts[value.type] ?? []).map((word) => [`no ${value.type}`, word]);
  }
}

const brokenTexts: Readonly<Record<string, readonly string[]>> = {
  addresses: ["10.0.0.300", "10.0.0.9-x"],
  cidr: ["10.0.0.300", "word"],
  code: ["abc"],
  destination: ["10.0.0.300"],
  fwmark: ["x"],
  hex: ["xyz"],
  device: ["an-interface-name-too-long"],
  instance: ["nobody"],
  interface: ["an-interface-name-too-long", "absent0"],
  mac: ["02:00:zz"],
  mask: ["word"],
  md5: ["123"],
  port: ["0", "65536", "x"],
  prefix: ["10.0.0.300"],
  range: ["5", "x-y"],
  scheduler: ["fastest"],
  umask: ["IXXX"],
};

/** The words after a keyword, with or without those that may be absent. */
export function wordsOf(form: Form, whole: boolean): string {
  return wordsFor(form.parts.filter(({ optional }) => whole || !optional));
}

/** The samples of some parts. */
export function wordsFor(parts: readonly FormPart[]): string {
  return parts.map(({ value }) => sampleOf(value)).filter((word) => word !== "").join(" ");
}

/** Lines with one word wrong each. */
export function brokenLines(
  keyword: string,
  { argument }: Pick<KeywordInfo, "argument">,
): readonly (readonly [what: string, line: string])[] {
  const { parts } = formOf(argument);
  return parts.flatMap((part, index) => {
    const before = wordsFor(parts.slice(0, index).filter(({ optional }) => !optional));
    const after = wordsFor(parts.slice(index + 1).filter(({ optional }) => !optional));
    return brokenOf(part.value).map(([what, word]): [string, string] => {
      const line = [keyword, before, word, after].filter((text) => text !== "").join(" ");
      return [`${what} for ${part.label}`, line];
    });
  });
}
