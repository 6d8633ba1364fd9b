/**
 * Files as inotify tells of them: written, replaced, removed, made again, in a directory that comes
 * and goes. What is told is what the file holds then.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLibc, Poller } from "../../../ffi/mod.ts";
import { FileWatch } from "../../../lib/host/linux/file_watch.ts";
import { test } from "../../support/test.ts";

const libc = await openLibc();

/** A watch, and what it has told last of each file. */
interface Bench {
  readonly watch: FileWatch;
  readonly directory: string;
  /** Waits until the file is told to hold the text; `undefined` for no file. */
  until(path: string, text: string | undefined): Promise<void>;
}

async function withWatch(body: (bench: Bench) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "si-watch-"));
  const told = new Map<string, string | undefined>();
  const poller: Poller = new Poller(libc, () => void poller.look());
  const watch = new FileWatch({
    libc,
    poller,
    feed: (event) => {
      if (event.kind === "file-content") told.set(event.path, event.text);
    },
  });
  const until = async (path: string, text: string | undefined): Promise<void> => {
    const giveUpAt = Date.now() + 15_000;
    while (!told.has(path) || told.get(path) !== text) {
      if (Date.now() > giveUpAt) assert.equal(told.get(path), text);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  try {
    await body({ watch, directory, until });
  } finally {
    watch[Symbol.dispose]();
    poller[Symbol.dispose]();
    rmSync(directory, { recursive: true, force: true });
  }
}

test("a file is told when it is watched, written, replaced, removed and made again", async () => {
  await withWatch(async ({ watch, directory, until }) => {
    const path = join(directory, "number");
    watch.watch(path, undefined);
    await until(path, undefined);
    writeFileSync(path, "1\n");
    await until(path, "1\n");
    writeFileSync(path, "2\n");
    await until(path, "2\n");
    writeFileSync(`${path}.new`, "3\n");
    renameSync(`${path}.new`, path);
    await until(path, "3\n");
    renameSync(path, `${path}.old`);
    await until(path, undefined);
    writeFileSync(path, "4\n");
    await until(path, "4\n");
    rmSync(path);
    await until(path, undefined);
  });
});

test("a directory that is made later, removed and made again is found", async () => {
  await withWatch(async ({ watch, directory, until }) => {
    const inner = join(directory, "inner");
    const path = join(inner, "number");
    watch.watch(path, undefined);
    await until(path, undefined);
    for (const text of ["5\n", "6\n"]) {
      mkdirSync(inner);
      writeFileSync(path, text);
      await until(path, text);
      rmSync(inner, { recursive: true });
      await until(path, undefined);
    }
  });
});

test("init_file makes a file that is not there, and leaves another alone unless told", async () => {
  await withWatch(async ({ watch, directory, until }) => {
    const [made, kept, replaced] = ["made", "kept", "replaced"].map((name) =>
      join(directory, name)
    );
    assert.ok(made !== undefined && kept !== undefined && replaced !== undefined);
    for (const path of [kept, replaced]) writeFileSync(path, "9\n");
    watch.watch(made, { value: 7, overwrite: false });
    watch.watch(kept, { value: 7, overwrite: false });
    watch.watch(replaced, { value: 7, overwrite: true });
    await until(made, "7\n");
    await until(kept, "9\n");
    await until(replaced, "7\n");
  });
});
