/**
 * What this machine has to say about scripts when a configuration is read: which file a word names,
 * who a user is, and whether somebody besides root could have written the file (behaviour 5.8,
 * 5.9). It is asked while a file is read and never while the daemon works.
 */
import { accessSync, constants, lstatSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import process, { getBuiltinModule } from "node:process";
import type { Identity } from "../../base/mod.ts";
import type { ScriptMachine } from "../../config/mod.ts";

const usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** S_IWGRP, S_IWOTH and S_ISVTX, <sys/stat.h>. */
const [groupWrites, othersWrite, sticky] = [0o020, 0o002, 0o1000];

/** Scripts and users of this machine. */
export const scriptMachine: ScriptMachine = {
  get isRoot() {
    return process.geteuid?.() === 0;
  },
  locate(word: string): string | undefined {
    if (word.includes("/")) return isProgram(word) ? word : undefined;
    const directories = (process.env["PATH"] ?? usualPath).split(":");
    return directories.map((directory) => `${directory}/${word}`).find(isProgram);
  },
  realPath(path: string): string {
    try {
      return realpathSync(path);
    } catch {
      return path;
    }
  },
  identity: identityOf,
  objectionTo(path: string): string | undefined {
    return componentsOf(path).map(objectionToComponent).find((one) => one !== undefined);
  },
};

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The path as it was written and as it is without links, from the root down. */
function componentsOf(path: string): string[] {
  const components = new Set<string>();
  for (const one of [path, scriptMachine.realPath(path)]) {
    const up: string[] = [];
    for (let at = one; at !== dirname(at); at = dirname(at)) up.unshift(at);
    for (const component of ["/", ...up]) components.add(component);
  }
  return [...components];
}

function objectionToComponent(path: string): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  // Who may write through a symbolic link is decided by its directory and by what it names.
  if (stat === undefined || stat.isSymbolicLink()) return undefined;
  const mode = (stat.mode & 0o7777).toString(8).padStart(4, "0");
  const what = `${path} is of user ${nameOfUser(stat.uid)} with mode ${mode}`;
  if (stat.uid !== 0) return what;
  const byGroup = stat.gid !== 0 && (stat.mode & groupWrites) !== 0;
  const byOthers = (stat.mode & othersWrite) !== 0;
  if (!byGroup && !byOthers) return undefined;
  if (stat.isDirectory() && (stat.mode & sticky) !== 0) return undefined;
  const writers = byOthers ? "others" : `group ${stat.gid}`;
  return `${path} of user ${nameOfUser(stat.uid)} can be written by ${writers} (mode ${mode})`;
}

function nameOfUser(uid: number): string {
  const entry = lines("/etc/passwd").find((fields) => fields[2] === String(uid));
  return entry?.[0] ?? String(uid);
}

function identityOf(
  user: string,
  group: string | undefined,
  supplementary: boolean,
): Identity | string {
  const entry = find("passwd", user);
  if (entry === undefined) return `there is no user "${user}"`;
  const [name = user, , uid = "", primary = ""] = entry;
  const wanted = group === undefined ? primary : find("group", group)?.[2];
  if (wanted === undefined) return `there is no group "${group}"`;
  const identity = { user: name, uid: Number(uid), gid: Number(wanted) };
  if (!supplementary) return identity;
  const others = lines("/etc/group").filter((fields) =>
    (fields[3] ?? "").split(",").includes(name)
  );
  const groups = [identity.gid, Number(primary), ...others.map((fields) => Number(fields[2]))];
  return { ...identity, groups: [...new Set(groups)] };
}

/** By name or number; what is not in the file may be in a directory service. */
function find(database: "passwd" | "group", name: string): string[] | undefined {
  const entry = lines(`/etc/${database}`).find((fields) =>
    fields[0] === name || fields[2] === name
  );
  if (entry !== undefined) return entry;
  // Rarely needed, and slow to load.
  const { spawnSync } = getBuiltinModule("node:child_process");
  const { status, stdout } = spawnSync("getent", [database, name], {
    encoding: "utf8",
    timeout: 5000,
  });
  return status === 0 ? stdout.trim().split(":") : undefined;
}

function lines(path: string): string[][] {
  try {
    return readFileSync(path, "utf8").split("\n").map((line) => line.split(":"));
  } catch {
    return [];
  }
}
