/** The files of a real machine, as far as a configuration sees them. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../../lib/config/mod.ts";
import { configEnvironment, linuxFiles } from "../../../lib/host/linux/config_files.ts";
import { test } from "../../support/test.ts";

function inDirectory(body: (directory: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), "standin-config-"));
  try {
    body(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test("files are read, directories and executable files are not", () => {
  inDirectory((directory) => {
    const file = join(directory, "f");
    writeFileSync(file, "status_listen off\n");
    chmodSync(file, 0o644);
    assert.ok(linuxFiles.read(file).ok);
    chmodSync(file, 0o744);
    assert.deepEqual(linuxFiles.read(file), {
      ok: false,
      error: { kind: "not-regular", detail: "it is executable" },
    });
    const folder = linuxFiles.read(directory);
    assert.equal(!folder.ok && folder.error.kind, "not-regular");
    const missing = linuxFiles.read(join(directory, "none"));
    assert.equal(!missing.ok && missing.error.kind, "missing");
    assert.deepEqual(linuxFiles.list(join(directory, "none")), []);
    assert.deepEqual(linuxFiles.list(directory), ["f"]);
  });
});

test("a configuration on disk is read with its includes and the names of this machine", () => {
  inDirectory((directory) => {
    mkdirSync(join(directory, "conf.d"));
    writeFileSync(join(directory, "main.conf"), "include conf.d/*.conf\n");
    writeFileSync(join(directory, "conf.d", "a.conf"), "@here status_listen off\n");
    const environment = configEnvironment({ configId: "here" });
    const { model } = loadConfig(join(directory, "main.conf"), environment);
    assert.equal(model?.global.statusListen, undefined);
    assert.equal(model?.global.routerId, environment.hostName);
    assert.ok(environment.interfaces?.includes("lo"));
  });
});
