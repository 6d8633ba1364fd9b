/**
 * `standin convert`: keepalived.conf as JSON, or JSON as keepalived.conf. What the file includes is
 * taken in, and what stands for something else is replaced by it; only comments are lost.
 */
import { resolve } from "node:path";
import process from "node:process";
import { convertConfig, type Language } from "../config/convert.ts";
import { exitStatusOf, renderDiagnostic } from "../config/mod.ts";
import { configEnvironment } from "../host/linux/config_files.ts";
import { forPrograms } from "./diagnostic_json.ts";
import { exitCode } from "./exit.ts";
import { complain, print } from "./output.ts";
import { replaceFile } from "./replace_file.ts";

/** What can be said about a conversion. */
export interface ConvertArguments {
  readonly file: string;
  /** The language to convert to; the other one if absent. */
  readonly to: Language | undefined;
  /** Where to write; standard output if absent. */
  readonly output: string | undefined;
  readonly configId: string | undefined;
  readonly json: boolean;
}

/** `standin convert`. */
export function runConvert(words: ConvertArguments): number {
  const { file, to, output, configId, json } = words;
  const language = to ?? (/\.jsonc?$/.test(file) ? "conf" : "json");
  const environment = configEnvironment(configId === undefined ? {} : { configId });
  const path = resolve(process.cwd(), file);
  const converted = convertConfig(path, language, environment);
  const diagnostics = converted.ok ? converted.value.diagnostics : converted.error;
  const text = converted.ok ? converted.value.text : undefined;
  const exitStatus = text === undefined ? exitStatusOf(diagnostics) : exitCode.ok;
  const isPrinted = output === undefined || output === "-";
  if (text !== undefined && !isPrinted) replaceFile(output, new TextEncoder().encode(text));
  if (json) {
    const remarks = diagnostics.map((diagnostic) => forPrograms(diagnostic, path));
    const shown = isPrinted ? { text: text ?? null } : { output };
    print(JSON.stringify({ exitStatus, language, ...shown, diagnostics: remarks }, null, 2));
    return exitStatus;
  }
  for (const diagnostic of diagnostics) complain(renderDiagnostic(diagnostic));
  if (text !== undefined && isPrinted) print(text.replace(/\n$/, ""));
  return exitStatus;
}
