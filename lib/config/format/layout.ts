/**
 * The look of a formatted file: four blanks for each open block, a brace on the line of its
 * keyword, at most one blank line in a row and none inside the edges of a block. A line that would
 * grow over the limit of keepalived's reader gets less indentation instead.
 */
import { LINE_BYTES_MAX } from "../limits.ts";
import type { Piece, SourceItem } from "./source_item.ts";
import { isSeenBy, type View } from "./view.ts";

const INDENT = 4;

type Statements = Extract<SourceItem, { kind: "statements" }>;

/** The text of the items; `views` are the hosts for which the braces go together. */
export function layOut(items: readonly SourceItem[], views: readonly View[]): string {
  const page = new Page(views);
  for (const item of moveBraces(items)) page.take(item);
  return page.text();
}

/** A brace that opens a block comes up to its keyword, over comments and blank lines. */
function moveBraces(items: readonly SourceItem[]): SourceItem[] {
  const moved: SourceItem[] = [];
  /** Where the last line is that is no comment. */
  let head = -1;
  for (const item of items) {
    const keyword = moved[head];
    const joins = keyword?.kind === "statements" && item.kind === "statements" &&
      takesBrace(keyword, item);
    if (joins) moved.splice(head, 1, withBrace(keyword));
    moved.push(...(joins ? withoutBrace(item) : [item]));
    const last = moved.at(-1);
    if (last?.kind === "statements" || last?.kind === "continued") head = moved.length - 1;
  }
  return moved;
}

function takesBrace(keyword: Statements, item: Statements): boolean {
  const last = keyword.pieces.at(-1);
  if (keyword.whole || item.whole || last === undefined || item.pieces[0]?.text !== "{") {
    return false;
  }
  const isHead = last.delta === 0 && last.closes === 0 && !/\$(?:\w+|\{[^{}]*\})$/.test(last.text);
  return isHead && keyword.conditions.join() === item.conditions.join();
}

function withBrace(item: Statements): Statements {
  const pieces = item.pieces.map((piece, index): Piece => {
    if (index < item.pieces.length - 1) return piece;
    return { text: `${piece.text} {`, closes: 0, delta: 1 };
  });
  return { ...item, pieces };
}

function withoutBrace(item: Statements): SourceItem[] {
  const pieces = item.pieces.slice(1);
  if (pieces.length > 0) return [{ ...item, pieces }];
  return item.comment === "" ? [] : [{ kind: "comment", text: item.comment }];
}

class Page {
  readonly #encoder = new TextEncoder();
  readonly #lines: string[] = [];
  readonly #depths: Map<View, number>;
  /** Depth inside the definition of several lines that is being laid out. */
  #inDefinition = 0;
  #blank = false;
  #justOpened = true;

  constructor(views: readonly View[]) {
    this.#depths = new Map(views.map((view) => [view, 0]));
  }

  take(item: SourceItem): void {
    switch (item.kind) {
      case "blank":
        this.#blank = true;
        break;
      case "comment":
        this.#write(item.text, this.#depthFor([]), false);
        break;
      case "statements":
        this.#statements(item);
        break;
      case "continued": {
        const { piece, comment } = item;
        const depth = this.#depthFor([]) + 1 + this.#inDefinition - piece.closes;
        this.#write(withComment(piece.text, comment), depth, false);
        this.#inDefinition = Math.max(0, this.#inDefinition + piece.delta);
        break;
      }
    }
  }

  text(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  #statements({ conditions, pieces, comment }: Statements): void {
    this.#inDefinition = 0;
    const closesItself = pieces.at(-1)?.text === "}" && pieces[0]?.text !== "}";
    const commented = closesItself ? 0 : pieces.length - 1;
    for (const [index, piece] of pieces.entries()) {
      const depth = this.#depthFor(conditions) - piece.closes;
      const text = [...conditions, piece.text].join(" ").trimEnd();
      const whole = index === commented ? withComment(text, comment) : text;
      this.#write(whole, depth, piece.closes > 0);
      this.#justOpened = piece.delta > 0;
      for (const [view, before] of this.#depths) {
        if (!isSeenBy(view, conditions)) continue;
        this.#depths.set(view, Math.max(0, before + piece.delta));
      }
    }
  }

  /** The depth of a line as the first host sees it that sees it at all. */
  #depthFor(conditions: readonly string[]): number {
    for (const [view, depth] of this.#depths) if (isSeenBy(view, conditions)) return depth;
    return Math.max(0, ...this.#depths.values());
  }

  #write(text: string, depth: number, closes: boolean): void {
    if (this.#blank && !this.#justOpened && !closes) this.#lines.push("");
    const room = LINE_BYTES_MAX - 1 - this.#encoder.encode(text).length;
    this.#lines.push(" ".repeat(Math.max(0, Math.min(depth * INDENT, room))) + text);
    this.#blank = false;
    this.#justOpened = false;
  }
}

function withComment(text: string, comment: string): string {
  return comment === "" ? text : `${text} ${comment}`;
}
