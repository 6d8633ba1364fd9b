/**
 * `standin explain keyword NAME`: what a keyword means, how it is written, what holds without it,
 * since when keepalived has it, where it may stand and how far standin is with it. A keyword that
 * stands in several blocks is told once for each meaning that it has. `standin explain INSTANCE`
 * has a file of its own.
 */
import { suggest } from "../base/mod.ts";
import {
  entries,
  type Entry,
  exampleOf,
  formText,
  optionsOf,
  placeOf,
  standingOf,
} from "../config/reference.ts";
import type { CommandLine } from "./command_line.ts";
import { exitCode } from "./exit.ts";
import { complain, print } from "./output.ts";

/** One meaning of a keyword and all places where it has it. */
interface Meaning extends Entry {
  readonly places: readonly string[];
}

/** Explains, or says what is not known; resolves with the exit code. */
export async function runExplain(
  command: Extract<CommandLine, { kind: "explain" }>,
): Promise<number> {
  const { what, name, runDir, json } = command;
  if (name === undefined) {
    return await (await import("./explain_instance.ts")).runExplainInstance(what, runDir, json);
  }
  if (what !== "keyword") {
    complain(`standin explain: expected one INSTANCE or "keyword NAME", not "${what} ${name}"`);
    return exitCode.usage;
  }
  return explainKeyword(name, json);
}

function explainKeyword(name: string, json: boolean): number {
  const all = entries();
  const meanings = meaningsOf(all.filter(({ keyword }) => keyword === name));
  if (meanings.length === 0) {
    const hint = suggest(name, all.map(({ keyword }) => keyword)) ?? "docs/keywords.md lists all";
    complain(`standin explain: there is no keyword "${name}" (${hint})`);
    return exitCode.failed;
  }
  if (json) print(JSON.stringify(meanings.map(recordOf), null, 2));
  else print(meanings.map(describeMeaning).join("\n\n"));
  return exitCode.ok;
}

function meaningsOf(found: readonly Entry[]): Meaning[] {
  const meanings = new Map<string, Meaning>();
  for (const entry of found) {
    const { argument, help, default: usual } = entry.info;
    const key = [argument, help, usual].join("\n");
    const places = [...meanings.get(key)?.places ?? [], placeOf(entry.path)];
    meanings.set(key, { ...meanings.get(key) ?? entry, places });
  }
  return [...meanings.values()];
}

function recordOf(meaning: Meaning): object {
  const { keyword, info, places } = meaning;
  const options = optionsOf(meaning);
  const { help, default: usual, since, standing, instead } = info;
  return {
    keyword,
    form: formText(info),
    ...(options.length === 0 ? {} : { options }),
    help,
    ...(usual === "-" ? {} : { default: usual }),
    since,
    ...(instead === undefined ? {} : { instead }),
    places,
    standing: standing.kind,
    standingText: standingOf(info),
    example: exampleOf(meaning),
  };
}

function describeMeaning(meaning: Meaning): string {
  const { keyword, info, places } = meaning;
  const options = optionsOf(meaning);
  const form = formText(info);
  const { help, default: usual, since, instead } = info;
  const rows = [
    ["stands", places.join("; ")],
    ...(options.length === 0 ? [] : [["options", options.join("; ")]]),
    ...(usual === "-" ? [] : [["default", usual]]),
    ["since", sinceText(since)],
    ...(instead === undefined ? [] : [["out of use", `write ${instead} instead`]]),
    ["standing", standingOf(info)],
    ["example", exampleOf(meaning)],
  ];
  const lines = rows.map(([name = "", text = ""]) => `  ${name.padEnd(11)}${text}`);
  return [`${keyword}${form === "" ? "" : ` ${form}`}`, `  ${help}`, ...lines].join("\n");
}

function sinceText(since: string): string {
  if (since === "standin") return "a keyword of standin's own";
  return since === "2.2.7" ? "keepalived 2.2.7 or older" : `keepalived ${since}`;
}
