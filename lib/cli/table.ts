/**
 * Text tables: columns as wide as their widest cell, two blanks between, and lines of detail
 * below a row. When the whole is wider than the terminal, the columns that may shrink do so one
 * after the other, and a cell that does not fit has "…" in its middle: names and addresses differ
 * at their ends. Control characters from configurations and packets never reach the terminal.
 */

/** The colours that are used. */
export type Colour = "none" | "green" | "yellow" | "red";

/** One cell. */
export interface Cell {
  readonly text: string;
  readonly align?: "left" | "right";
  readonly colour?: Colour;
}

/** A table and the room it has. */
export interface Table {
  readonly headings: readonly Cell[];
  readonly rows: readonly {
    readonly cells: readonly Cell[];
    /** Lines below the row; words that do not fit go to the next line. */
    readonly below: readonly string[];
  }[];
  /** Indexes of columns that may become narrower, the first that should do so first. */
  readonly shrinkable: readonly number[];
  readonly columns: number;
  readonly colours: boolean;
}

const gap = "  ";
const indent = "    ";
const narrowest = 12;

/** The lines of a table. */
export function renderTable(table: Table): string {
  const widths = fit(table);
  const lines = [renderRow(table.headings, widths, false)];
  for (const { cells, below } of table.rows) {
    lines.push(renderRow(cells, widths, table.colours));
    for (const line of below) lines.push(...wrap(visible(line), table.columns));
  }
  return lines.join("\n");
}

/** The width of each column so that all fit, if they can. */
function fit({ headings, rows, shrinkable, columns }: Table): number[] {
  const widths = headings.map((heading, column) =>
    Math.max(heading.text.length, ...rows.map(({ cells }) => cells[column]?.text.length ?? 0))
  );
  for (const column of shrinkable) {
    const total = widths.reduce((sum, width) => sum + width + gap.length, -gap.length);
    const width = widths[column] ?? 0;
    const least = Math.max(narrowest, headings[column]?.text.length ?? 0);
    if (total > columns) widths[column] = Math.max(Math.min(width, least), width - total + columns);
  }
  // What still does not fit goes without its last columns.
  let room = columns;
  for (const [column, width] of widths.entries()) {
    widths[column] = Math.max(0, Math.min(width, room));
    room -= width + gap.length;
  }
  return widths;
}

function renderRow(cells: readonly Cell[], widths: readonly number[], colours: boolean): string {
  const parts = cells.map(({ text, align, colour = "none" }, column) => {
    const width = widths[column] ?? 0;
    const short = squeeze(visible(text), width);
    const padded = align === "right" ? short.padStart(width) : short.padEnd(width);
    return colours && short !== "" ? padded.replace(short, () => paint(short, colour)) : padded;
  });
  return parts.join(gap).trimEnd();
}

const colourCodes = { green: 32, yellow: 33, red: 31 } as const;

function paint(text: string, colour: Colour): string {
  return colour === "none" ? text : `\x1b[${colourCodes[colour]}m${text}\x1b[0m`;
}

/**
 * Words in lines of the given width: what leads the first line indents the others. A word that is
 * longer than a line goes on in the next: it may be what somebody has to copy.
 */
export function wrap(text: string, columns: number, lead: string = indent): string[] {
  const room = Math.max(1, columns - lead.length);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<=\S)(?=\s+)/)) {
    if (line !== "" && line.length + word.length > room) {
      lines.push(line);
      line = word.trimStart();
    } else line += word;
    while (line.length > room) {
      lines.push(line.slice(0, room));
      line = line.slice(room);
    }
  }
  return [...lines, line].map((content, index) =>
    (index === 0 ? lead : " ".repeat(lead.length)) + content.trimEnd()
  );
}

/** The text, or its beginning and "…" when it is longer than the width. */
export function shorten(text: string, width: number): string {
  if (text.length <= width) return text;
  return width < 1 ? "" : `${text.slice(0, width - 1)}…`;
}

/** The text, or its beginning and its end when it is longer than the width. */
function squeeze(text: string, width: number): string {
  if (text.length <= width || width < 3) return shorten(text, width);
  const tail = Math.floor((width - 1) / 2);
  return `${text.slice(0, width - 1 - tail)}…${text.slice(text.length - tail)}`;
}

/** The text with "?" for every control character. */
export function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, "?");
}
