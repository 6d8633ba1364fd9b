/**
 * `standin reload`: the daemon reads its configuration again and says what is different. It
 * refuses a file with errors and goes on with what it had.
 */
import { type Diagnostic, renderDiagnostic } from "../config/mod.ts";
import { askAndWait, complainAbout } from "./control.ts";
import { exitCode } from "./exit.ts";
import { diagnosticsOf, errorText, isRecord, texts } from "./json.ts";
import { complain, print } from "./output.ts";
import { defaultRunDir } from "./paths.ts";

/** What can be said about a reload. */
export interface ReloadArguments {
  readonly runDir: string | undefined;
  readonly json: boolean;
}

/** `standin reload`. */
export async function runReload({ runDir, json }: ReloadArguments): Promise<number> {
  const asked = await askAndWait(runDir ?? defaultRunDir, "POST", "/reload");
  if (!asked.ok) return complainAbout(asked.error);
  const { status, body } = asked.value;
  if (!isRecord(body) || typeof body["applied"] !== "boolean") {
    complain(`standin: the daemon did not reload: ${errorText(status, body)}`);
    return exitCode.failed;
  }
  const applied = body["applied"];
  if (json) print(JSON.stringify(body, null, 2));
  else report(applied, texts(body["changes"]), diagnosticsOf(body["diagnostics"]));
  return applied ? exitCode.ok : exitCode.configErrors;
}

function report(
  applied: boolean,
  changes: readonly string[],
  diagnostics: readonly Diagnostic[],
): void {
  for (const diagnostic of diagnostics) complain(renderDiagnostic(diagnostic));
  if (!applied) complain("standin: reload refused, the daemon goes on with what it had");
  else if (changes.length === 0) print("Reloaded, nothing is different");
  else print(["Reloaded:", ...changes.map((change) => `  ${change}`)].join("\n"));
}
