/**
 * What stands between the braces of a block, apart from where it stands. Real servers by the
 * thousand say the same line by line: such blocks share one body, and what is found out about the
 * inside of one holds for the others. Only blocks of the same path share anything.
 */
import type { Phrase } from "./wording.ts";

/** The statements of a block, as a chain that ends with the last. */
export class Body {
  /** Whether nothing was to be said about it. */
  isRight: boolean;
  /** The words after the last statement of each keyword, once somebody asked. */
  words: ReadonlyMap<string, readonly string[]> | undefined;
  readonly #last: Phrase | undefined;
  readonly #inside: Body | undefined;
  /** The body with one more statement that was asked for last. */
  #longer: Body | undefined;

  constructor(last?: Phrase, inside?: Body) {
    this.isRight = false;
    this.words = undefined;
    this.#last = last;
    this.#inside = inside;
    this.#longer = undefined;
  }

  /** The body with one more statement, which may be a block itself. */
  with(phrase: Phrase, inside?: Body): Body {
    const longer = this.#longer;
    if (longer !== undefined && longer.#last === phrase && longer.#inside === inside) return longer;
    return this.#longer = new Body(phrase, inside);
  }
}
