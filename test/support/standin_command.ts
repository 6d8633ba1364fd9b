/**
 * The command under test: the words of STANDIN_COMMAND (a JSON array such as `["dist/standin"]`),
 * else the source under Bun.
 */
import process from "node:process";

/** The words that start it. */
export const standinCommand: readonly string[] = readCommand();

function readCommand(): string[] {
  const text = process.env["STANDIN_COMMAND"];
  if (text === undefined) return ["node_modules/.bin/bun", "main.ts"];
  const words: unknown = JSON.parse(text);
  if (!Array.isArray(words) || !words.every((word) => typeof word === "string")) {
    throw new Error(`STANDIN_COMMAND is no JSON array of words: ${text}`);
  }
  return words;
}
