/**
 * `standin check`: reads configurations as the daemon would and says all that is worth saying
 * about them. The exit code is that of the worst remark about any of the files.
 */
import { resolve } from "node:path";
import process from "node:process";
import {
  type Diagnostic,
  exitStatusOf,
  loadConfig,
  renderDiagnostic,
  type Severity,
} from "../config/mod.ts";
import { configEnvironment } from "../host/linux/config_files.ts";
import { print } from "./output.ts";
import { defaultConfigFile } from "./paths.ts";

/** What can be said about a check. */
export interface CheckArguments {
  readonly files: readonly string[];
  readonly configId: string | undefined;
  readonly json: boolean;
}

interface Checked {
  readonly file: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** `standin check`. */
export function runCheck({ files, configId, json }: CheckArguments): number {
  const paths = files.length === 0 ? [defaultConfigFile()] : files;
  const environment = configEnvironment(configId === undefined ? {} : { configId });
  const checked = paths.map((file): Checked => {
    const { diagnostics } = loadConfig(resolve(process.cwd(), file), environment);
    return { file, diagnostics };
  });
  const exitStatus = exitStatusOf(checked.flatMap(({ diagnostics }) => diagnostics));
  if (json) print(JSON.stringify({ exitStatus, files: checked }, null, 2));
  else for (const one of checked) print(renderChecked(one));
  return exitStatus;
}

function renderChecked({ file, diagnostics }: Checked): string {
  const remarks = diagnostics.map((diagnostic) => `${renderDiagnostic(diagnostic)}\n`);
  return [...remarks, `${file}: ${countRemarks(diagnostics)}`].join("\n");
}

/** `2 errors, 1 warning`. */
export function countRemarks(diagnostics: readonly Diagnostic[]): string {
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
