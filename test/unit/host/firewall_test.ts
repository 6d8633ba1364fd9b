/**
 * Without libnftables the firewall goes through the command nft: the whole text at once, with its
 * refusals; and where neither is installed that is said.
 */
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { type Libc, openLibc } from "../../../ffi/mod.ts";
import type { FirewallState } from "../../../lib/engine/mod.ts";
import { clearFirewall, Firewall } from "../../../lib/host/linux/firewall.ts";
import { RunFiles } from "../../../lib/host/linux/run_files.ts";
import { test } from "../../support/test.ts";

const without: Libc = Object.create(await openLibc(), {
  openLibrary: { value: () => undefined },
});

const files = new RunFiles((sentence) => assert.fail(sentence));

const state: FirewallState = {
  table: "keepalived",
  priority: -1,
  ipv4: {
    drops: true,
    addresses: ["10.0.0.1"],
    byIndex: [],
    byName: [],
    macvlans: [],
    baseAddresses: [],
  },
  ipv6: undefined,
};

/** A directory that is the whole PATH, with a command nft that does so. */
function withNft(script: string | undefined, body: (directory: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), "standin-nft-"));
  const path = process.env["PATH"];
  try {
    if (script !== undefined) {
      const file = join(directory, "nft");
      writeFileSync(file, `#!/bin/sh\n${script}\n`);
      chmodSync(file, 0o755);
    }
    process.env["PATH"] = directory;
    body(directory);
  } finally {
    process.env["PATH"] = path;
    rmSync(directory, { recursive: true });
  }
}

test("the command nft gets what the library would get, and what a crash leaves, too", () => {
  withNft('/bin/echo "$@" >> "${0%/*}/words"; exec /bin/cat >> "${0%/*}/text"', (directory) => {
    const left = join(directory, "left");
    const firewall = new Firewall(without, left, files);
    assert.deepEqual(firewall.become(state), []);
    const text = readFileSync(join(directory, "text"), "utf8");
    assert.match(text, /^table ip keepalived \{$/m);
    assert.match(text, /10\.0\.0\.1/);
    assert.equal(readFileSync(join(directory, "words"), "utf8"), "-f -\n");
    clearFirewall(without, left);
    assert.match(readFileSync(join(directory, "text"), "utf8"), /delete table ip keepalived/);
    assert.equal(existsSync(left), false);
  });
});

test("what nft does not like is told with its first line", () => {
  withNft(
    '/bin/echo "Error: no such thing" >&2; /bin/echo "add table" >&2; exit 1',
    (directory) => {
      const [event] = new Firewall(without, join(directory, "left"), files).become(state);
      assert.equal(event?.kind, "link-refused");
      assert.deepEqual(event?.kind === "link-refused" && event.refusal, {
        errno: "EINVAL",
        message: "Error: no such thing",
      });
    },
  );
});
