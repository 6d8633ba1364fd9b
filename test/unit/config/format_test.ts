/**
 * The formatter: what a file looks like afterwards, that formatting again changes nothing, and that
 * nothing else about the file changes at all.
 */
import assert from "node:assert/strict";
import fc from "../../support/property.ts";
import { equalPlain } from "../../../lib/base/mod.ts";
import { formatConfig } from "../../../lib/config/format.ts";
import { readView } from "../../../lib/config/format/view.ts";
import { loadConfig, renderDiagnostic } from "../../../lib/config/mod.ts";
import type { Statement } from "../../../lib/config/parse.ts";
import { printTree } from "../../../lib/config/print.ts";
import { differingStatement } from "../../../lib/config/tree.ts";
import { test } from "../../support/test.ts";
import { cases, sayings, trees } from "./golden_cases.ts";

function formatted(text: string): string {
  const result = formatConfig("test.conf", text);
  assert.ok(result.ok, result.ok ? "" : result.error.map(renderDiagnostic).join("\n"));
  return result.value;
}

for (
  const [name, before, after] of [
    ["indents and takes out blanks", "\ta  {\n b\t \tc\n}\n", "a {\n    b c\n}\n"],
    ["gives each statement a line", "a { b 1 } c {}\n", "a {\n    b 1\n}\nc {\n}\n"],
    ["moves a brace up to its keyword", "a x\n\n# why\n{\nb\n}\n", "a x {\n    # why\n    b\n}\n"],
    [
      "keeps comments where they stand",
      "a { # one\n! two\n} # three\n",
      "a { # one\n    ! two\n} # three\n",
    ],
    ["keeps both comments of a brace that moves", "a # x\n{ # y\n}\n", "a { # x\n    # y\n}\n"],
    ["keeps one blank line of many", "\n\na\n\n\n\nb {\n\nc\n\n}\n\n", "a\n\nb {\n    c\n}\n"],
    ["keeps quotes and what is between them", '"a"  "b  # c"\n', '"a" "b  # c"\n'],
    ["keeps blanks that a script sees", "notify   '/a   b'   c\n", "notify   '/a   b'   c\n"],
    ["keeps the backslash of a comment character", "a\\#b c#d\n", "a\\#b c #d\n"],
    ["ends lines with a line feed", "a\r\nb", "a\nb\n"],
    [
      "indents what is for one host",
      "x {\n@a  y  1\n@^a z\n}\n",
      "x {\n    @a y 1\n    @^a z\n}\n",
    ],
    [
      "repeats the condition of a line that comes apart",
      "@a x { y }\n",
      "@a x {\n    @a y\n@a }\n",
    ],
    [
      "counts the braces of each host by themselves",
      "@a x one {\n@^a x two {\ny\n}\nz\n",
      "@a x one {\n@^a x two {\n    y\n}\nz\n",
    ],
    ["leaves includes alone", "a {\n include  x/{a,b}  c\n}\n", "a {\n    include x/{a,b}  c\n}\n"],
    ["leaves repetitions whole", "~SEQ(i, 3)  a$i { b }\n", "~SEQ(i, 3)  a$i { b }\n"],
    ["leaves names that begin a line whole", "$X a { b }\n", "$X a { b }\n"],
    ["keeps what would be an include on its own", "a { include b }\n", "a { include b }\n"],
    [
      "indents definitions of several lines",
      "$X=  \\\na { \\\nb  1 \\\n# note\n}\n$Y=  1\n",
      "$X= \\\n    a { \\\n        b  1 \\\n# note\n    }\n$Y=1\n",
    ],
    ["keeps arguments of a name together", "a ${_RANDOM 1  5} {\n}\n", "a ${_RANDOM 1 5} {\n}\n"],
    ["has nothing to do for an empty file", "", ""],
  ] as const
) {
  test(`fmt ${name}`, () => {
    assert.equal(formatted(before), after);
    assert.equal(formatted(after), after);
  });
}

test("fmt refuses files whose structure is broken, and says why", () => {
  for (
    const [text, code] of [
      ["a {\n", "missing-brace"],
      ["vrrp_instance A\ninterface eth0\n", "missing-brace"],
      ["}\n", "unexpected-brace"],
      ['a "b\n', "unterminated-quote"],
      [`a ${"x".repeat(1100)}\n`, "line-too-long"],
      [`a \0 ${"b".repeat(99)}\n`, "nul-character"],
      ["@a x {\n@b x {\n", "missing-brace"],
    ] as const
  ) {
    const result = formatConfig("test.conf", text);
    assert.ok(!result.ok, text);
    assert.equal(result.error[0]?.code, code);
    assert.equal(result.error[0]?.span?.file, "test.conf");
  }
});

test("a line at the limit of keepalived's reader is indented less, not lost", () => {
  const long = `a ${"x".repeat(1020)}`;
  const text = formatted(`b {\n${long}\n}\n`);
  assert.equal(text, `b {\n ${long}\n}\n`);
});

for (const { name, text, environment } of cases) {
  test(`fmt keeps the meaning of ${name.replaceAll("-", " ")}`, () => {
    const result = formatConfig("test.conf", text);
    const before = loadConfig("test.conf", environment());
    if (!result.ok) {
      const codes = before.diagnostics.map(({ code }) => code);
      assert.ok(result.error.every(({ code }) => codes.includes(code)), codes.join(" "));
      return;
    }
    assert.equal(formatted(result.value), result.value);
    const after = loadConfig("test.conf", environment(result.value));
    assert.ok(equalPlain(after.model, before.model));
    assert.deepEqual(sayings(after.diagnostics), sayings(before.diagnostics));
  });
}

/** The tree in a look that nobody likes: `choices` decides about blanks, line ends, comments. */
function printBadly(statements: readonly Statement[], choices: readonly number[]): string {
  const lines = printTree(statements).split("\n");
  return lines.map((line, index) => {
    const text = line.trim();
    const opens = text.endsWith(" {");
    switch ((choices[index % choices.length] ?? 0) % 5) {
      case 0:
        return `\t${text}  # note`;
      case 1:
        return opens ? `${text.slice(0, -1)}\n\n{` : `${text}\n\n\n`;
      case 2:
        return opens ? `${text} ! note` : `   ${text}\n# note`;
      case 3:
        return `\n${text}\r`;
      default:
        return text;
    }
  }).join("\n");
}

test("print, then fmt of the same in a bad look: both read as the tree that was printed", () => {
  const choices = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(trees, choices, (tree, chosen) => {
      const printed = readView("t", printTree(tree), "x");
      assert.ok(printed.ok, printed.ok ? "" : printed.error.map(renderDiagnostic).join("\n"));
      assert.equal(differingStatement(tree, printed.value), undefined, printTree(tree));
      const text = formatted(printBadly(tree, chosen));
      const read = readView("t", text, "x");
      assert.ok(read.ok && differingStatement(tree, read.value) === undefined, text);
      assert.equal(formatted(text), text);
    }),
    { numRuns: 300 },
  );
});
