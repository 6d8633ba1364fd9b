/**
 * A Linux kernel that runs as a program: Debian's user-mode-linux, on the root file system of this
 * machine, with networks and modules of its own. It boots in some seconds, runs one command as
 * root and ends. It stands for what the kernel of this machine may lack: ipvlan, VRF, IPVS.
 *
 * Inside, `/run` and everything below TMPDIR is memory of the machine's own; the rest of the file
 * system is ours, so what the command writes elsewhere stays. Whatever becomes of it, no process
 * and no file of the machine is left.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Bell } from "../lab/bell.ts";
import { Program, repository } from "../lab/program.ts";

const kernelPath = "/usr/bin/linux.uml";
const modulesPath = "/usr/lib/uml/modules";

/** What to run in a machine. */
export interface Errand {
  /** The command, started in the root of the repository. */
  readonly argv: readonly string[];
  /** Variables of its environment, besides PATH, HOME and TMPDIR. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Modules that it needs besides those for links, bridges and packet sockets. */
  readonly modules?: readonly string[];
  /** A generous limit, counted from the start of the command; reaching it is an error. */
  readonly limitMs?: number;
}

/** How an errand ended. */
export interface Report {
  /** Its exit status; absent when the machine ended before the command did. */
  readonly code: number | undefined;
  /** What was written to its standard output and standard error, and by the kernel. */
  readonly lines: readonly string[];
}

/** What every network needs. */
const usualModules = ["veth", "bridge", "ipv6", "macvlan", "dummy"];

/** What a machine says before its command begins. */
const upLine = "the machine is up";
/** How long a boot may take, which on a busy machine is long. */
const bootLimitMs = 200_000;

/** Why no such machine can run here; `undefined` when one can. */
export function whyNoMachine(): string | undefined {
  if (process.getuid?.() !== 0) return "needs root";
  const missing = [kernelPath, modulesPath].filter((path) => !existsSync(path));
  if (missing.length > 0) return `needs ${missing.join(", ")} of user-mode-linux`;
  return ["/usr/sbin/modprobe", "/sbin/modprobe"].some(existsSync) ? undefined : "needs kmod";
}

/** Boots a machine, runs a command in it, and waits until both have ended. */
export async function runInMachine(errand: Errand): Promise<Report> {
  const { limitMs = 300_000 } = errand;
  const directory = mkdtempSync(join(tmpdir(), "si-uml-"));
  const bell = new Bell();
  let machine: Program | undefined;
  const abandon = (): void => {
    machine?.kill();
    rmSync(directory, { recursive: true, force: true });
  };
  process.once("exit", abandon);
  try {
    machine = new Program(bell, words(directory, errand));
    const { lines } = machine;
    await bell.until("the machine boots", () => {
      return machine?.ending !== undefined || lines.some((line) => line.includes(upLine));
    }, bootLimitMs);
    await machine.ended(limitMs);
    // The console of a machine is a terminal, which ends its lines with CR and LF.
    const said = lines.map((line) => line.replace(/\r$/, "")).filter((line) => line !== upLine);
    return { code: readCode(directory), lines: said };
  } catch (error) {
    const told = machine?.lines.slice(-40).join("\n") ?? "";
    throw new Error(`${String(error)}\n${told}`);
  } finally {
    process.off("exit", abandon);
    abandon();
    if (machine !== undefined) await machine.ended();
  }
}

/** Writes the machine's first process; answers the words that boot it. */
function words(directory: string, errand: Errand): string[] {
  const modules = join(directory, "lib/modules");
  mkdirSync(modules, { recursive: true });
  for (const release of readdirSync(modulesPath)) {
    symlinkSync(join(modulesPath, release), join(modules, release));
  }
  const script = join(directory, "init");
  writeFileSync(script, renderScript(directory, errand), { mode: 0o755 });
  return [
    kernelPath,
    "mem=1024M",
    "rootfstype=hostfs",
    "rootflags=/",
    "rw",
    `init=${script}`,
    `uml_dir=${directory}`,
    "con=null",
    "con0=null,fd:1",
    "quiet",
  ];
}

function renderScript(directory: string, { argv, environment, modules = [] }: Errand): string {
  const variables = {
    PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/usr/bin:/sbin:/bin`,
    HOME: process.env["HOME"] ?? "/root",
    TMPDIR: "/run/tmp",
    NO_COLOR: "1",
    ...environment,
  };
  const exports = Object.entries(variables).map(([name, value]) => {
    return `export ${name}=${quote(value)}`;
  });
  return `\
#!/bin/sh
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -m 1777 /run/tmp /dev/shm
mount -t tmpfs tmpfs /dev/shm
${exports.join("\n")}
ip link set lo up
modprobe -d ${quote(directory)} -a ${[...usualModules, ...modules].map(quote).join(" ")}
cd ${quote(repository)}
echo ${quote(upLine)}
${argv.map(quote).join(" ")} </dev/null 2>&1
echo $? >${quote(codePath(directory))}
halt -f
`;
}

function readCode(directory: string): number | undefined {
  try {
    return Number(readFileSync(codePath(directory), "latin1"));
  } catch {
    return undefined;
  }
}

function codePath(directory: string): string {
  return join(directory, "code");
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
