/**
 * `standin check`: reads configurations as the daemon would and says all that is worth saying
 * about them. Several files are the nodes of one cluster and are compared with each other, too;
 * at most one of them is for this machine, so its interfaces are then not looked at. The exit code
 * is that of the worst remark.
 */
import { networkInterfaces } from "node:os";
import { resolve } from "node:path";
import process from "node:process";
import { type IpPrefix, parsePrefix } from "../base/mod.ts";
import {
  compareNodes,
  lintConfig,
  type Linted,
  type Machine,
  unknownMachine,
} from "../config/lint/mod.ts";
import {
  type Diagnostic,
  exitStatusOf,
  refusesReload,
  renderDiagnostic,
  type Severity,
} from "../config/mod.ts";
import { configEnvironment } from "../host/linux/config_files.ts";
import { forPrograms } from "./diagnostic_json.ts";
import { judged } from "./judged.ts";
import { print } from "./output.ts";
import { defaultConfigFile } from "./paths.ts";

/** What can be said about a check. */
export interface CheckArguments {
  readonly files: readonly string[];
  readonly configId: string | undefined;
  /** Config-ids of nodes that share each file, with commas between. */
  readonly as: string | undefined;
  readonly json: boolean;
}

interface Checked extends Linted {
  /** As the person named it. */
  readonly file: string;
  readonly path: string;
}

/** `standin check`. */
export async function runCheck(
  { files, configId, as, json }: CheckArguments,
): Promise<number> {
  const ids = as?.split(",").map((id) => id.trim()).filter((id) => id !== "") ?? [configId];
  const checked = await readAll(files.length === 0 ? [defaultConfigFile()] : files, ids);
  const cluster = checked.length < 2
    ? undefined
    : compareNodes(checked.map(({ file, subject }) => ({ file, subject })));
  const all = [...checked.flatMap(({ diagnostics }) => diagnostics), ...cluster ?? []];
  const exitStatus = exitStatusOf(all);
  if (json) {
    const nodes = checked.map(({ file, path, diagnostics }) => {
      return { file, diagnostics: diagnostics.map((one) => forPrograms(one, path)) };
    });
    const between = cluster?.map((one) => forPrograms(one, checked[0]?.path ?? ""));
    const whole = { exitStatus, files: nodes, ...(between && { cluster: between }) };
    print(JSON.stringify(whole, null, 2));
    return exitStatus;
  }
  const told = new Set<string>();
  for (const { file, diagnostics } of checked) print(renderRemarks(file, diagnostics, told));
  if (cluster !== undefined) print(renderRemarks(`${checked.length} nodes together`, cluster));
  if (checked.some(onlyStarts)) {
    print("A start works, without what is an error; a reload is refused.");
  }
  return exitStatus;
}

/** Each file as each node has it; `undefined` is the node that this machine is. */
async function readAll(
  files: readonly string[],
  ids: readonly (string | undefined)[],
): Promise<Checked[]> {
  const known = configEnvironment();
  const alone = files.length * ids.length === 1;
  const machine = alone ? thisMachine() : unknownMachine;
  const all = files.flatMap((file) =>
    ids.map((configId): Checked => {
      const environment = { ...known, configId, ...(alone ? {} : { interfaces: undefined }) };
      const path = resolve(process.cwd(), file);
      const name = ids.length === 1 ? file : `${file} as ${configId}`;
      return { ...lintConfig(path, environment, machine), file: name, path };
    })
  );
  return alone ? await Promise.all(all.map((one) => judged(one, one.path))) : all;
}

/** The addresses of the interfaces that have any. */
function thisMachine(): Machine {
  const addresses = new Map<string, IpPrefix[]>();
  for (const [name, known = []] of Object.entries(networkInterfaces())) {
    addresses.set(name, known.flatMap(({ cidr }) => parsePrefix(cidr ?? "") ?? []));
  }
  return { addresses };
}

/** Whether a daemon starts with a file that it would not take while it runs. */
function onlyStarts({ diagnostics }: Checked): boolean {
  return diagnostics.some(refusesReload) && diagnostics.every((one) => one.severity !== "fatal");
}

/** Remarks and their count; what was told of another node already is not told again. */
function renderRemarks(
  title: string,
  diagnostics: readonly Diagnostic[],
  told: Set<string> = new Set(),
): string {
  const all = diagnostics.map((diagnostic) => `${renderDiagnostic(diagnostic)}\n`);
  const remarks = all.filter((remark) => !told.has(remark));
  for (const remark of remarks) told.add(remark);
  const again = all.length === remarks.length ? "" : `, ${all.length - remarks.length} as above`;
  return [...remarks, `${title}: ${countRemarks(diagnostics)}${again}`].join("\n");
}

/** `2 errors, 1 warning`. */
function countRemarks(diagnostics: readonly Diagnostic[]): string {
  const words: readonly (readonly [Severity, string, string])[] = [
    ["fatal", "fatal error", "fatal errors"],
    ["security", "insecure script", "insecure scripts"],
    ["error", "error", "errors"],
    ["warning", "warning", "warnings"],
  ];
  const counts = words.flatMap(([severity, one, many]) => {
    const count = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  return counts.length === 0 ? "no problems found" : counts.join(", ");
}
