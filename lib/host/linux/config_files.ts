/**
 * The world of a configuration on Linux: its files, the name of the host, its environment and its
 * interfaces. Everything is read at the time of the call, which is when a configuration is read.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import process from "node:process";
import { err, ok, type Result } from "../../base/mod.ts";
import type { ConfigEnvironment, FileProblem, FileSource } from "../../config/mod.ts";
import { scriptMachine } from "./script_machine.ts";

export { RecordedFiles } from "./saved_config.ts";

/** The longest key with some line ends. */
const KEY_FILE_BYTES_MAX = 128;
/** Any of the three executable bits. */
const EXECUTABLE = 0o111;

/** The files of this machine. */
export const linuxFiles: FileSource = {
  read(path: string): Result<Uint8Array, FileProblem> {
    try {
      const stat = statSync(path);
      if (stat.isDirectory()) return err({ kind: "not-regular", detail: "it is a directory" });
      if (!stat.isFile()) return err({ kind: "not-regular", detail: "it is no regular file" });
      if ((stat.mode & EXECUTABLE) !== 0) {
        return err({ kind: "not-regular", detail: "it is executable" });
      }
      return ok(readFileSync(path));
    } catch (error) {
      const code = codeOf(error);
      if (code === "ENOENT" || code === "ENOTDIR") return err({ kind: "missing" });
      return err({ kind: "unreadable", detail: `the system says ${code}` });
    }
  },
  list(directory: string): readonly string[] {
    try {
      return readdirSync(directory);
    } catch {
      return [];
    }
  },
};

/** What a configuration is read with on this machine. */
export function configEnvironment(
  options: { readonly configId?: string | undefined; readonly allConfig?: boolean } = {},
): ConfigEnvironment {
  return {
    files: linuxFiles,
    workingDirectory: process.cwd(),
    hostName: readLine("/proc/sys/kernel/hostname") ?? "localhost",
    configId: options.configId,
    allConfig: options.allConfig,
    variables: process.env,
    random: Math.random,
    interfaces: interfaceNames(),
    isNetNamespace,
    isExecutable,
    readKeyFile,
    scripts: scriptMachine,
  };
}

/** Where the network namespace of a name is (ip-netns(8)). */
export function netNamespacePath(name: string): string {
  return `/run/netns/${name}`;
}

/** Whether this thread is in the network namespace of that name. */
export function isNetNamespace(name: string): boolean {
  try {
    const [there, here] = [netNamespacePath(name), "/proc/thread-self/ns/net"].map((path) =>
      statSync(path)
    );
    return there?.ino === here?.ino && there?.dev === here?.dev;
  } catch {
    return false;
  }
}

/** Any access of the group or of others. */
const FOREIGN = 0o077;

/** A file with a key, and whether others than its owner have access to it. */
function readKeyFile(path: string): Result<{ octets: Uint8Array; open: boolean }, string> {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return err("it is no regular file");
    if (stat.size > KEY_FILE_BYTES_MAX) return err("it is too long for a key");
    return ok({ octets: new Uint8Array(readFileSync(path)), open: (stat.mode & FOREIGN) !== 0 });
  } catch (error) {
    return err(`the system says ${codeOf(error)}`);
  }
}

/** Whether a command names a file that can be run, by its path or in the usual directories. */
function isExecutable(command: string): boolean {
  const paths = command.includes("/")
    ? [command]
    : (process.env["PATH"] ?? "").split(":").map((directory) => `${directory}/${command}`);
  return paths.some((path) => {
    try {
      const stat = statSync(path);
      return stat.isFile() && (stat.mode & EXECUTABLE) !== 0;
    } catch {
      return false;
    }
  });
}

/** Names of the interfaces in this process's network namespace; absent when nobody tells. */
function interfaceNames(): readonly string[] | undefined {
  try {
    const table = readFileSync("/proc/self/net/dev", "utf8");
    return Array.from(table.matchAll(/^\s*(\S+):/gm), ([, name = ""]) => name);
  } catch {
    return undefined;
  }
}

function readLine(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return String(error);
  return String(error.code);
}
