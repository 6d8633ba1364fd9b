/**
 * What of a file only the machine that runs it can judge: whether its PCRE2 takes a pattern,
 * whether TLS can do with the files of `SSL`, whether a token is a secret. Nothing of that is
 * loaded for files without any.
 */
import type { HttpPlan, TlsPlan } from "../check/mod.ts";
import { lastIn } from "./block_value.ts";
import { unescapePattern } from "./build_http.ts";
import { inOrder, type Loaded } from "./load.ts";
import { describe, type Statement } from "./parse.ts";
import { Report } from "./report.ts";

/** Who judges; each answers what is wrong, as the end of a sentence. */
export interface CheckMachine {
  patternProblem(text: string, options: readonly string[]): string | undefined;
  /** A file by itself, or the file and all that go with it. */
  tlsProblem(plan: TlsPlan): string | undefined;
  tokenProblem(path: string): string | undefined;
}

/** Whether there is anything to judge. */
export function needsMachine({ model }: Loaded): boolean {
  if (model?.global.statusTokenFile !== undefined) return true;
  for (const { subject } of model?.checks ?? []) {
    if (subject.kind === "http" && needsMachineFor(subject)) return true;
  }
  return false;
}

function needsMachineFor({ tls = {}, urls }: HttpPlan): boolean {
  return Object.keys(tls).length > 0 || urls.some(({ pattern }) => pattern !== undefined);
}

/** The same with what the machine says of it. */
export function judgedBy<L extends Loaded>(loaded: L, path: string, machine: CheckMachine): L {
  const report = new Report();
  for (const block of loaded.statements) {
    if (block.name === "virtual_server") judgePatterns(block, machine, report);
  }
  judgeToken(loaded.statements.findLast(({ name }) => name === tokenFile), machine, report);
  judgeTls(loaded.statements.filter(({ name }) => name === "SSL"), machine, report);
  const diagnostics = inOrder([...loaded.diagnostics, ...report.diagnostics()], path);
  return { ...loaded, diagnostics };
}

function judgePatterns(block: Statement, machine: CheckMachine, report: Report): void {
  for (const server of block.children ?? []) {
    if (server.name !== "real_server") continue;
    for (const checker of server.children ?? []) {
      if (checker.name !== "HTTP_GET" && checker.name !== "SSL_GET") continue;
      for (const url of checker.children ?? []) {
        const statement = url.name === "url" ? lastIn(url, "regex") : undefined;
        if (statement === undefined) continue;
        const options = lastIn(url, "regex_options")?.words ?? [];
        const problem = machine.patternProblem(unescapePattern(statement.rest.text), options);
        if (problem === undefined) continue;
        const message = `Cannot use regex for ${checker.name} of ${describe(server)}: ${problem}`;
        report.error("bad-value", statement.place, message);
      }
    }
  }
}

const tokenFile = "status_token_file";

function judgeToken(
  statement: Statement | undefined,
  machine: CheckMachine,
  report: Report,
): void {
  const path = statement?.words[0];
  if (statement === undefined || path === undefined) return;
  const problem = machine.tokenProblem(path);
  if (problem === undefined) return;
  report.error("token-file", statement.place, `Cannot use ${tokenFile} "${path}": ${problem}`);
}

const words = [["ca", "authorities"], ["certificate", "certificate"], ["key", "key"]] as const;

/** keepalived says nothing before the check runs: the files may be there by then. */
function judgeTls(blocks: readonly Statement[], machine: CheckMachine, report: Report): void {
  const last = (keyword: string): Statement | undefined =>
    blocks.map((block) => lastIn(block, keyword)).findLast((found) => found !== undefined);
  const password = last("password")?.words[0];
  let plan: TlsPlan = password === undefined ? {} : { password };
  for (const [keyword, part] of words) {
    const statement = last(keyword);
    const path = statement?.words[0];
    if (statement === undefined || path === undefined) continue;
    // With those before it: a key must be that of the certificate.
    const next = { ...plan, [part]: path };
    const problem = machine.tlsProblem(next);
    if (problem === undefined) plan = next;
    else {
      const message = `Cannot use ${keyword} "${path}" for SSL now, so SSL_GET would fail: ` +
        problem;
      report.warning("tls-file", statement.place, message);
    }
  }
}
