/**
 * How a person would call this program from where they stand.
 */
import { basename, delimiter, dirname, relative } from "node:path";
import process from "node:process";
import { selfCommand } from "../self.ts";

/** The words that start it, as short as they can be. */
export function programName(): string {
  const { command, args } = selfCommand();
  if (args.length === 0) return shortenProgram(command);
  return [basename(command).replace(/\.exe$/, ""), ...args.map(shortenPath)].join(" ");
}

function shortenProgram(path: string): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  if (folders.includes(dirname(path))) return basename(path);
  const short = shortenPath(path);
  return short.includes("/") ? short : `./${short}`;
}

function shortenPath(word: string): string {
  if (!word.startsWith("/")) return word;
  const path = relative(process.cwd(), word);
  return path.startsWith("..") ? word : path;
}
