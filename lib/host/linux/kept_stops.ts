/**
 * How resources are stopped when the daemon was killed: a script of the shell beside the list of
 * held addresses, which the crash guard runs. It is written anew whenever something is started or
 * stopped; the first attempt that ends well counts.
 */
import { type CommandPlan, inSeconds } from "../../base/mod.ts";
import type { KeptStop } from "../../engine/mod.ts";
import type { RunFiles } from "./run_files.ts";

/** timeout(1) is not everywhere; without it an attempt takes as long as it takes. */
const head = `limited() {
  if command -v timeout > /dev/null; then timeout -k 2 "$@"; else shift; "$@"; fi
}
as() {
  user="$1"; group="$2"; shift 2
  if command -v setpriv > /dev/null; then
    setpriv --reuid "$user" --regid "$group" --clear-groups "$@"
  else su -s /bin/sh "$user" -c '"$0" "$@"' -- "$@"; fi
}
`;

/** The script of one daemon. */
export class KeptStops {
  readonly #path: string;
  readonly #files: RunFiles;
  readonly #owners = new Map<string, readonly KeptStop[]>();

  constructor(path: string, files: RunFiles) {
    this.#path = path;
    this.#files = files;
  }

  /** Keeps what an owner has, in place of what it had before. */
  keep(owner: string, stops: readonly KeptStop[]): void {
    if (stops.length === 0) this.#owners.delete(owner);
    else this.#owners.set(owner, stops);
    if (this.#owners.size === 0) this.#files.remove(this.#path);
    else this.#files.write(this.#path, renderStops(this.#owners.values()));
  }
}

/** The script; owners stop side by side, because they do not depend on each other. */
function renderStops(owners: Iterable<readonly KeptStop[]>): string {
  const parts = Array.from(owners, (stops) => {
    const lines = stops.map(({ attempts, timeout }) => {
      const limit = Math.ceil(inSeconds(timeout));
      const tries = attempts.flatMap((command) => lineOf(command, limit));
      return `  ${tries.join(" || ")}\n`;
    });
    return `(\n${lines.join("")}) &\n`;
  });
  return `${head}${parts.join("")}wait\n`;
}

function lineOf(command: CommandPlan, limit: number): string[] {
  if (command.kind !== "run") return [];
  const { path, words, identity } = command;
  const [, ...rest] = words;
  const said = [path, ...rest].map(quoted).join(" ");
  if (identity === undefined || identity.uid === 0) return [`limited ${limit} ${said}`];
  return [`as ${identity.uid} ${identity.gid} ${said}`];
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
