/**
 * `standin install`: makes standin a service of this box. It writes the service file of the
 * service manager that is in charge here, and a sample configuration if there is none, and says
 * what to type next; it starts nothing. With `root` everything is written below that folder, as
 * for an image or a package; with `printOnly` nothing is written at all.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { exitCode } from "./exit.ts";
import { sample, samplePath } from "./install/sample.ts";
import {
  detectServiceManager,
  mark,
  type ServiceKind,
  type ServiceManager,
  serviceManagers,
} from "./install/service.ts";
import { complain, print } from "./output.ts";
import { selfCommand } from "./self.ts";

/** How to install. */
export interface InstallOptions {
  /** The folder below which everything is written. */
  readonly root?: string | undefined;
  /** The service manager, when the box is not to be asked. */
  readonly system?: ServiceKind | undefined;
  /** Print the service file instead of writing it. */
  readonly printOnly?: boolean | undefined;
  /** What the service starts, without the word `run`; this very program when not given. */
  readonly program?: readonly string[] | undefined;
  readonly print?: ((line: string) => void) | undefined;
  readonly complain?: ((line: string) => void) | undefined;
}

/** Installs the service; resolves with the exit code. */
export function runInstall(options: InstallOptions = {}): Promise<number> {
  const { root = "/" } = options;
  const tell = options.print ?? print;
  const object = options.complain ?? complain;
  const manager = options.system === undefined
    ? detectServiceManager(root)
    : serviceManagers.find(({ kind }) => kind === options.system);
  if (manager === undefined) {
    object(`Cannot tell which service manager is in charge below "${root}"`);
    object("Name it with --systemd, --openwrt or --openrc, or start `standin run` by other means");
    return Promise.resolve(exitCode.failed);
  }
  const program = options.program ?? ownProgram();
  const text = manager.render([...program, "run"]);
  if (options.printOnly === true) {
    tell(text.trimEnd());
    return Promise.resolve(exitCode.ok);
  }
  try {
    const written = writeService(root, manager, text);
    if (written === "foreign") {
      object(`Cannot write ${join(root, manager.file.path)}: it is there, and not from standin`);
      object("Move it away, or look at what would be written: standin install --print");
      return Promise.resolve(exitCode.failed);
    }
    tell(`${written} ${join(root, manager.file.path)} for ${manager.name}`);
    tell(`The service starts ${program.join(" ")}`);
    tellNext(manager, writeSample(root, tell), tell);
    return Promise.resolve(exitCode.ok);
  } catch (error) {
    object(`Cannot install: ${error instanceof Error ? error.message : String(error)}`);
    return Promise.resolve(exitCode.failed);
  }
}

function ownProgram(): string[] {
  const { command, args } = selfCommand();
  return [command, ...args];
}

type Written = "Wrote" | "Updated" | "Kept" | "foreign";

function writeService(root: string, manager: ServiceManager, text: string): Written {
  const path = join(root, manager.file.path);
  const old = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  if (old === text) return "Kept";
  if (old !== undefined && !old.includes(mark)) return "foreign";
  writeWhole(path, text, manager.file.mode);
  return old === undefined ? "Wrote" : "Updated";
}

/** Writes a file so that it is there as a whole or not at all. */
function writeWhole(path: string, text: string, mode: number): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.new`;
  try {
    writeFileSync(temporary, text, { mode });
    chmodSync(temporary, mode);
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

const keepalivedPath = "/etc/keepalived/keepalived.conf";

/** Writes the sample where there is no configuration; answers the path of what will be read. */
function writeSample(root: string, tell: (line: string) => void): string {
  if (existsSync(join(root, samplePath))) return samplePath;
  // A sample beside keepalived.conf would be read in its stead.
  if (existsSync(join(root, keepalivedPath))) {
    tell(`Left ${keepalivedPath} as it is; standin reads it while there is no ${samplePath}`);
    return keepalivedPath;
  }
  writeWhole(join(root, samplePath), sample, 0o600);
  tell(`Wrote ${join(root, samplePath)}, a sample that does nothing yet`);
  return samplePath;
}

function tellNext(
  manager: ServiceManager,
  configuration: string,
  tell: (line: string) => void,
): void {
  tell("");
  tell("Next:");
  if (configuration === keepalivedPath) tell("  stop keepalived, and keep it from starting again");
  else tell(`  edit ${configuration}`);
  tell("  standin check");
  for (const command of manager.startCommands) tell(`  ${command}`);
  tell("  standin status");
}
