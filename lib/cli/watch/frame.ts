/**
 * What a watched text looks like on a screen of a given size: a note about the daemon in front of
 * it when there is something to say, then as many lines as fit, and where in the text they are when
 * not all do. Pure, so that tests can look at every line.
 */

/** How many rows and columns there are. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What is to be seen. */
export interface View extends Size {
  /** Stands still at the top. */
  readonly note: readonly string[];
  readonly lines: readonly string[];
  /** How far down in the lines the reader wants to be. */
  readonly offset: number;
}

/** The rows of the screen, no more than it has, and how far down it really is. */
export function frameOf({ note, lines, offset, rows }: View): {
  readonly rows: readonly string[];
  readonly offset: number;
} {
  const room = Math.max(1, rows - note.length);
  if (lines.length <= room) return { rows: [...note, ...lines].slice(0, rows), offset: 0 };
  const shown = Math.max(1, room - 1);
  const start = Math.max(0, Math.min(offset, lines.length - shown));
  const place = `lines ${start + 1} to ${start + shown} of ${lines.length}` +
    " (arrows, PgUp, PgDn; q ends)";
  return {
    rows: [...note, ...lines.slice(start, start + shown), place].slice(0, rows),
    offset: start,
  };
}

/** What a key does. */
export type Act =
  | { readonly kind: "end" | "suspend" | "redraw" }
  /** Down by so many lines; infinite is the end. */
  | { readonly kind: "move"; readonly lines: number };

const acts: Readonly<Record<string, (page: number) => Act>> = {
  q: () => ({ kind: "end" }),
  "\x03": () => ({ kind: "end" }),
  "\x1a": () => ({ kind: "suspend" }),
  "\x0c": () => ({ kind: "redraw" }),
  "\x1b[A": () => ({ kind: "move", lines: -1 }),
  "\x1b[B": () => ({ kind: "move", lines: 1 }),
  k: () => ({ kind: "move", lines: -1 }),
  j: () => ({ kind: "move", lines: 1 }),
  "\x1b[5~": (page) => ({ kind: "move", lines: -page }),
  "\x1b[6~": (page) => ({ kind: "move", lines: page }),
  b: (page) => ({ kind: "move", lines: -page }),
  " ": (page) => ({ kind: "move", lines: page }),
  "\x1b[H": () => ({ kind: "move", lines: -Infinity }),
  "\x1b[F": () => ({ kind: "move", lines: Infinity }),
  g: () => ({ kind: "move", lines: -Infinity }),
  G: () => ({ kind: "move", lines: Infinity }),
};

/** The act of a key, as the terminal sends it; `undefined` for keys that do nothing. */
export function actOf(key: string, rows: number): Act | undefined {
  return Object.hasOwn(acts, key) ? acts[key]?.(Math.max(1, rows - 2)) : undefined;
}
