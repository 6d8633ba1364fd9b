/**
 * Every rule by example. Each file in `lint/` is named after its code and has three parts with
 * ruled lines between them: a configuration that the rule speaks of, what all rules say about it,
 * and a near miss of which this rule says nothing. Lines `=== file NAME` start the files of a
 * cluster, `=== machine INTERFACE ADDRESS` tells where the file would run.
 * STANDIN_UPDATE_GOLDEN=1 writes what is said now; read the difference before keeping it.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { type IpPrefix, parsePrefix } from "../../../lib/base/mod.ts";
import { clusterRules } from "../../../lib/config/cluster_rules.ts";
import { compareNodes, lintConfig, type Linted } from "../../../lib/config/lint/mod.ts";
import { rules } from "../../../lib/config/lint/rules.ts";
import { type Diagnostic, renderDiagnostic } from "../../../lib/config/mod.ts";
import { test } from "../../support/test.ts";
import { testEnvironment } from "./memory.ts";

const directory = new URL("lint/", import.meta.url);
const ruled = `${"-".repeat(79)}\n`;
const update = process.env["STANDIN_UPDATE_GOLDEN"] === "1";
const codes = [...rules, ...clusterRules].map(({ code }) => code);

for (const code of codes) {
  test(`lint: ${code} is said where it should be and not where it is missed nearly`, () => {
    const url = new URL(`${code}.txt`, directory);
    const [input = "", expected = "", miss = ""] = readFileSync(url, "utf8").split(ruled);
    const said = examine(input);
    const actual = said.map((diagnostic) => `${renderDiagnostic(diagnostic)}\n`).join("");
    // First of all: an example that has lost its point must not become the expectation.
    assert.ok(said.some((diagnostic) => diagnostic.code === code), `nothing said of ${code}`);
    if (update) writeFileSync(url, [input, actual, miss].join(ruled));
    else assert.equal(actual, expected);
    assert.notEqual(miss, "");
    const nearly = examine(miss).filter((diagnostic) => diagnostic.code === code);
    assert.deepEqual(nearly.map(renderDiagnostic), []);
  });
}

test("lint: every example is that of a rule, and every code is used once", () => {
  const names = readdirSync(directory).map((name) => name.replace(/\.txt$/, ""));
  assert.deepEqual(names.sort(), codes.toSorted());
  assert.equal(new Set(codes).size, codes.length);
});

test("lint: rules over one file only warn, and say what to do", () => {
  for (const { code } of rules) {
    const [input = ""] = readFileSync(new URL(`${code}.txt`, directory), "utf8").split(ruled);
    for (const { severity, hint, span } of examine(input)) {
      assert.equal(severity, "warning");
      assert.ok(hint !== undefined && span !== undefined, code);
    }
  }
});

/** What rules say, without what the language itself has to say. */
function examine(input: string): Diagnostic[] {
  const sections = input.split(/^(?==== )/m);
  const alone = sections[0]?.startsWith("=== ") ? "" : sections.shift() ?? "";
  const files: Record<string, string> = alone === "" ? {} : { "a.conf": alone };
  const addresses = new Map<string, IpPrefix[]>();
  for (const section of sections) {
    const [, kind, name = "", rest = "", content = ""] =
      /^=== (\w+) (\S+) ?(.*)\n([^]*)$/.exec(section) ?? [];
    const prefix = parsePrefix(rest);
    if (kind === "file") files[name] = content;
    else if (kind === "machine" && prefix !== undefined) {
      addresses.set(name, [...addresses.get(name) ?? [], prefix]);
    } else throw new Error(`Unknown section ${section}`);
  }
  const machine = { addresses: addresses.size === 0 ? undefined : addresses };
  const linted = Object.keys(files).map((file): Linted & { readonly file: string } => {
    return { ...lintConfig(file, testEnvironment(files), machine), file };
  });
  const together = linted.length > 1 ? compareNodes(linted) : [];
  const all = [...linted.flatMap(({ diagnostics }) => diagnostics), ...together];
  return all.filter(({ code }) => codes.includes(code));
}

test("lint: a weight matters exactly when some results of all checks make it matter", () => {
  let state = 1;
  function random(below: number): number {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return (state >> 12) % below;
  }
  for (let round = 0; round < 150; round++) {
    const nodes = Array.from({ length: 2 + random(2) }, () => ({
      priority: 1 + random(254),
      weights: Array.from({ length: random(3) }, () => random(120) - 60 || 1),
    }));
    const files = nodes.map(weightedFile);
    const linted = files.map((text, index) => {
      const file = `${index}.conf`;
      return { ...lintConfig(file, testEnvironment({ [file]: text })), file };
    });
    const useless = compareNodes(linted).filter(({ code }) => code === "cluster-weight")
      .map(({ span }) => `${span?.file}:${span?.line}`);
    const expected = nodes.flatMap(({ weights }, node) => {
      return weights.flatMap((_, at) => matters(nodes, node, at) ? [] : [`${node}.conf:${at + 1}`]);
    });
    assert.deepEqual(useless.sort(), expected.sort(), files.join("\n"));
  }
});

interface WeightedNode {
  readonly priority: number;
  readonly weights: readonly number[];
}

function weightedFile({ priority, weights }: WeightedNode): string {
  const scripts = weights.map((weight, at) => `vrrp_script s${at} { weight ${weight} }\n`).join("");
  const names = weights.map((_, at) => `s${at}\n`).join("");
  return `${scripts}vrrp_instance V {\ninterface eth0\nvirtual_router_id 1\n` +
    `priority ${priority}\ntrack_script {\n${names}}\nvirtual_ipaddress {\n10.0.0.1/24\n}\n}\n`;
}

/** Tries every combination of results of every check of every node. */
function matters(nodes: readonly WeightedNode[], node: number, at: number): boolean {
  const checks = nodes.flatMap(({ weights }, owner) => weights.map((_, which) => [owner, which]));
  for (let results = 0; results < 2 ** checks.length; results++) {
    const priorityOf = (whose: number, good: boolean): number => {
      const sum = checks.reduce((total, [owner, which], index) => {
        const weight = nodes[whose]?.weights[which ?? 0] ?? 0;
        if (owner !== whose) return total;
        const isGood = whose === node && which === at ? good : (results >> index & 1) === 1;
        return total + (isGood ? Math.max(0, weight) : Math.min(0, weight));
      }, nodes[whose]?.priority ?? 0);
      return Math.min(254, Math.max(1, sum));
    };
    for (let other = 0; other < nodes.length; other++) {
      const theirs = priorityOf(other, true);
      if (other !== node && priorityOf(node, true) >= theirs && theirs > priorityOf(node, false)) {
        return true;
      }
    }
  }
  return false;
}

/** A configuration with one script and one instance. */
function weighing(priority: number, weight: string): string {
  return `vrrp_script chk {\nscript "/usr/bin/check"\nweight ${weight}\n}\n` +
    `vrrp_instance VI_1 {\ninterface eth0\nvirtual_router_id 51\npriority ${priority}\n` +
    "track_script {\nchk\n}\nvirtual_ipaddress {\n10.0.0.100/24\n}\n}\n";
}

test("lint: reverse turns the sign of a weight round, not when it counts", () => {
  function isClipped(priority: number, weight: string): boolean {
    return examine(weighing(priority, weight)).some(({ code }) => code === "weight-clipped");
  }
  assert.deepEqual([isClipped(254, "20"), isClipped(1, "20")], [true, false]);
  assert.deepEqual([isClipped(254, "20 reverse"), isClipped(1, "20 reverse")], [false, true]);
  assert.deepEqual([isClipped(254, "-20"), isClipped(1, "-20")], [false, true]);
  assert.deepEqual([isClipped(254, "-20 reverse"), isClipped(1, "-20 reverse")], [true, false]);
});

test("lint: a reversed weight can change the winner of a cluster, too", () => {
  function changesNothing(weight: string, other: number): boolean {
    const files = [weighing(100, weight), weighing(other, "1")];
    const input = files.map((text, index) => `=== file ${index}.conf\n${text}`).join("");
    const said = examine(input).filter(({ code, span }) => {
      return code === "cluster-weight" && span?.file === "0.conf";
    });
    return said.length > 0;
  }
  assert.deepEqual([changesNothing("20 reverse", 90), changesNothing("20 reverse", 110)], [
    false,
    true,
  ]);
  assert.deepEqual([changesNothing("-20 reverse", 110), changesNothing("-20 reverse", 80)], [
    false,
    true,
  ]);
});
