/**
 * Whoever watches the swarm must see mistakes. Each one is planted in a copy of the sources, the
 * swarm plays until it objects, and the copy is put right again.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "../support/test.ts";
import { type Mistake, mistakes } from "./mistakes.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
/** A mistake has to be found within so many seeds. */
const seedsMax = 2000;

const run = promisify(execFile);

async function seedThatFinds(copy: string, { file, right, wrong }: Mistake): Promise<string> {
  const path = join(copy, file);
  const source = readFileSync(path, "utf8");
  assert.equal(source.split(right).length, 2, `${file} has "${right}" once`);
  writeFileSync(path, source.replace(right, () => wrong));
  try {
    const argv = [join(copy, "test/swarm/find.ts"), "1", String(seedsMax)];
    return (await run(join(root, "node_modules/.bin/bun"), argv)).stdout.trim();
  } finally {
    writeFileSync(path, source);
  }
}

test(`every planted mistake is found within ${seedsMax} seeds`, async () => {
  const copy = mkdtempSync(join(tmpdir(), "standin-mistakes-"));
  try {
    for (const path of ["lib", "test/swarm", "package.json"]) {
      cpSync(join(root, path), join(copy, path), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    for (const mistake of mistakes) {
      const found = await seedThatFinds(copy, mistake).catch((error: unknown) => {
        throw new Error(`"${mistake.name}" is not found: ${String(error)}`);
      });
      console.log(`swarm: ${mistake.name}: found by seed ${found}`);
    }
  } finally {
    rmSync(copy, { recursive: true });
  }
}, { timeoutMs: 600_000 });
