/**
 * Scenarios as people write them: one line for each thing, words with blanks between, `#` begins a
 * comment. What is wrong is told with its line, all of it at once.
 *
 *   node a near.conf
 *   node b far.conf
 *   10s crash a
 *   20s start a
 *   lasts 40s
 *   expect VI_1 master b at 15s
 *   expect VI_1 outage 4s
 */
import { readMilliseconds } from "../base/mod.ts";
import type { Act, SegmentWords, TimedAct } from "./scenario.ts";

/** What must hold of a history. */
export type Expectation =
  | {
    readonly kind: "master";
    readonly router: string;
    /** A node, or `nobody`. */
    readonly node: string;
    readonly atMs: number;
  }
  /** No time without a master, or with two, is longer. */
  | { readonly kind: "outage" | "two-masters"; readonly router: string; readonly mostMs: number };

/** A file of a scenario, read. */
export interface Script {
  readonly nodes: readonly { readonly name: string; readonly path: string }[];
  /** `address NODE LINK ADDRESS/LENGTH` */
  readonly addresses: readonly (readonly [node: string, link: string, address: string])[];
  /** `wire SEGMENT NODE LINK`: links of one name are on one wire unless this says otherwise. */
  readonly wires: readonly (readonly [segment: string, node: string, link: string])[];
  readonly seed: number;
  /** Those that reload name a file instead of its text. */
  readonly acts: readonly TimedAct[];
  readonly lastsMs: number | undefined;
  readonly expectations: readonly Expectation[];
}

type Form = (words: readonly string[], script: Draft) => string | undefined;

interface Draft {
  readonly nodes: { name: string; path: string }[];
  readonly addresses: [string, string, string][];
  readonly wires: [string, string, string][];
  seed: number;
  readonly acts: TimedAct[];
  lastsMs: number | undefined;
  readonly expectations: Expectation[];
}

/** Reads the text of a scenario; the problems name their lines. */
export function readScript(text: string): { readonly script: Script; readonly problems: string[] } {
  const script: Draft = {
    nodes: [],
    addresses: [],
    wires: [],
    seed: 1,
    acts: [],
    lastsMs: undefined,
    expectations: [],
  };
  const problems: string[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const words = line.replace(/#.*$/, "").trim().split(/\s+/).filter((word) => word !== "");
    const [first = ""] = words;
    if (first === "") continue;
    const atMs = readMilliseconds(first);
    const problem = atMs === undefined
      ? (settings[first] ?? unknown)(words, script)
      : readAct(words.slice(1), atMs, script);
    if (problem !== undefined) problems.push(`line ${index + 1}: ${problem}`);
  }
  if (script.nodes.length === 0) problems.push('there is no node: expected "node NAME FILE"');
  const names = new Set(script.nodes.map(({ name }) => name));
  for (const act of script.acts) {
    if ("node" in act && !names.has(act.node)) problems.push(`there is no node "${act.node}"`);
  }
  return { script, problems };
}

function unknown([word]: readonly string[]): string {
  return `"${word}" is neither a time such as 10s nor one of ${Object.keys(settings).join(", ")}`;
}

const settings: Readonly<Record<string, Form>> = {
  node: ([, name, path], { nodes }) => {
    if (name === undefined || path === undefined) return "expected node NAME FILE";
    if (nodes.some((one) => one.name === name)) return `there is a node "${name}" already`;
    return void nodes.push({ name, path });
  },
  address: ([, node, link, address], { addresses }) => {
    if (address === undefined || !address.includes("/")) {
      return "expected address NODE LINK ADDRESS/LENGTH";
    }
    return void addresses.push([node ?? "", link ?? "", address]);
  },
  wire: ([, segment, node, link], { wires }) => {
    if (link === undefined) return "expected wire SEGMENT NODE LINK";
    return void wires.push([segment ?? "", node ?? "", link]);
  },
  seed: ([, number], script) => {
    if (!/^\d{1,9}$/.test(number ?? "")) return "expected seed NUMBER";
    return void (script.seed = Number(number));
  },
  lasts: ([, time], script) => {
    script.lastsMs = readMilliseconds(time ?? "");
    return script.lastsMs === undefined ? "expected lasts TIME, such as lasts 60s" : undefined;
  },
  expect: readExpectation,
};

function readExpectation(words: readonly string[], { expectations }: Draft): string | undefined {
  const [, router = "", what, ...rest] = words;
  if (what === "master" && rest[1] === "at") {
    const atMs = readMilliseconds(rest[2] ?? "");
    if (atMs !== undefined) {
      return void expectations.push({ kind: "master", router, node: rest[0] ?? "", atMs });
    }
  }
  const mostMs = readMilliseconds(rest[0] ?? "");
  if ((what === "outage" || what === "two-masters") && mostMs !== undefined) {
    return void expectations.push({ kind: what, router, mostMs });
  }
  return "expected expect INSTANCE master NODE at TIME, expect INSTANCE outage TIME " +
    "or expect INSTANCE two-masters TIME";
}

/** The words behind the time. */
function readAct(words: readonly string[], atMs: number, script: Draft): string | undefined {
  const [verb = "", ...rest] = words;
  if (verb === "start" && rest[0] === "all") {
    for (const { name } of script.nodes) script.acts.push({ kind: "start", node: name, atMs });
    return undefined;
  }
  const read = acts[verb];
  if (read === undefined) {
    return `"${verb}" is nothing that can be done: ${Object.keys(acts).join(", ")}`;
  }
  const [form, make] = read;
  const found = make(rest);
  if (found === undefined) return `expected ${verb} ${form}`;
  script.acts.push(...found.map((act) => ({ ...act, atMs })));
  return undefined;
}

type MakeAct = (words: readonly string[]) => readonly Act[] | undefined;

/** An act of a node that needs no more words. */
function ofNode(make: (node: string) => Act): readonly [string, MakeAct] {
  return ["NODE", ([node]) => node === undefined ? undefined : [make(node)]];
}

function ofLink(up: boolean): readonly [string, MakeAct] {
  return ["NODE LINK", ([node, link]) => {
    return node === undefined || link === undefined
      ? undefined
      : [{ kind: "link", node, link, up, by: "carrier" }];
  }];
}

const acts: Readonly<Record<string, readonly [form: string, make: MakeAct]>> = {
  start: ofNode((node) => ({ kind: "start", node })),
  stop: ofNode((node) => ({ kind: "stop", node })),
  crash: ofNode((node) => ({ kind: "crash", node, guarded: true })),
  stall: ofNode((node) => ({ kind: "stall", node })),
  suspend: ofNode((node) => ({ kind: "suspend", node })),
  wake: ofNode((node) => ({ kind: "wake", node })),
  unplug: ofLink(false),
  plug: ofLink(true),
  cut: ["WIRE FROM TO", ([segment = "", from, to]) => {
    return from === undefined || to === undefined
      ? undefined
      : [{ kind: "cut", segment, from, to }];
  }],
  split: ["WIRE NODE NODE", ([segment = "", a, b]) => {
    if (a === undefined || b === undefined) return undefined;
    return [{ kind: "cut", segment, from: a, to: b }, { kind: "cut", segment, from: b, to: a }];
  }],
  heal: ["WIRE", ([segment]) => segment === undefined ? undefined : [{ kind: "recover", segment }]],
  disturb: [
    "WIRE [loss 20%] [burst 4/5] [delay 5ms] [jitter 5ms] [duplication 10%]",
    ([segment, ...rest]) => {
      const faults = segment === undefined ? undefined : readFaults(rest);
      return faults === undefined
        ? undefined
        : [{ kind: "disturb", segment: segment ?? "", ...faults }];
    },
  ],
  maintenance: ["NODE on|off", ([node, word]) => {
    if (node === undefined || (word !== "on" && word !== "off")) return undefined;
    return [{ kind: "maintenance", node, on: word === "on" }];
  }],
  failover: ["NODE INSTANCE…", ([node, ...names]) => {
    return node === undefined || names.length === 0
      ? undefined
      : [{ kind: "hand-over", node, names }];
  }],
  reload: ["NODE FILE", ([node, config]) => {
    return node === undefined || config === undefined
      ? undefined
      : [{ kind: "reload", node, config }];
  }],
  script: ["NODE COMMAND EXIT", ([node, command, exit]) => {
    if (node === undefined || command === undefined || !/^\d{1,3}$/.test(exit ?? "")) {
      return undefined;
    }
    return [{ kind: "script", node, command, exit: Number(exit) }];
  }],
  file: ["NODE PATH [TEXT]", ([node, path, text]) => {
    if (node === undefined || path === undefined) return undefined;
    return [{ kind: "file", node, path, ...(text === undefined ? {} : { text }) }];
  }],
};

function readFaults(words: readonly string[]): SegmentWords | undefined {
  const faults: Record<string, number | readonly [number, number]> = {};
  for (let at = 0; at < words.length; at += 2) {
    const [name = "", value = ""] = words.slice(at, at + 2);
    const share = /^(\d{1,2}(?:\.\d+)?|100)%$/.exec(value)?.[1];
    const [, lost, of] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(value) ?? [];
    const time = readMilliseconds(value);
    if (name === "burst" && Number(lost) <= Number(of)) faults[name] = [Number(lost), Number(of)];
    else if ((name === "loss" || name === "duplication") && share !== undefined) {
      faults[name] = Number(share) / 100;
    } else if ((name === "delay" || name === "jitter") && time !== undefined) {
      faults[`${name}Ms`] = time;
    } else return undefined;
  }
  return words.length === 0 ? undefined : faults;
}
