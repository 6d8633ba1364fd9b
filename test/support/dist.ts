/**
 * The second half of `make dist`: given the executables that were built, checks that each is for
 * the machine and the C library that its name promises, writes SHA256SUMS beside them, and starts
 * those that can be started here: this machine's own, and arm64 through qemu where that is
 * installed. The musl executables can be built but not started on a glibc machine.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** What an executable is made for. */
export interface Machine {
  readonly cpu: "x64" | "arm64";
  readonly libc: "glibc" | "musl";
}

// ELF64, little-endian: e_machine, then where and how large the program headers are.
const offsetOfMachine = 18;
const offsetOfHeaders = 32;
const offsetOfHeaderSize = 54;
const offsetOfHeaderCount = 56;
const typeOfInterpreter = 3;

/** Reads an ELF header; `undefined` for anything but a dynamic executable that we build. */
export function machineOf(bytes: Uint8Array): Machine | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 64 || view.getUint32(0) !== 0x7f454c46) return undefined;
  const cpu = { 62: "x64", 183: "arm64" }[view.getUint16(offsetOfMachine, true)];
  const interpreter = interpreterOf(bytes, view);
  if (cpu !== "x64" && cpu !== "arm64") return undefined;
  if (interpreter?.includes("/ld-musl-")) return { cpu, libc: "musl" };
  if (interpreter?.includes("/ld-linux-")) return { cpu, libc: "glibc" };
  return undefined;
}

function interpreterOf(bytes: Uint8Array, view: DataView): string | undefined {
  const start = Number(view.getBigUint64(offsetOfHeaders, true));
  const size = view.getUint16(offsetOfHeaderSize, true);
  const count = view.getUint16(offsetOfHeaderCount, true);
  for (let at = start; at < start + size * count && at + 56 <= bytes.length; at += size) {
    if (view.getUint32(at, true) !== typeOfInterpreter) continue;
    const offset = Number(view.getBigUint64(at + 8, true));
    const length = Number(view.getBigUint64(at + 32, true));
    return new TextDecoder().decode(bytes.subarray(offset, offset + length - 1));
  }
  return undefined;
}

/** What the name `standin-linux-arm64-musl` promises. */
export function machineInName(name: string): Machine {
  return {
    cpu: name.includes("-arm64") ? "arm64" : "x64",
    libc: name.endsWith("-musl") ? "musl" : "glibc",
  };
}

const qemu = "/usr/bin/qemu-aarch64";
const arm64Libraries = "/usr/aarch64-linux-gnu";

/** The command that starts an executable here; `undefined` when it can not be started. */
function starter(path: string, { cpu, libc }: Machine): string[] | undefined {
  if (libc === "musl") return undefined;
  if (cpu === process.arch) return [path, "--version"];
  if (cpu !== "arm64" || !existsSync(qemu) || !existsSync(arm64Libraries)) return undefined;
  return [qemu, "-L", arm64Libraries, path, "--version"];
}

function examine(path: string): string {
  const name = basename(path);
  const bytes = readFileSync(path);
  const wanted = machineInName(name);
  const found = machineOf(bytes);
  if (found?.cpu !== wanted.cpu || found.libc !== wanted.libc) {
    throw new Error(`${name} is for ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`);
  }
  const [command, ...argv] = starter(path, wanted) ?? [];
  let started = "not started: no such machine here";
  if (command !== undefined) {
    const { status, stdout, stderr } = spawnSync(command, argv, { encoding: "utf8" });
    if (status !== 0) throw new Error(`${name} --version exits with ${status}: ${stderr}`);
    started = `starts: ${`${stdout}${stderr}`.split("\n")[0]}`;
  }
  const size = `${Math.round(bytes.length / 1e6)} MB`;
  console.log(`  ${name.padEnd(28)} ${size}  ${wanted.cpu} ${wanted.libc}  ${started}`);
  return `${createHash("sha256").update(bytes).digest("hex")}  ${name}\n`;
}

function main(paths: readonly string[]): number {
  const [first] = paths;
  if (first === undefined) return 2;
  try {
    const sums = paths.map(examine).join("");
    writeFileSync(join(dirname(first), "SHA256SUMS"), sums);
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.exit(main(process.argv.slice(2)));
}
