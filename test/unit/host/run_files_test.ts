/** A run directory that can not be written: told once, and nothing ends because of it. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { O, openLibc } from "../../../ffi/mod.ts";
import { seconds } from "../../../lib/base/mod.ts";
import { HeldFile, settingsPath } from "../../../lib/host/linux/held_file.ts";
import { keepOverrides } from "../../../lib/host/linux/kept_overrides.ts";
import { KeptStops } from "../../../lib/host/linux/kept_stops.ts";
import { RunFiles } from "../../../lib/host/linux/run_files.ts";
import { test } from "../../support/test.ts";

const libc = await openLibc();

function inDirectory(body: (directory: string, said: string[], files: RunFiles) => void): void {
  const directory = mkdtempSync(join(tmpdir(), "si-run-"));
  const said: string[] = [];
  try {
    body(directory, said, new RunFiles((sentence) => said.push(sentence)));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test("what can not be written is told once, and again after it could be written", () =>
  inDirectory((directory, said, files) => {
    const path = join(directory, "gone", "file");
    files.write(path, "a\n");
    files.write(path, "b\n");
    assert.equal(said.length, 1);
    assert.match(said[0] ?? "", /^Cannot write \S+gone\/file: .*ENOENT.*; after a crash/);
    mkdirSync(join(directory, "gone"));
    files.write(path, "c\n");
    assert.equal(readFileSync(path, "utf8"), "c\n");
    assert.equal(statSync(path).mode & 0o777, 0o600);
    files.remove(path);
    assert.equal(existsSync(path), false);
    rmSync(join(directory, "gone"), { recursive: true });
    files.write(path, "d\n");
    assert.equal(said.length, 2);
  }));

test("resources, overrides and settings go on without their files", () =>
  inDirectory((directory, said, files) => {
    const path = join(directory, "gone", "held-addresses");
    const command = { kind: "run", path: "/bin/true", words: ["true"] } as const;
    new KeptStops(`${path}.resources`, files).keep("VI", [{
      attempts: [command],
      timeout: seconds(5),
    }]);
    keepOverrides(files, `${path}.servers`, [{
      virtualServer: "a",
      server: "b",
      persistent: true,
      state: "drained",
    }]);
    assert.equal(said.length, 2);
  }));

test("a list of addresses for which there is no room says so", () =>
  inDirectory((directory, said) => {
    // Every write to it is refused as on a full disk.
    const full: typeof libc = Object.create(libc, {
      libc: { value: { ...libc.libc, open: () => libc.libc.open(device, O.RDWR, 0) } },
    });
    const device = new TextEncoder().encode("/dev/full\0");
    const opened = HeldFile.open(full, join(directory, "held"), (sentence) => said.push(sentence));
    assert.ok(opened.ok);
    using held = opened.value;
    held.take(["address del 192.0.2.1/32 dev lo\n"]);
    assert.match(said.join("\n"), /^Cannot write \S+held: No space left on device;/i);
    rmSync(directory, { recursive: true });
    held.takeSetting("/proc/sys/net/ipv4/conf/x/rp_filter", 1);
    assert.equal(said.length, 2);
    assert.match(said[1] ?? "", new RegExp(settingsPath(join(directory, "held"))));
    mkdirSync(directory);
  }));
