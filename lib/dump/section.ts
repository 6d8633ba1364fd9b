/**
 * Dumps come in pieces: each is made when it is asked for, so that whoever writes a large one can
 * do other things in between.
 */

/** A part of a file, made of blocks of lines; nothing where there is nothing in it. */
export function* section(
  title: string,
  blocks: Iterable<readonly string[]>,
): Generator<string, void> {
  let head = `------< ${title} >------\n`;
  for (const lines of blocks) {
    if (lines.length === 0) continue;
    yield `${head}${lines.join("\n")}\n`;
    head = "";
  }
}

/** The blocks of what a list has, each made when it is asked for. */
export function* each<T>(
  list: readonly T[],
  linesOf: (one: T) => readonly string[],
): Generator<readonly string[], void> {
  for (const one of list) yield linesOf(one);
}

/** All pieces at once. */
export function whole(pieces: Iterable<string>): string {
  return [...pieces].join("");
}
