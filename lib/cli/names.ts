/**
 * Names that can stand on a command line, for those who press Tab: what is asked of the daemon and
 * of the kernel is learned just before words are completed, and nothing is known otherwise. Any
 * other text is still taken: who is asked decides what there is.
 */
import type { Suggestion } from "@optique/core/parser";
import { string, type ValueParser } from "@optique/core/valueparser";

/** The shells that there are completions for. */
export const completedShells = ["bash", "zsh", "fish"] as const;

/** One of them. */
export type CompletedShell = typeof completedShells[number];

/** Kinds of names. */
export type NameKind =
  | "instance"
  | "group"
  | "tracker"
  | "session"
  | "real-server"
  | "virtual-server"
  | "interface"
  | "keyword";

/** The names that are known, by kind. */
export type KnownNames = Readonly<Partial<Record<NameKind, readonly string[]>>>;

let known: KnownNames = {};

/** From now on these names are suggested. */
export function learnNames(names: KnownNames): void {
  known = names;
}

/** A text for which the names of some kinds are suggested, and words that stand for themselves. */
export function named(
  metavar: "IFACE" | "INSTANCE" | "NAME" | "SERVER" | "VIRTUAL_SERVER",
  kinds: readonly NameKind[],
  besides: readonly string[] = [],
): ValueParser<"sync", string> {
  return {
    ...string({ metavar }),
    *suggest(prefix: string): Iterable<Suggestion> {
      const names = new Set([...kinds.flatMap((kind) => known[kind] ?? []), ...besides]);
      for (const text of names) if (text.startsWith(prefix)) yield { kind: "literal", text };
    },
  };
}
