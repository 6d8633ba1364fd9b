/**
 * install.sh, as `curl … | sh` runs it: from standard input, by dash and by busybox, with nothing
 * in PATH but the tools that a test allows. The executable is a small script that notes how it was
 * called, and the download place is a folder or a server on the loopback address.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "../support/test.ts";

const script = readFileSync(
  join(dirname(fileURLToPath(import.meta.url)), "../../install.sh"),
  "utf8",
);
const executable = `#!/bin/sh
echo "$@" >>"$CALLS"
[ "$1" != --version ] || echo "standin 9.9.9"
`;
const tools = "awk cat chmod cp cut df ls mkdir mktemp mv rm sha256sum".split(" ");

function find(tool: string): string | undefined {
  const folders = `${process.env["PATH"] ?? ""}:/usr/bin:/bin`.split(":");
  return folders.map((folder) => join(folder, tool)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

type Shell = "sh" | "busybox";

interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** A box to install on: its tools, a place to download from, a folder to install to. */
class Box {
  readonly #folder: string = mkdtempSync(join(tmpdir(), "standin-install-"));
  readonly #shell: Shell;
  readonly releases: string = this.#make("releases");
  readonly prefix: string = join(this.#folder, "prefix");
  readonly #tools: string = this.#make("tools");

  constructor(shell: Shell) {
    this.#shell = shell;
    for (const tool of tools) this.allow(tool);
    this.pretend("uname", '[ "$1" = -s ] && echo Linux || echo x86_64');
    this.pretend("ldd", "echo 'ldd (GNU libc) 2.36'");
    this.pretend("grep", "exit 0");
    this.release("standin-linux-x64");
  }

  #make(name: string): string {
    mkdirSync(join(this.#folder, name));
    return join(this.#folder, name);
  }

  /** Brings a real tool, or busybox's. */
  allow(tool: string): void {
    const path = find(this.#shell === "busybox" ? "busybox" : tool);
    assert.ok(path !== undefined, `${tool} is on this machine`);
    symlinkSync(path, join(this.#tools, tool));
  }

  /** Puts a script in the place of a tool. */
  pretend(tool: string, body: string): void {
    rmSync(join(this.#tools, tool), { force: true });
    writeFileSync(join(this.#tools, tool), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }

  /** Releases an executable; the sums are those of `promised`. */
  release(name: string, text: string = executable, promised: string = text): void {
    const sum = createHash("sha256").update(promised).digest("hex");
    writeFileSync(join(this.releases, name), text);
    writeFileSync(join(this.releases, "SHA256SUMS"), `${sum}  ${name}\n`, { flag: "a" });
  }

  async run(args: readonly string[] = [], download: string = this.releases): Promise<Run> {
    const [command, ...first] = this.#shell === "sh"
      ? [find("sh") ?? "sh"]
      : [find("busybox") ?? "busybox", "sh"];
    const child = spawn(command, [...first, "-s", "--", "--prefix", this.prefix, ...args], {
      env: { PATH: this.#tools, STANDIN_DOWNLOAD: download, CALLS: this.#calls },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => output += chunk);
    child.stderr.on("data", (chunk) => output += chunk);
    child.stdin.on("error", () => {}).end(script);
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    return { code, output };
  }

  get #calls(): string {
    return join(this.#folder, "calls");
  }

  /** How the executable was called, a line for each time. */
  calls(): string[] {
    if (!existsSync(this.#calls)) return [];
    return readFileSync(this.#calls, "utf8").trim().split("\n");
  }

  /** What is in the folder that was installed to, hidden files included. */
  installed(): string[] {
    return existsSync(this.prefix) ? readdirSync(this.prefix) : [];
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}

/** A test for each of the shells. */
function each(name: string, body: (box: Box) => Promise<void>, skip?: string): void {
  for (const shell of ["sh", "busybox"] as const) {
    const missing = find(shell) === undefined ? `${shell} is not installed` : undefined;
    test(`install.sh in ${shell} ${name}`, async () => {
      using box = new Box(shell);
      await body(box);
    }, { skip: missing ?? skip });
  }
}

function assertRefused(box: Box, run: Run, reason: RegExp): void {
  assert.match(run.output, reason);
  assert.equal(run.code, 1);
  assert.deepEqual(box.installed(), [], "nothing is left behind");
}

each("installs what SHA256SUMS lists, and says what to type next", async (box) => {
  const { code, output } = await box.run();
  assert.equal(code, 0, output);
  assert.deepEqual(box.installed(), ["standin"]);
  assert.ok(isExecutable(join(box.prefix, "standin")));
  assert.match(output, /Installed .*\/prefix\/standin: standin 9\.9\.9\n/);
  assert.match(output, /Next:\n.*\/prefix\/standin demo .*\n.*\/prefix\/standin install /);
  assert.deepEqual(box.calls(), ["--version"]);
});

each("takes a file:// address", async (box) => {
  const { code, output } = await box.run([], `file://${box.releases}`);
  assert.equal(code, 0, output);
});

each("replaces an older standin", async (box) => {
  mkdirSync(box.prefix);
  writeFileSync(join(box.prefix, "standin"), "old");
  await box.run();
  assert.equal(readFileSync(join(box.prefix, "standin"), "utf8"), executable);
});

each("refuses a download that is not what SHA256SUMS lists", async (box) => {
  rmSync(join(box.releases, "SHA256SUMS"));
  box.release("standin-linux-x64", executable, "another");
  assertRefused(box, await box.run(), /is not what SHA256SUMS lists/);
  assert.deepEqual(box.calls(), [], "it was not started");
});

each("keeps the old standin when the new one is refused", async (box) => {
  mkdirSync(box.prefix);
  writeFileSync(join(box.prefix, "standin"), "old");
  writeFileSync(join(box.releases, "standin-linux-x64"), "tampered");
  assert.equal((await box.run()).code, 1);
  assert.deepEqual(box.installed(), ["standin"]);
  assert.equal(readFileSync(join(box.prefix, "standin"), "utf8"), "old");
});

each("refuses a download that SHA256SUMS does not list", async (box) => {
  writeFileSync(join(box.releases, "SHA256SUMS"), `${"0".repeat(64)}  standin-linux-x64-musl\n`);
  assertRefused(box, await box.run(), /SHA256SUMS does not list standin-linux-x64/);
});

each("refuses an executable that does not start here", async (box) => {
  rmSync(join(box.releases, "SHA256SUMS"));
  box.release("standin-linux-x64", "#!/bin/sh\necho 'no libfoo'; exit 127\n");
  assertRefused(box, await box.run(), /does not start here\n.*no libfoo/);
});

each("says so when there is no executable for this machine", async (box) => {
  rmSync(join(box.releases, "standin-linux-x64"));
  assertRefused(box, await box.run(), /there is no .*\/standin-linux-x64/);
});

each("chooses by processor and age", async (box) => {
  box.pretend("grep", "exit 1");
  assertRefused(box, await box.run(), /there is no .*\/standin-linux-x64-baseline/);
  box.pretend("uname", '[ "$1" = -s ] && echo Linux || echo aarch64');
  assertRefused(box, await box.run(), /there is no .*\/standin-linux-arm64$/m);
});

each("names the boards that standin can not run on", async (box) => {
  box.pretend("uname", '[ "$1" = -s ] && echo Linux || echo armv7l');
  assertRefused(box, await box.run(), /no standin for 32-bit ARM \(armv7l\)/);
  box.pretend("uname", '[ "$1" = -s ] && echo Linux || echo mips');
  assertRefused(box, await box.run(), /no standin for MIPS/);
  box.pretend("uname", "echo Darwin");
  assertRefused(box, await box.run(), /runs on Linux, and this is Darwin/);
});

const muslReady = ["/usr/lib", "/lib"].some((folder) => existsSync(`${folder}/libstdc++.so.6`))
  ? "this machine has libstdc++ where musl would look"
  : undefined;

each("says which packages musl needs", async (box) => {
  box.pretend("ldd", "echo 'musl libc (x86_64)' >&2; exit 1");
  assertRefused(box, await box.run(), /needs libstdc\+\+.*\n.*apk add libstdc\+\+ libgcc/);
}, muslReady);

each("says so when there is not enough room", async (box) => {
  box.pretend("df", "echo 'Filesystem'; echo 'overlay 60000 10000 50000 20% /'");
  assertRefused(box, await box.run(), /not enough room .*\n.*50 MB are free, about 120 MB/);
});

each("says so when it may not write there", async (box) => {
  writeFileSync(box.prefix, "a file, not a folder");
  const { code, output } = await box.run();
  assert.equal(code, 1);
  assert.match(output, /cannot write to .*\n.*run it as root .*--prefix/);
});

each("says so when there is nothing to download with", async (box) => {
  assertRefused(box, await box.run([], "http://127.0.0.1:9"), /needs curl or wget/);
});

each("makes it a service with --service", async (box) => {
  assert.equal((await box.run(["--service"])).code, 0);
  assert.deepEqual(box.calls(), ["--version", "install"]);
});

each("removes the service and the executable with --uninstall", async (box) => {
  await box.run();
  assert.equal((await box.run(["--uninstall"])).code, 0);
  assert.deepEqual(box.installed(), []);
  assert.deepEqual(box.calls(), ["--version", "uninstall"]);
});

each("leaves the executable while its service can not be removed", async (box) => {
  mkdirSync(box.prefix);
  writeFileSync(join(box.prefix, "standin"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  const { code, output } = await box.run(["--uninstall"]);
  assert.equal(code, 1);
  assert.match(output, /nothing was removed/);
  assert.deepEqual(box.installed(), ["standin"]);
});

each("explains its options, and does not know others", async (box) => {
  assert.match((await box.run(["--help"])).output, /usage: install\.sh/);
  assertRefused(box, await box.run(["--frob"]), /unknown option --frob/);
  assertRefused(box, await box.run(["--version"]), /--version needs a value/);
});

for (const [shell, tool] of [["sh", "curl"], ["busybox", "wget"]] as const) {
  const missing = find(shell === "sh" ? tool : shell) === undefined
    ? `${tool} is not installed`
    : undefined;
  test(`install.sh in ${shell} downloads with ${tool}`, async () => {
    using box = new Box(shell);
    box.allow(tool);
    const server = createServer((request, response) => {
      const path = join(box.releases, request.url ?? "");
      if (existsSync(path)) response.end(readFileSync(path));
      else response.writeHead(404).end();
    }).listen(0, "127.0.0.1");
    try {
      await new Promise((resolve) => server.on("listening", resolve));
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { code, output } = await box.run([], address);
      assert.equal(code, 0, output);
      assert.deepEqual(box.installed(), ["standin"]);
      rmSync(box.prefix, { recursive: true });
      rmSync(join(box.releases, "standin-linux-x64"));
      assertRefused(box, await box.run([], address), /cannot download .*\/standin-linux-x64/);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }, { skip: missing });
}

test("install.sh does nothing when only a part of it arrives", () => {
  using box = new Box("sh");
  const lines = script.split("\n");
  for (let count = 1; count < lines.length - 1; count += 1) {
    const part = lines.slice(0, count).join("\n");
    const { stdout } = spawnSync("sh", ["-s"], {
      input: `${part}\n`,
      encoding: "utf8",
      env: { ...process.env, STANDIN_DOWNLOAD: box.releases, PREFIX: box.prefix },
    });
    assert.equal(stdout, "", `${count} lines`);
    assert.deepEqual(box.installed(), [], `${count} lines`);
  }
});
