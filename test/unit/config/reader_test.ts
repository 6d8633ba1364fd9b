/**
 * The way from files to lines: where words stand after comments, includes, definitions and
 * repetitions have had their say, and what is no text at all.
 */
import assert from "node:assert/strict";
import { type ConfigEnvironment, exitStatusOf, loadConfig } from "../../../lib/config/mod.ts";
import { expandBraces, matchPaths } from "../../../lib/config/glob.ts";
import {
  FileLine,
  type Line,
  placeIn,
  replaceInLine,
  sliceLine,
} from "../../../lib/config/line.ts";
import { linesOf, Stretch } from "../../../lib/config/passage.ts";
import { Reader } from "../../../lib/config/reader.ts";
import { Report } from "../../../lib/config/report.ts";
import { tokensOf } from "../../../lib/config/token.ts";
import { test } from "../../support/test.ts";
import { memoryFiles, testEnvironment } from "./memory.ts";

/** Each word as `text file:line:column+length`. */
function wordsOf(
  files: Record<string, string>,
  changes: Partial<ConfigEnvironment> = {},
): string[] {
  const report = new Report();
  const reader = new Reader(testEnvironment(files, changes), report);
  assert.ok(reader.readFile("main").ok);
  assert.deepEqual(report.diagnostics(), []);
  return reader.lines.flatMap(linesIn).flatMap(tokensOf).flatMap((token) => {
    if (token.kind !== "word") return [token.kind];
    const { text, place: { source, column, length } } = token;
    return [`${text} ${source.file}:${source.number}:${column}+${length}`];
  });
}

function linesIn(read: Line | Stretch): Line[] {
  if (!(read instanceof Stretch)) return [read];
  const wordings = read.said.flatMap(linesOf);
  return wordings.map(({ text }, at) => new FileLine(read.file, read.number + at, text));
}

test("words keep the place where the person wrote them", () => {
  assert.deepEqual(wordsOf({ main: 'a {\n\tb  "c d" # e\n}\n' }), [
    "a main:1:1+1",
    "open",
    "b main:2:2+1",
    "c d main:2:5+5",
    "close",
  ]);
});

test("a word that came from a definition stands where the definition is used", () => {
  assert.deepEqual(wordsOf({ main: "$A=10.0\nx ${A}.1 $A\n" }), [
    "x main:2:1+1",
    "10.0.1 main:2:3+6",
    "10.0 main:2:10+2",
  ]);
});

test("a line of a definition of several lines stands where it was defined", () => {
  assert.deepEqual(wordsOf({ main: "$M= \\\n a \\\n b ${N}\n$N=1\n$M\n" }), [
    "a main:2:2+1",
    "b main:3:2+1",
    "1 main:3:4+4",
  ]);
});

test("an included word stands in the included file", () => {
  const files = { main: "include d/x\nb", "d/x": "@node1  a\ninclude y", "d/y": "~SEQ(I,2) c$I" };
  assert.deepEqual(wordsOf(files), [
    "a d/x:1:9+1",
    "c1 d/y:1:11+3",
    "c2 d/y:1:11+3",
    "b main:2:1+1",
  ]);
});

test("an escaped comment character is one character of the word and two of the line", () => {
  assert.deepEqual(wordsOf({ main: "a\\#b c" }), ["a#b main:1:1+4", "c main:1:6+1"]);
});

test("an escaped comment character stays one through a definition", () => {
  assert.deepEqual(wordsOf({ main: "$A=x\\#y\nz ${A}${_HASH} w\n" }), [
    "z main:2:1+1",
    "x#y# main:2:3+12",
    "w main:2:16+1",
  ]);
});

test("replacing in a line twice keeps every character's place", () => {
  const line = new FileLine("f", 1, "ab${X}cd");
  const once = replaceInLine(line, [{ from: 2, to: 6, text: "${YY}" }]);
  const twice = replaceInLine(once, [{ from: 2, to: 7, text: "z" }]);
  assert.equal(twice.text, "abzcd");
  assert.equal(placeIn(twice, 2, 3).column, 3);
  assert.equal(placeIn(twice, 2, 3).length, 4);
  assert.equal(placeIn(sliceLine(twice, 3), 0, 2).column, 7);
});

test("blocks that go on like the one before them have places of their own", () => {
  const inside = "weight 1\nTCP_CHECK {\n retry 3\n frob 1\n}\n}\n";
  const servers = [1, 2, 3, 4].map((number) => `real_server 10.0.0.${number} 80 {\n${inside}`);
  const head = "virtual_server 10.1.0.1 80 {\nlvs_sched rr\nlvs_method NAT\nprotocol TCP\n";
  const other = "real_server 10.0.0.5 80 {\nweight 1\nfrob 2\n}\n";
  const text = `${head}${servers.join("")}${other}${servers[0]}}\n`;
  const { diagnostics } = loadConfig("f", testEnvironment({ f: text }));
  const unknown = diagnostics.filter(({ code }) => code === "unknown-keyword");
  assert.deepEqual(unknown.map(({ span }) => [span?.line, span?.column]), [
    [9, 2],
    [16, 2],
    [23, 2],
    [30, 2],
    [35, 1],
    [41, 2],
  ]);
});

test("a file of random bytes gives exactly one fatal remark", () => {
  const bytes = new Uint8Array(1 << 20);
  for (let at = 0, seed = 7; at < bytes.length; at++) {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    bytes[at] = seed >> 16;
  }
  const { model, diagnostics } = loadConfig("noise", testEnvironment({ noise: bytes }));
  assert.equal(model, undefined);
  assert.deepEqual(diagnostics.map(({ severity, code }) => [severity, code]), [
    ["fatal", "not-text"],
  ]);
});

test("text in an old encoding, with or without a byte order mark, is read", () => {
  const latin = Uint8Array.from("# caf\xe9\nstatus_listen off\n", (c) => c.charCodeAt(0));
  const marked = `\ufeffstatus_listen off\r\n`;
  for (const file of [latin, marked]) {
    const { model, diagnostics } = loadConfig("f", testEnvironment({ f: file }));
    assert.equal(model?.global.statusListen, undefined);
    assert.deepEqual(diagnostics.map(({ code }) => code), ["empty"]);
  }
});

test("a missing file, a directory and JSON that is none are fatal, each with one remark", () => {
  const environment = testEnvironment({ "d/x": "", "c.jsonc": "{" });
  for (
    const [path, code] of [["none", "no-file"], ["d", "no-file"], [
      "c.jsonc",
      "bad-json",
    ]] as const
  ) {
    const { model, diagnostics } = loadConfig(path, environment);
    assert.equal(model, undefined);
    assert.deepEqual(diagnostics.map((diagnostic) => diagnostic.code), [code]);
    assert.equal(exitStatusOf(diagnostics), 4);
  }
});

test("includes that nest too deep are refused, and everything else is read", () => {
  const files: Record<string, string> = { "f0": "status_listen off" };
  for (let depth = 1; depth <= 40; depth++) files[`f${depth}`] = `include f${depth - 1}`;
  const { diagnostics } = loadConfig("f40", testEnvironment(files));
  assert.deepEqual(diagnostics.map(({ code }) => code), ["include-depth", "empty"]);
});

test("a repetition without bound ends with one fatal remark", () => {
  const main = "~SEQ(A,1,1000) ~SEQ(B,1,1000) ~SEQ(C,1,1000) x\n";
  const { model, diagnostics } = loadConfig("main", testEnvironment({ main }));
  assert.equal(model, undefined);
  assert.deepEqual(diagnostics.map(({ code }) => code), ["too-large"]);
});

test("names that make much of little end with one fatal remark", () => {
  const eight = (name: string): string => `\${${name}} `.repeat(8);
  const main = `$A=${eight("B")}\n$B=${eight("C")}\n$C=${eight("D")}\n$D=x y z\n~SEQ(N, 9999) $A\n`;
  const { model, diagnostics } = loadConfig("main", testEnvironment({ main }));
  assert.equal(model, undefined);
  assert.deepEqual(diagnostics.map(({ code, span }) => [code, span?.line]), [["too-large", 5]]);
});

test("expandBraces() gives the alternatives in the order of writing", () => {
  assert.deepEqual(expandBraces("a{b,c{d,e},}f{1,2}"), [
    "abf1",
    "abf2",
    "acdf1",
    "acdf2",
    "acef1",
    "acef2",
    "af1",
    "af2",
  ]);
  assert.deepEqual(expandBraces("a{b"), ["a{b"]);
});

test("matchPaths() knows stars, question marks and sets, and leaves hidden files alone", () => {
  const files = memoryFiles({
    "/e/b.conf": "",
    "/e/a.conf": "",
    "/e/.c.conf": "",
    "/e/sub/x1": "",
    "/e/sub/x2": "",
    "/e/sub/y3": "",
  });
  assert.deepEqual(matchPaths("/e/*.conf", files), ["/e/a.conf", "/e/b.conf"]);
  assert.deepEqual(matchPaths("/e/.*.conf", files), ["/e/.c.conf"]);
  assert.deepEqual(matchPaths("/e/*/[!x]?", files), ["/e/sub/y3"]);
  assert.deepEqual(matchPaths("/e/s*b/x[1-2]", files), ["/e/sub/x1", "/e/sub/x2"]);
  assert.deepEqual(matchPaths(`/e/${"*a".repeat(40)}`, files), []);
});
