/** Options as the C library reads them. */
import assert from "node:assert/strict";
import { type OptionSpec, readOptions } from "../../../lib/cli/getopt.ts";
import { test } from "../../support/test.ts";

const specs: readonly OptionSpec[] = [
  { name: "dont-fork", letter: "n", value: "none" },
  { name: "log-console", letter: "l", value: "none" },
  { name: "log-detail", letter: "D", value: "none" },
  { name: "use-file", letter: "f", value: "required" },
  { name: "config-test", letter: "t", value: "optional" },
  { name: "dont-release-vrrp", letter: "V", value: "none" },
  { name: "signum", value: "required" },
];

/** What was read, as `name` or `name=value`, then the rest behind `|`. */
function read(...args: readonly string[]): string {
  const options = readOptions(specs, args);
  if (options.kind !== "options") return `${options.kind} ${options.option}`;
  const given = options.given.map(({ spec, value }) =>
    value === undefined ? spec.name : `${spec.name}=${value}`
  );
  return [...given, ...(options.rest.length === 0 ? [] : ["|", ...options.rest])].join(" ");
}

test("letters may be bundled, and the last may take a value", () => {
  assert.equal(read("-nlD"), "dont-fork log-console log-detail");
  assert.equal(read("-nlf", "a.conf"), "dont-fork log-console use-file=a.conf");
  assert.equal(read("-nfa.conf", "-l"), "dont-fork use-file=a.conf log-console");
});

test("a required value stands behind a blank, an equals sign or nothing", () => {
  assert.equal(read("-f", "a"), "use-file=a");
  assert.equal(read("-fa"), "use-file=a");
  assert.equal(read("--use-file=a"), "use-file=a");
  assert.equal(read("--use-file", "a"), "use-file=a");
  assert.equal(read("--use-file", "-n"), "use-file=-n");
  assert.equal(read("--use-file="), "use-file=");
});

test("an optional value is never the next argument", () => {
  assert.equal(read("-t", "log"), "config-test | log");
  assert.equal(read("-tlog"), "config-test=log");
  assert.equal(read("--config-test", "-n"), "config-test dont-fork");
  assert.equal(read("--config-test=log"), "config-test=log");
});

test("long names may be shortened while they stay unique", () => {
  assert.equal(read("--use", "a"), "use-file=a");
  assert.equal(read("--dont-f"), "dont-fork");
  assert.equal(read("--dont"), "unknown --dont");
});

test("everything behind -- is left alone, and so is what does not begin with a dash", () => {
  assert.equal(read("-n", "--", "-l"), "dont-fork | -l");
  assert.equal(read("one", "-n", "-"), "dont-fork | one -");
});

test("the first mistake is named", () => {
  assert.equal(read("-nZ"), "unknown -Z");
  assert.equal(read("--bogus=1"), "unknown --bogus");
  assert.equal(read("-f"), "missing-value -f");
  assert.equal(read("--signum"), "missing-value --signum");
  assert.equal(read("--dont-fork=yes"), "unexpected-value --dont-fork");
});
