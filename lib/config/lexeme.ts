/**
 * From the text of a line to its lexemes: words and braces. A word ends at white space, at a double
 * quote and at a brace; between double quotes everything is one word. A backslash is an ordinary
 * character, and so are the braces of a `${NAME}` that nobody defined.
 */

/** A word or a brace of a text. */
export interface Lexeme {
  readonly kind: "word" | "open" | "close";
  /** The word without its quotes. */
  readonly text: string;
  /** Where it begins in the text. */
  readonly from: number;
  /** Where the next character stands. */
  readonly to: number;
}

const OPEN = 0x7b;
const CLOSE = 0x7d;
const QUOTE = 0x22;
const DOLLAR = 0x24;

/** The lexemes of one line, in order. */
export function lexemesOf(text: string): Lexeme[] {
  const lexemes: Lexeme[] = [];
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const from = at;
    if (isBlank(code)) at++;
    else if (code === OPEN || code === CLOSE) {
      at++;
      const kind = code === OPEN ? "open" : "close";
      lexemes.push({ kind, text: text.charAt(from), from, to: at });
    } else if (code === QUOTE) {
      at = endOfQuote(text, from);
      const closed = at > from + 1 && text.charCodeAt(at - 1) === QUOTE;
      const inside = text.slice(from + 1, closed ? at - 1 : at);
      lexemes.push({ kind: "word", text: inside, from, to: at });
    } else {
      at = endOfWord(text, from);
      lexemes.push({ kind: "word", text: text.slice(from, at), from, to: at });
    }
  }
  return lexemes;
}

/** White space as `\s` has it; what is beyond ASCII is rare. */
function isBlank(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 9 && code <= 13);
  return code >= 0xa0 && /\s/.test(String.fromCharCode(code));
}

function endOfQuote(text: string, from: number): number {
  const end = text.indexOf('"', from + 1);
  return end < 0 ? text.length : end + 1;
}

function endOfWord(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    // Letters, digits and most signs lie between these two.
    if (code > DOLLAR && code < OPEN) {
      at++;
      continue;
    }
    if (code === DOLLAR && text.charCodeAt(at + 1) === OPEN) {
      const end = endOfName(text, at + 2);
      if (end > 0) {
        at = end;
        continue;
      }
    }
    if (code === OPEN || code === CLOSE || code === QUOTE || isBlank(code)) break;
    at++;
  }
  return at;
}

/** After the brace that closes `${NAME`; 0 when none does. */
function endOfName(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === CLOSE) return at + 1;
    if (code === OPEN || code === QUOTE || isBlank(code)) return 0;
  }
  return 0;
}
