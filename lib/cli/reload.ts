/**
 * `standin reload`: the daemon reads its configuration again and says what is different. It
 * refuses a file with errors and goes on with what it had.
 */
import { renderDiagnostic } from "../config/mod.ts";
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
  else {
    for (const diagnostic of diagnosticsOf(body["diagnostics"])) {
      complain(renderDiagnostic(diagnostic));
    }
    if (applied) print(reloadedText(body));
    else complain("standin: reload refused, the daemon goes on with what it had");
  }
  return applied ? exitCode.ok : exitCode.configErrors;
}

/** What a reload did, and what of it is not done yet. */
export function reloadedText(answer: Readonly<Record<string, unknown>>): string {
  const [changes, stopping] = [texts(answer["changes"]), texts(answer["stopping"])];
  const waiting = stopping.join(", ");
  const head = answer["pending"] === true
    ? `Read, and in effect as soon as this has stopped: ${waiting}`
    : changes.length === 0
    ? "Reloaded, nothing is different"
    : "Reloaded:";
  const rest = answer["pending"] === true || waiting === "" ? [] : [`Still stopping: ${waiting}`];
  return [head, ...changes.map((change) => `  ${change}`), ...rest].join("\n");
}
