/**
 * What a daemon loads before its first packet: modules of the runtime that take long, and what most
 * configurations never use, are loaded by those who use them.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "../../support/test.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Modules of the runtime and packages that take less than a millisecond. */
const light = ["node:child_process", "node:fs", "node:os", "node:path", "node:process"];
const packages = ["dns-packet"];

/** Everything that is loaded with a file, and what of it stands outside of the repository. */
function loadedWith(path: string, files = new Set<string>(), outside = new Set<string>()): void {
  if (files.has(path)) return;
  files.add(path);
  const imports = /^(?:import|export) (?!type\b)(?:([^;"]*?) from )?"([^"]+)";/gm;
  for (const [, what = "", from = ""] of readFileSync(path, "utf8").matchAll(imports)) {
    const named = /\{([^}]*)\}/.exec(what)?.[1]?.split(",").map((one) => one.trim());
    const onlyTypes = named?.every((one) => one === "" || one.startsWith("type ")) === true;
    if (onlyTypes && !/^\w/.test(what)) continue;
    if (from.startsWith(".")) loadedWith(resolve(dirname(path), from), files, outside);
    else outside.add(from);
  }
}

test("the start of a daemon loads nothing that is heavy or rarely used", () => {
  const [files, outside] = [new Set<string>(), new Set<string>()];
  loadedWith(resolve(root, "lib/host/linux/mod.ts"), files, outside);
  const heavy = [...outside].filter((from) => ![...light, ...packages].includes(from));
  assert.deepEqual(heavy, []);
  const rooms = new Set([...files].map((path) => relative(root, dirname(path))));
  assert.ok(rooms.has("lib/engine"), "nothing was followed");
  for (const rare of ["lib/doctor", "lib/dump", "lib/status", "lib/config/lint", "lib/simulate"]) {
    assert.ok(!rooms.has(rare), rare);
  }
  assert.ok(!files.has(resolve(root, "lib/vrrp/observe.ts")), "the onlooker is no router");
});
