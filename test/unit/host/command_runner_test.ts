/**
 * Commands as the machine runs them: how they end, as whom, with what in their environment, and
 * what a signal reaches. Who they are needs root; the rest does not.
 */
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { openLibc } from "../../../ffi/mod.ts";
import {
  type CommandEnd,
  type CommandPlan,
  type Duration,
  type Identity,
  milliseconds,
} from "../../../lib/base/mod.ts";
import { CommandRunner } from "../../../lib/host/linux/command_runner.ts";
import { test } from "../../support/test.ts";

const libc = await openLibc();
const skip = process.geteuid?.() === 0 ? undefined : "needs root";

/** A runner, a directory of its own, and the ends of its commands. */
interface Bench {
  readonly runner: CommandRunner;
  readonly directory: string;
  /** How long nothing else is due. */
  readonly due: { after: Duration };
  /** Runs a command to its end. */
  end(command: CommandPlan): Promise<CommandEnd>;
  /** Runs a line of the shell to its end and answers its last lines. */
  heard(line: string, identity?: Identity): Promise<readonly string[]>;
  /** What a line of the shell prints. */
  said(line: string): Promise<string>;
}

async function withRunner(body: (bench: Bench) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "si-runner-"));
  const waiting = new Map<number, (end: CommandEnd, output?: readonly string[]) => void>();
  const due = { after: milliseconds(1000) };
  const runner = new CommandRunner(
    libc,
    (run, end, output) => waiting.get(run)?.(end, output),
    () => due.after,
    -1,
  );
  // Keeps the loop of the runtime alive: a child that nobody of it knows does not.
  const look = setInterval(() => {}, 1000);
  let next = 1;
  const end = (command: CommandPlan): Promise<CommandEnd> =>
    new Promise((resolve) => {
      const run = next++;
      waiting.set(run, resolve);
      runner.run(run, command);
    });
  try {
    await body({
      runner,
      due,
      directory,
      end,
      heard: (line, identity) =>
        new Promise((resolve) => {
          const run = next++;
          waiting.set(run, (_, output) => resolve(output ?? []));
          runner.run(run, sh(line, identity), true);
        }),
      said: async (line) => {
        const file = join(directory, `said-${next}`);
        const command = `{ ${line}; } > ${file}`;
        const ended = await end(sh(command));
        assert.deepEqual(ended, { kind: "exited", code: 0 });
        return readFileSync(file, "utf8").trim();
      },
    });
  } finally {
    clearInterval(look);
    runner[Symbol.dispose]();
    rmSync(directory, { recursive: true, force: true });
  }
}

function sh(line: string, identity?: Identity): CommandPlan {
  const words = ["sh", "-c", line];
  return { kind: "run", path: "/bin/sh", words, ...(identity === undefined ? {} : { identity }) };
}

/** How many programs this thread has started that have not been seen to end. */
function children(): number {
  return readFileSync("/proc/thread-self/children", "utf8").split(" ").length;
}

test("a command waits for a pause between other things, but not for ever", () =>
  withRunner(async ({ end, due }) => {
    due.after = milliseconds(9);
    const before = children();
    const ends = [end(sh("exit 1")), end(sh("exit 2"))];
    assert.equal(children(), before);
    assert.deepEqual(await Promise.all(ends), [
      { kind: "exited", code: 1 },
      { kind: "exited", code: 2 },
    ]);
  }));

test("of commands that are due at once a turn starts one, and what waits can be called off", () =>
  withRunner(async ({ end, runner, directory }) => {
    const before = children();
    const ends = ["a", "b", "c"].map((name) => end(sh(`: > ${directory}/${name}`)));
    assert.equal(children(), before + 1);
    runner.signal(3, "TERM");
    const good = { kind: "exited", code: 0 };
    assert.deepEqual(await Promise.all(ends), [good, good, { kind: "killed", signal: 15 }]);
    assert.deepEqual(["a", "b", "c"].map((name) => existsSync(join(directory, name))), [
      true,
      true,
      false,
    ]);
  }));

test("a command ends with its code or by its signal, or was never started", async () => {
  await withRunner(async ({ end, directory }) => {
    assert.deepEqual(await end(sh("exit 0")), { kind: "exited", code: 0 });
    assert.deepEqual(await end(sh("exit 217")), { kind: "exited", code: 217 });
    assert.deepEqual(await end(sh("kill -9 $$")), { kind: "killed", signal: 9 });
    const absent = await end({ kind: "run", path: join(directory, "no"), words: ["no"] });
    assert.equal(absent.kind, "not-started");
    const none = await end({ kind: "none", written: "x", reason: "it is not allowed" });
    assert.deepEqual(none, { kind: "not-started", reason: "it is not allowed" });
    assert.deepEqual(await end({ kind: "readable", path: directory }), { kind: "exited", code: 0 });
    const unread = await end({ kind: "readable", path: join(directory, "no") });
    assert.deepEqual(unread, { kind: "exited", code: 1 });
  });
});

test("a program that was missing is found when it is there", async () => {
  await withRunner(async ({ end, directory }) => {
    const path = join(directory, "late");
    const sought = { first: path, words: [path, "3"], secured: false, keepsLinks: false };
    const command: CommandPlan = { kind: "none", written: path, reason: "was not there", sought };
    const reason = `there is no program "${path}"`;
    assert.deepEqual(await end(command), { kind: "not-started", reason });
    writeFileSync(path, '#!/bin/sh\nexit "$1"\n', { mode: 0o755 });
    assert.deepEqual(await end(command), { kind: "exited", code: 3 });
  });
});

test("a file without a first line for a program is run by the shell", async () => {
  await withRunner(async ({ end, directory }) => {
    const path = join(directory, "plain");
    writeFileSync(path, 'exit "$1"\n', { mode: 0o755 });
    const ended = await end({ kind: "run", path, words: ["plain", "7"] });
    assert.deepEqual(ended, { kind: "exited", code: 7 });
  });
});

test("of a command that is listened to the last lines are kept, and nothing else", async () => {
  await withRunner(async ({ heard }) => {
    assert.deepEqual(await heard("echo out; echo err >&2; printf 'no end'"), [
      "out",
      "err",
      "no end",
    ]);
    assert.deepEqual(await heard("seq 100"), ["93", "94", "95", "96", "97", "98", "99", "100"]);
    const long = await heard("for i in 1 2 3 4 5 6; do printf '%0150d\n' $i; done");
    assert.deepEqual(long.map(Number), [4, 5, 6], "512 octets, from the begin of a line on");
    assert.deepEqual(await heard(":"), []);
  });
});

test("a command that talks without end is read, ends, and its children may go on", async () => {
  await withRunner(async ({ runner, heard, directory }) => {
    const long = await heard("head -c 300000 /dev/zero | tr '\\0' x; echo; echo");
    assert.deepEqual(long, ["x".repeat(510)]);
    // What it leaves behind is neither ended nor held up, also when nobody reads any more.
    const file = join(directory, "left");
    const left = `until [ -e ${file}.go ]; do sleep 0.02; done; ` +
      `head -c 200000 /dev/zero; echo "$?" > ${file}.new; mv ${file}.new ${file}`;
    assert.deepEqual(await heard(`echo before; { ${left}; } &`), ["before"]);
    runner[Symbol.dispose]();
    writeFileSync(`${file}.go`, "");
    while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.match(readFileSync(file, "utf8"), /^[01]\n$/);
  });
});

test("variables that turn a shell or the loader do not reach a command, others do", async () => {
  const { LD_LIBRARY_PATH } = process.env;
  process.env["LD_LIBRARY_PATH"] = "/nonexistent";
  process.env["SI_TEST"] = "kept";
  try {
    await withRunner(async ({ said }) => {
      assert.equal(await said('echo "${LD_LIBRARY_PATH-none} $SI_TEST"'), "none kept");
    });
  } finally {
    delete process.env["SI_TEST"];
    if (LD_LIBRARY_PATH === undefined) delete process.env["LD_LIBRARY_PATH"];
    else process.env["LD_LIBRARY_PATH"] = LD_LIBRARY_PATH;
  }
});

test("a command leads a process group, and a signal ends what it has started, too", async () => {
  await withRunner(async ({ runner, directory, end }) => {
    const file = join(directory, "pid");
    const line = `sleep 600 & echo $! $$ $(cut -d' ' -f5 /proc/$$/stat) > ${file}.new; ` +
      `mv ${file}.new ${file}; wait`;
    const ended = end(sh(line));
    let words: string[] = [];
    while (words.length < 3) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      try {
        words = readFileSync(file, "utf8").trim().split(" ");
      } catch {
        // It has not written yet.
      }
    }
    const [child = "", leader, group] = words;
    assert.equal(leader, group);
    assert.notEqual(Number(group), process.pid);
    runner.signal(1, "TERM");
    assert.deepEqual(await ended, { kind: "killed", signal: 15 });
    while (isAlive(child)) await new Promise((resolve) => setTimeout(resolve, 20));
  });
});

/** A zombie that nobody waits for has ended as well. */
function isAlive(pid: string): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

test("somebody else's command may open its standard error anew", async () => {
  await withRunner(async ({ heard }) => {
    const nobody = { user: "nobody", uid: 65534, gid: 65534 };
    assert.deepEqual(await heard("echo here > /dev/stderr", nobody), ["here"]);
  });
}, { skip });

test("a daemon that may not give files away runs commands of others all the same", async () => {
  const nobody = { user: "nobody", uid: 65534, gid: 65534 };
  await withRunner(async ({ heard }) => {
    const said = withoutChown(() => heard("echo here", nobody));
    assert.deepEqual(await said, ["here"]);
  });
}, { skip });

/** capset(2): what this thread may do is taken from it, and given back. */
function withoutChown<T>(act: () => T): T {
  const capset = process.arch === "arm64" ? 91 : 126;
  const header = new Uint32Array([0x2008_0522, 0]);
  const effective = BigInt(
    `0x${/^CapEff:\s*(\S+)$/m.exec(readFileSync("/proc/thread-self/status", "utf8"))?.[1]}`,
  );
  function set(mask: bigint): void {
    const [low, high] = [Number(mask & 0xffff_ffffn), Number(mask >> 32n)];
    const [all, more] = [Number(effective & 0xffff_ffffn), Number(effective >> 32n)];
    const data = new Uint32Array([low, all, 0, high, more, 0]);
    const [at, from] = [header, data].map(({ buffer }) => libc.addressOf(new Uint8Array(buffer)));
    assert.equal(libc.libc.syscall(capset, at ?? 0, from ?? 0, 0, 0), 0);
  }
  set(effective & ~1n);
  try {
    return act();
  } finally {
    set(effective);
  }
}

test("a command runs as its user, with its groups only, and the daemon stays root", async () => {
  const who = "grep -E '^(Uid|Gid|Groups):' /proc/$$/status | tr -s '\\t ' ' ' | tr '\\n' ';'";
  await withRunner(async ({ directory, end }) => {
    chmodSync(directory, 0o777);
    const file = join(directory, "who");
    const nobody = { user: "nobody", uid: 65534, gid: 65533 };
    assert.deepEqual(await end(sh(`{ ${who}; } > ${file}`, nobody)), { kind: "exited", code: 0 });
    assert.equal(
      readFileSync(file, "utf8").trim(),
      "Uid: 65534 65534 65534 65534;Gid: 65533 65533 65533 65533;Groups: 65533 ;",
    );
    const more = { ...nobody, groups: [65533, 10, 20] };
    rmSync(file);
    await end(sh(`{ ${who}; } > ${file}`, more));
    assert.match(readFileSync(file, "utf8"), /Groups: 10 20 65533 ;/);
    assert.equal(process.geteuid?.(), 0);
    assert.match(readFileSync("/proc/self/status", "utf8"), /^Uid:\s+0\s+0\s+0\s+0$/m);
  });
}, { skip });
