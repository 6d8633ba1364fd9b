/**
 * `standin convert`: keepalived.conf as JSON, or JSON as keepalived.conf. What the file includes is
 * taken in, and what stands for something else is replaced by it; only comments are lost.
 */
import { resolve } from "node:path";
import process from "node:process";
import { convertConfig, type Language } from "../config/convert.ts";
import { exitStatusOf, renderDiagnostic } from "../config/mod.ts";
import { configEnvironment } from "../host/linux/config_files.ts";
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
}

/** `standin convert`. */
export function runConvert({ file, to, output, configId }: ConvertArguments): number {
  const language = to ?? (/\.jsonc?$/.test(file) ? "conf" : "json");
  const environment = configEnvironment(configId === undefined ? {} : { configId });
  const converted = convertConfig(resolve(process.cwd(), file), language, environment);
  const diagnostics = converted.ok ? converted.value.diagnostics : converted.error;
  for (const diagnostic of diagnostics) complain(renderDiagnostic(diagnostic));
  if (!converted.ok) return exitStatusOf(diagnostics);
  const { text } = converted.value;
  if (output === undefined || output === "-") print(text.replace(/\n$/, ""));
  else replaceFile(output, new TextEncoder().encode(text));
  return exitCode.ok;
}
