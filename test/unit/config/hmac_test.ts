/** `auth_hmac` from the file to the plan: keys in three forms, defaults, and what is left out. */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { err, ok, toHex } from "../../../lib/base/mod.ts";
import {
  type ConfigEnvironment,
  loadConfig,
  type Model,
  planReload,
  renderDiagnostic,
} from "../../../lib/config/mod.ts";
import { configEnvironment } from "../../../lib/host/linux/config_files.ts";
import type { HmacPlan } from "../../../lib/vrrp/mod.ts";
import { test } from "../../support/test.ts";
import { testEnvironment } from "./memory.ts";

const secret = "0123456789abcdef0123456789abcdef";

function fileWith(lines: string, more = ""): string {
  return `vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\n${more}\n` +
    `auth_hmac {\n${lines}\n}\nvirtual_ipaddress {\n10.0.0.1/24\n}\n}\n`;
}

function load(text: string, changes: Partial<ConfigEnvironment> = {}): {
  model: Model;
  codes: string[];
  hmac: HmacPlan | undefined;
  texts: string;
} {
  const { model, diagnostics } = loadConfig("f", testEnvironment({ f: text }, changes));
  const texts = diagnostics.map(renderDiagnostic).join("\n");
  assert.ok(model !== undefined, texts);
  const codes = diagnostics.map(({ severity, code }) => `${severity} ${code}`);
  return { model, codes, hmac: model.instances[0]?.hmac, texts };
}

test("auth_hmac: a key and the defaults", () => {
  const { hmac, codes } = load(fileWith(`key 1 ${secret}\nactive_key 1`));
  assert.deepEqual(codes, []);
  assert.deepEqual(hmac, {
    keys: [{ id: 1, octets: new TextEncoder().encode(secret) }],
    activeKey: 1,
    windowSeconds: 5,
    antiReplay: "time",
    mode: "enforce",
  });
});

test("auth_hmac: the window follows advert_int, from 5 to 300 seconds", () => {
  const lines = `key 1 ${secret}\nactive_key 1`;
  for (const [interval, window] of [[1, 5], [4, 12], [200, 300]]) {
    assert.equal(load(fileWith(lines, `advert_int ${interval}`)).hmac?.windowSeconds, window);
  }
});

test("auth_hmac: everything said", () => {
  const said = `key 1 ${secret}\nkey 2 hex:${"0a".repeat(32)}\nactive_key 2\ntime_window 60\n` +
    "anti_replay monotonic\nmode permissive";
  const { hmac } = load(fileWith(said));
  assert.equal(toHex(hmac?.keys[1]?.octets ?? new Uint8Array()), "0a".repeat(32));
  const { keys: _, ...rest } = hmac ?? { keys: [] };
  assert.deepEqual(rest, {
    activeKey: 2,
    windowSeconds: 60,
    antiReplay: "monotonic",
    mode: "permissive",
  });
});

test("auth_hmac: keys are in files, which only their owner should read", () => {
  const directory = mkdtempSync(join(tmpdir(), "standin-key-"));
  try {
    const path = join(directory, "key");
    writeFileSync(path, `${secret}\r\n`);
    const { readKeyFile } = configEnvironment();
    const text = fileWith(`key 1 file:${path}\nactive_key 1`);
    for (const [mode, codes] of [[0o600, []], [0o640, ["security open-key-file"]]] as const) {
      chmodSync(path, mode);
      const loaded = load(text, { readKeyFile });
      assert.deepEqual(loaded.codes, codes);
      assert.deepEqual(loaded.hmac?.keys[0]?.octets, new TextEncoder().encode(secret));
    }
    rmSync(path);
    assert.deepEqual(load(text, { readKeyFile }).codes, ["error hmac-key", "error hmac-key"]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("auth_hmac: a key file is looked for beside its configuration", () => {
  const asked: string[] = [];
  const readKeyFile = (path: string): ReturnType<typeof err<string>> => {
    asked.push(path);
    return err("no");
  };
  const files = { "/etc/ha/f": fileWith("key 1 file:a.key\nactive_key 1") };
  loadConfig("/etc/ha/f", testEnvironment(files, { readKeyFile }));
  assert.deepEqual(asked, ["/etc/ha/a.key"]);
  assert.ok(ok(1).ok);
});

test("auth_hmac: without a good active key adverts are not signed, which is an error", () => {
  for (const key of ["short", "x".repeat(65), "hex:0a0", `hex:${"0a".repeat(31)}`]) {
    const { hmac, codes, texts } = load(fileWith(`key 1 ${key}\nactive_key 1`));
    assert.equal(hmac, undefined, key);
    assert.deepEqual(codes, ["error hmac-key", "error hmac-key"], texts);
    assert.ok(!texts.includes(key), "a key is not shown");
  }
  assert.equal(load(fileWith(`key 1 ${secret}\nactive_key 2`)).hmac, undefined);
  assert.equal(load(fileWith(`key 1 ${secret}`)).hmac, undefined);
});

test("auth_hmac: the older authentication does not go together with it", () => {
  const more = "authentication {\nauth_type PASS\nauth_pass abc\n}";
  const { model, codes } = load(fileWith(`key 1 ${secret}\nactive_key 1`, more));
  assert.deepEqual(codes, ["error excluded-keyword"]);
  assert.equal(model.instances[0]?.password, undefined);
});

test("auth_hmac: strict mode enforces", () => {
  const lines = `key 1 ${secret}\nactive_key 1\nmode permissive`;
  const { hmac, codes } = load(fileWith(lines, "strict_mode on"));
  assert.equal(hmac?.mode, "enforce");
  assert.ok(codes.includes("error strict-mode"));
});

test("auth_hmac: a reload tells which settings change, and never a key", () => {
  const before = load(fileWith(`key 1 ${secret}\nactive_key 1`)).model;
  const after = load(fileWith(`key 1 ${secret}x\nactive_key 1\nmode permissive`)).model;
  assert.deepEqual(planReload(before, after).blocks[0]?.changes, [
    "auth_hmac enforce → permissive",
    "key 1 ******** → another one",
  ]);
});

test("auth_hmac: a signature takes the room of an IPv6 address", () => {
  const addresses = Array.from({ length: 90 }, (_, at) => `fe80::${at + 1}`).join("\n");
  const text = "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\n" +
    `auth_hmac {\nkey 1 ${secret}\nactive_key 1\n}\nvirtual_ipaddress {\n${addresses}\n}\n}\n`;
  assert.equal(load(text).model.instances[0]?.addresses.length, 88);
});
