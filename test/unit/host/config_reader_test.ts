/** Reading a configuration in another process, and in this one where there can be no other. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { equalPlain } from "../../../lib/base/mod.ts";
import { defaultOptions } from "../../../lib/cli/run.ts";
import { readConfig, readConfigOutside } from "../../../lib/host/linux/config_reader.ts";
import type { DaemonOptions } from "../../../lib/host/port.ts";
import { runtimeName, test } from "../../support/test.ts";

const text = "global_defs {\ndynamic_interfaces\n}\nvrrp_instance A {\ninterface eth0\n" +
  "virtual_router_id 1\nvirtual_ipaddress {\n10.0.0.1/24\n}\n}\n";

const main = fileURLToPath(new URL("../../../main.ts", import.meta.url));
const args = runtimeName === "deno" ? ["run", "-A", "--no-check", main] : [main];

async function withFile(
  body: (options: DaemonOptions, file: string) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "standin-reader-"));
  const configFile = join(directory, "test.conf");
  try {
    writeFileSync(configFile, text);
    await body({ ...defaultOptions(), configFile }, configFile);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

test("another process reads the same, and what did not change stays the same object", async () => {
  await withFile(async (options, file) => {
    const { model: previous } = readConfig(options);
    assert.ok(previous !== undefined);
    const self = { command: process.execPath, args };
    const more = text.replaceAll("A {", "B {").replace("_id 1", "_id 2");
    writeFileSync(file, text + more.slice(more.indexOf("vrrp_instance")));
    const inside = readConfig(options);
    const outside = await readConfigOutside({ ...options, self }, previous);
    assert.ok(equalPlain(outside.model, inside.model));
    assert.ok(equalPlain(outside.diagnostics, inside.diagnostics));
    assert.equal(outside.model?.instances[0], previous.instances[0]);
  });
});

test("a process that can not be had, fails or talks nonsense is done without", async () => {
  await withFile(async (options) => {
    const { model } = readConfig(options);
    assert.ok(model !== undefined);
    for (
      const self of [
        undefined,
        { command: "/nonexistent/standin", args: [] },
        { command: "false", args: [] },
        { command: "echo", args: ["hello"] },
      ]
    ) {
      const { self: _, ...rest } = options;
      const asked = self === undefined ? rest : { ...rest, self };
      const received = await readConfigOutside(asked, model);
      assert.ok(equalPlain(received.model, model), self?.command);
    }
  });
});

test("what kills the process that reads is not read in this one, which it would kill", async () => {
  await withFile(async (options) => {
    const { model } = readConfig(options);
    assert.ok(model !== undefined);
    const self = { command: "sh", args: ["-c", "kill -KILL $$"] };
    const received = await readConfigOutside({ ...options, self }, model);
    assert.equal(received.model, undefined);
    assert.deepEqual(received.diagnostics.map(({ severity }) => severity), ["fatal"]);
  });
});

test("-e goes with the file to the process that reads it", async () => {
  await withFile(async (options, file) => {
    const { model } = readConfig(options);
    assert.ok(model !== undefined);
    writeFileSync(file, `${text}include none.conf\n`);
    const self = { command: process.execPath, args };
    for (const allConfig of [true, false]) {
      const received = await readConfigOutside({ ...options, self, allConfig }, model);
      assert.deepEqual(
        received.diagnostics.filter(({ code }) => code === "include-missing")
          .map(({ severity }) => severity),
        [allConfig ? "fatal" : "warning"],
      );
    }
  });
});
