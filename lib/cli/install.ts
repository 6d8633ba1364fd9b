/**
 * `standin install`: makes standin a service of this box. It writes the service file of the
 * service manager that is in charge here, a sample configuration if there is none, and what man and
 * the shells are to know, and says what to type next; it starts nothing. With `root` everything is
 * written below that folder, as for an image or a package; with `printOnly` nothing is written.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { exitCode } from "./exit.ts";
import { doubtAbout } from "./install/place.ts";
import { documents } from "./install/documents.ts";
import { sample, samplePath } from "./install/sample.ts";
import {
  detectServiceManager,
  mark,
  type ServiceKind,
  type ServiceManager,
  serviceManagers,
} from "./install/service.ts";
import { writeWhole } from "./install/write_whole.ts";
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
  readonly json?: boolean | undefined;
  /** What the service starts, without the word `run`; this very program when not given. */
  readonly program?: readonly string[] | undefined;
  /** Where programs are looked for, when it is not PATH that says it. */
  readonly searched?: string | undefined;
  /** The version of the service manager, when the box is not to be asked. */
  readonly version?: number | undefined;
  readonly print?: ((line: string) => void) | undefined;
  readonly complain?: ((line: string) => void) | undefined;
}

/** What became of a file; what is not ours is left. */
type Outcome = "wrote" | "updated" | "kept" | "left";

/** A file with what became of it, and a remark for people. */
interface Installed {
  readonly path: string;
  readonly outcome: Outcome;
  readonly remark: string;
}

/** Installs the service; resolves with the exit code. */
export function runInstall(options: InstallOptions = {}): Promise<number> {
  const { root = "/", json = false } = options;
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
  // Another root is another box, which says nothing.
  const version = options.version ?? (root === "/" ? manager.version?.() : undefined);
  const text = manager.render(program, version);
  if (options.printOnly === true) {
    const { path, mode } = manager.file;
    tell(json ? JSON.stringify({ path, mode, text }, null, 2) : text.trimEnd());
    return Promise.resolve(exitCode.ok);
  }
  try {
    const service = writeOurs(root, manager.file, text);
    if (service === "left") {
      object(`Cannot write ${join(root, manager.file.path)}: it is there, and not from standin`);
      object("Move it away, or look at what would be written: standin install --print");
      return Promise.resolve(exitCode.failed);
    }
    const files: Installed[] = [
      { path: join(root, manager.file.path), outcome: service, remark: ` for ${manager.name}` },
      ...writeConfiguration(root),
      ...writeDocuments(root, manager),
    ];
    const next = nextCommands(manager, files);
    if (json) {
      const named = files.map(({ path, outcome }) => ({ path, outcome }));
      tell(JSON.stringify({ system: manager.kind, program, files: named, next }, null, 2));
    } else {
      tellAll(files, program, next, tell);
      const doubt = root === "/" || options.searched !== undefined
        ? doubtAbout(program, options.searched ?? process.env["PATH"])
        : undefined;
      if (doubt !== undefined) object(doubt);
    }
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

/** Writes a file unless somebody else's is there. */
function writeOurs(
  root: string,
  { path, mode }: { readonly path: string; readonly mode: number },
  text: string,
): Outcome {
  const place = join(root, path);
  const old = existsSync(place) ? readFileSync(place, "utf8") : undefined;
  if (old === text) return "kept";
  if (old !== undefined && !old.includes(mark)) return "left";
  writeWhole(place, text, mode);
  return old === undefined ? "wrote" : "updated";
}

const keepalivedPath = "/etc/keepalived/keepalived.conf";

/** Writes the sample where there is no configuration. */
function writeConfiguration(root: string): Installed[] {
  if (existsSync(join(root, samplePath))) return [];
  // A sample beside keepalived.conf would be read in its stead.
  if (existsSync(join(root, keepalivedPath))) {
    const remark = ` as it is; standin reads it while there is no ${samplePath}`;
    return [{ path: keepalivedPath, outcome: "left", remark }];
  }
  const path = join(root, samplePath);
  writeWhole(path, sample, 0o600);
  return [{ path, outcome: "wrote", remark: ", a sample that does nothing yet" }];
}

function writeDocuments(root: string, { hasManual }: ServiceManager): Installed[] {
  if (!hasManual) return [];
  return documents(mark).map(({ path, what, text }) => {
    const outcome = writeOurs(root, { path, mode: 0o644 }, text);
    return { path: join(root, path), outcome, remark: `, ${what}` };
  });
}

function nextCommands(manager: ServiceManager, files: readonly Installed[]): string[] {
  const replaces = files.some(({ path }) => path === keepalivedPath);
  const isNew = files.some(({ path }) => path.endsWith(samplePath));
  return [
    ...(replaces ? ["stop keepalived, and keep it from starting again"] : []),
    ...(isNew ? [`edit ${samplePath}`] : []),
    "standin check",
    ...manager.startCommands,
    "standin status",
  ];
}

function tellAll(
  files: readonly Installed[],
  program: readonly string[],
  next: readonly string[],
  tell: (line: string) => void,
): void {
  for (const { path, outcome, remark } of files) {
    tell(`${outcome.charAt(0).toUpperCase()}${outcome.slice(1)} ${path}${remark}`);
  }
  tell(`The service starts ${program.join(" ")}`);
  tell("");
  tell("Next:");
  for (const command of next) tell(`  ${command}`);
}
