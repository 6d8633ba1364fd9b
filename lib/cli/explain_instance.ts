/**
 * `standin explain INSTANCE`: asks the running daemon why a virtual router is what it is.
 */
import { suggest } from "../base/mod.ts";
import { askEvents, mergeEvents, readEventFile } from "./event_file.ts";
import { causeLines, localTime, scriptLines } from "./event_text.ts";
import { explainInstance } from "./explanation.ts";
import { renderExplanation } from "./explanation_text.ts";
import { exitCode } from "./exit.ts";
import { columns, complain, print, wantsColours } from "./output.ts";
import { defaultRunDir } from "./paths.ts";
import { askSnapshot } from "./snapshot.ts";

/** Explains, or says what is not known; resolves with the exit code. */
export async function runExplainInstance(
  name: string,
  runDir: string | undefined,
  json: boolean,
): Promise<number> {
  const asked = await askSnapshot(runDir);
  if (!asked.ok) return asked.error;
  const { instances } = asked.value;
  const found = instances.find((instance) => instance.name === name);
  if (found === undefined) {
    complain(`standin explain: there is no instance "${name}" (${await hint(name, instances)})`);
    return exitCode.failed;
  }
  const moves = await movesOf(name, runDir ?? defaultRunDir);
  const explanation = { ...explainInstance(asked.value, found), moves };
  const look = { now: Date.now(), columns: columns(), colours: wantsColours() };
  print(json ? JSON.stringify(explanation, null, 2) : renderExplanation(explanation, look));
  return exitCode.ok;
}

const movesShown = 5;

/**
 * The latest transitions, the last one first, each in lines with what led to it, and with the
 * scripts that were told of it.
 */
async function movesOf(name: string, runDir: string): Promise<readonly string[]> {
  const asked = await askEvents(runDir);
  if (!asked.ok) return [];
  const { file, events } = asked.value;
  const known = mergeEvents(readEventFile(file), events);
  const moves = known.filter(({ event, instance }) => event === "transition" && instance === name);
  return moves.slice(-movesShown).reverse().flatMap((move) => [
    `${localTime(move.time)}  ${move.message.replace(`${name}: `, "")}`,
    ...causeLines(move, known).map((line) => `  ${line}`),
    ...scriptLines(move, known).map((line) => `  ${line}`),
  ]);
}

async function hint(
  typed: string,
  instances: readonly { readonly name: string }[],
): Promise<string> {
  const names = instances.map(({ name }) => name);
  const similar = suggest(typed, names);
  if (similar !== undefined) return similar;
  const { entries } = await import("../config/reference.ts");
  const isKeyword = entries().some(({ keyword }) => keyword === typed);
  if (isKeyword) return `did you mean "standin explain keyword ${typed}"?`;
  return names.length === 0 ? "the daemon has none" : '"standin status" lists all';
}
