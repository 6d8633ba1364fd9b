/**
 * `standin uninstall`: takes back what `standin install` wrote, and nothing else: files that carry
 * our mark, and the sample configuration while nobody has changed it. A service that is still
 * enabled on this box is left in place: it is stopped first, with its own manager's command. Below
 * another root nothing runs, and its links are removed with it.
 */
import { existsSync, lstatSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { exitCode } from "./exit.ts";
import { documentPaths } from "./install/documents.ts";
import { sample, samplePath } from "./install/sample.ts";
import { mark, type ServiceManager, serviceManagers } from "./install/service.ts";
import { complain, print } from "./output.ts";

/** How to uninstall. */
export interface UninstallOptions {
  /** The folder below which everything was written. */
  readonly root?: string | undefined;
  readonly json?: boolean | undefined;
  readonly print?: ((line: string) => void) | undefined;
  readonly complain?: ((line: string) => void) | undefined;
}

/** What others put there, or the daemon. */
const otherPaths = [
  ["usr/local/bin/standin", "the program itself"],
  ["var/lib/standin", "what the daemon remembers, its events among it"],
] as const;

/** Removes the service; resolves with the exit code. */
export function runUninstall(options: UninstallOptions = {}): Promise<number> {
  const { root = "/", json = false } = options;
  const tell = options.print ?? print;
  const object = options.complain ?? complain;
  const installed = serviceManagers.filter((manager) => isOurs(join(root, manager.file.path)));
  const enabled = installed.find(({ links }) => links.some((link) => isThere(join(root, link))));
  if (enabled !== undefined && root === "/") {
    object("Cannot uninstall standin: its service is enabled");
    object(`Stop it first: ${enabled.stopCommand}`);
    return Promise.resolve(exitCode.failed);
  }
  try {
    const service = removeAll(servicePaths(root, installed));
    const documents = documentPaths.map((path) => join(root, path)).filter(isOurs);
    const sampled = removeSample(root);
    const removed = [...service, ...removeAll(documents), ...sampled.removed];
    const kept = otherPaths.map(([path, what]) => [join(root, path), what] as const)
      .filter(([path]) => isThere(path));
    const left = [...sampled.left, ...kept.map(([path]) => path)];
    const reloads = root === "/" && installed.some(({ kind }) => kind === "systemd");
    const next = reloads ? ["systemctl daemon-reload"] : [];
    if (json) tell(JSON.stringify({ removed, left, next }, null, 2));
    else {
      if (service.length === 0) tell("There is no service of standin's to remove");
      for (const path of removed) tell(`Removed ${path}`);
      for (const path of sampled.left) tell(`Left ${path}: it is yours`);
      for (const [path, what] of kept) tell(`Left ${path}: ${what}`);
      for (const command of next) tell(`Next: ${command}`);
    }
    return Promise.resolve(exitCode.ok);
  } catch (error) {
    object(`Cannot uninstall: ${error instanceof Error ? error.message : String(error)}`);
    return Promise.resolve(exitCode.failed);
  }
}

function isOurs(path: string): boolean {
  return existsSync(path) && readFileSync(path, "utf8").includes(mark);
}

/** Whether there is something at a path, even a link that leads nowhere. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function servicePaths(root: string, installed: readonly ServiceManager[]): string[] {
  const names = installed.flatMap(({ file, links }) => [file.path, ...links]);
  return [...new Set(names.map((name) => join(root, name)).filter(isThere))];
}

function removeAll(paths: readonly string[]): readonly string[] {
  for (const path of paths) rmSync(path);
  return paths;
}

interface Sampled {
  readonly removed: readonly string[];
  readonly left: readonly string[];
}

function removeSample(root: string): Sampled {
  const path = join(root, samplePath);
  if (!existsSync(path)) return { removed: [], left: [] };
  if (readFileSync(path, "utf8") !== sample) return { removed: [], left: [path] };
  rmSync(path);
  try {
    rmdirSync(dirname(path));
  } catch {
    // Something of the user's is in the folder: it stays.
  }
  return { removed: [path], left: [] };
}
