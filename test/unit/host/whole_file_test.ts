/** Whole files as others see them who wait for one with inotify. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cString, INOTIFY, openLibc } from "../../../ffi/mod.ts";
import { writeWhole } from "../../../lib/host/linux/whole_file.ts";
import { test } from "../../support/test.ts";

const { libc } = await openLibc();

test("whoever waits for the file to be closed after writing is told of it by its name", () => {
  const directory = mkdtempSync(join(tmpdir(), "si-whole-"));
  const fd = libc.inotify_init1(INOTIFY.NONBLOCK | INOTIFY.CLOEXEC);
  try {
    libc.inotify_add_watch(fd, cString(directory), INOTIFY.CLOSE_WRITE);
    for (const text of ["first", "second"]) {
      writeWhole(join(directory, "dump"), text);
      const buffer = new Uint8Array(4096);
      const got = Number(libc.read(fd, buffer, buffer.length));
      const names = new TextDecoder().decode(buffer.subarray(16, Math.max(16, got)));
      assert.equal(names.replaceAll("\0", ""), "dump");
      assert.equal(readFileSync(join(directory, "dump"), "utf8"), text);
    }
    assert.deepEqual(readdirSync(directory), ["dump"]);
  } finally {
    libc.close(fd);
    rmSync(directory, { recursive: true, force: true });
  }
});
