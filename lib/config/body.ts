/**
 * What stands between the braces of a block, apart from where it stands. Real servers by the
 * thousand say the same line by line: such blocks share one body, and what is found out about the
 * inside of one holds for the others. Only blocks of the same path share anything.
 */

/** What was found out about the inside of a block. */
export class Body {
  /** Whether nothing was to be said about it. */
  isRight: boolean;
  /** The words after the last statement of each keyword, once somebody asked. */
  words: ReadonlyMap<string, readonly string[]> | undefined;

  constructor() {
    this.isRight = false;
    this.words = undefined;
  }
}
