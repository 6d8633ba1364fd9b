/**
 * What stands between the braces of a block, apart from where it stands. Real servers by the
 * thousand say the same line by line: such blocks share one body, and what is found out about the
 * inside of one holds for the others. Only blocks of the same path share anything.
 */

/** The last statement of each keyword of a block: which one it is, and the words that follow. */
export type LastWords = ReadonlyMap<
  string,
  { readonly at: number; readonly words: readonly string[] }
>;

/** What was found out about the inside of a block. */
export class Body {
  /** Whether nothing was to be said about it. */
  isRight: boolean;
  /** The last statement of each keyword, once somebody asked. */
  last: LastWords | undefined;

  constructor() {
    this.isRight = false;
    this.last = undefined;
  }
}
