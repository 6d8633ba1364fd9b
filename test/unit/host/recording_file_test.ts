/**
 * The file of a recording: who may read it, what becomes of an earlier one, and that neither a
 * full disk nor a limit is anything to the daemon but the end of the recording.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RecordingFile } from "../../../lib/host/linux/recording_file.ts";
import { test } from "../../support/test.ts";

interface Scene {
  readonly path: string;
  readonly complaints: string[];
  begin(limitBytes?: number, path?: string): Promise<RecordingFile>;
}

async function within(body: (scene: Scene) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "si-recording-"));
  const path = join(directory, "near.recording");
  const complaints: string[] = [];
  const complain = (_level: string, sentence: string): void => void complaints.push(sentence);
  const begin: Scene["begin"] = (limitBytes = 1_000_000, where = path) =>
    RecordingFile.begin({ path: where, limitBytes, complain });
  try {
    await body({ path, complaints, begin });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const textOf = (path: string): string => readFileSync(path, "utf8");
const stopped = '{"end":"stopped"}\n';

test("lines are written in order, and nobody but the owner reads them", async () => {
  await within(async ({ path, complaints, begin }) => {
    const file = await begin();
    file.take("1");
    file.take(["2", "3"]);
    file.take("4");
    await file.close();
    assert.equal(textOf(path), `1\n2\n3\n4\n${stopped}`);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(complaints, []);
  });
});

test("an earlier recording is kept beside it, and nothing else is replaced", async () => {
  await within(async ({ path, begin }) => {
    writeFileSync(path, "earlier");
    await (await begin()).close();
    assert.deepEqual([textOf(`${path}.1`), textOf(path)], ["earlier", stopped]);
    symlinkSync(path, `${path}.link`);
    await assert.rejects(begin(1000, `${path}.link`), /no regular file/);
    await assert.rejects(begin(1000, `${path}/below`), /ENOTDIR/);
  });
});

test("a recording that has reached its size ends with a word, and takes no more", async () => {
  await within(async ({ path, complaints, begin }) => {
    const file = await begin(1000);
    const line = "x".repeat(99);
    for (let count = 0; count < 50; count++) file.take(line);
    assert.equal(file.open, false);
    await file.close();
    const text = textOf(path);
    assert.match(text, /^(x{99}\n){10,11}\{"end":"limit"\}\n$/);
    assert.deepEqual(complaints, [`The recording ${path} ends: it has reached its size`]);
  });
});

test("a disk that takes nothing ends the recording, and more lines are no harm", async () => {
  await within(async ({ complaints, begin }) => {
    const file = await begin(1000, "/dev/full");
    file.take("1");
    await file.close();
    assert.equal(file.open, false);
    file.take("2");
    assert.match(
      complaints.join(),
      /^Cannot write the recording \/dev\/full: .*no space left.*ends here$/i,
    );
  });
});

test("a process that is about to end has everything on the disk at once", async () => {
  await within(async ({ path, begin }) => {
    const file = await begin();
    file.take("1");
    file.take("2");
    file.take(["3"]);
    file.save();
    assert.equal(textOf(path), "1\n2\n3\n");
    await file.close();
    assert.equal(textOf(path), "1\n2\n3\n");
  });
});
