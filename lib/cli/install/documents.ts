/**
 * What makes man and the shells of a box know standin: the manual page and completions, at places
 * where all of them look. Each carries the mark of an installed file, so that nobody else's is
 * written over or removed.
 */
import { completionScript } from "../completion.ts";
import { manualPage } from "../manual.ts";
import { renderRoff } from "../roff.ts";

/** A file with what it is. */
export interface Document {
  readonly path: string;
  readonly what: string;
  readonly text: string;
}

const share = "/usr/local/share";

/** Where the documents lie; they are made by `documents`. */
export const documentPaths: readonly string[] = [
  `${share}/man/man8/standin.8`,
  `${share}/bash-completion/completions/standin`,
  `${share}/zsh/site-functions/_standin`,
  `${share}/fish/vendor_completions.d/standin.fish`,
];

/** All of them; the mark stands in a comment at the end, for the first line belongs to zsh. */
export function documents(mark: string): Document[] {
  const [man = "", bash = "", zsh = "", fish = ""] = documentPaths;
  const completion = { bash, zsh, fish };
  const page = `${renderRoff(manualPage())}\n.\\" ${mark}\n`;
  const shells = (["bash", "zsh", "fish"] as const).map((shell) => ({
    path: completion[shell],
    what: `completion for ${shell}`,
    text: `${completionScript(shell).trim()}\n# ${mark}\n`,
  }));
  return [{ path: man, what: "the manual page", text: page }, ...shells];
}
