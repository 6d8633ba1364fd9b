/** The files around a reload: whatever becomes of them, the reload goes on. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReloadFiles } from "../../../lib/host/linux/reload_files.ts";
import { test } from "../../support/test.ts";

async function read(marker: string, runDir: string): Promise<[boolean, readonly string[]]> {
  const said: string[] = [];
  const files = new ReloadFiles({
    log: { write: (_, sentence) => said.push(sentence) },
    options: { runDir },
    view: () => assert.fail("nobody asked for a copy"),
  });
  const there = await files.whileReading({ marker }, () => Promise.resolve(existsSync(marker)));
  return [there, said];
}

test("a marker is there while the file is read; one that can not be made is told", async () => {
  const directory = mkdtempSync(join(tmpdir(), "si-reload-"));
  try {
    const marker = join(directory, "marker");
    assert.deepEqual(await read(marker, directory), [true, []]);
    assert.equal(existsSync(marker), false);
    mkdirSync(marker);
    const [, said] = await read(marker, directory);
    assert.match(said.join("\n"), /^Cannot write \S+marker: .+\nCannot remove \S+marker: /);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
