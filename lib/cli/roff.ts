/**
 * Manual pages in the language of man(7): a page is data, and becomes text for groff and mandoc
 * here. Only macros that both know are used.
 */

import { wrap } from "./table.ts";

/** A piece of a line; what is to be typed is bold, what stands for something else is italic. */
export type Span = string | { readonly bold: string } | { readonly italic: string };

/** What a section consists of. */
export type Block =
  | { readonly kind: "text"; readonly text: string }
  /** Terms, each with a text about it. */
  | {
    readonly kind: "items";
    readonly items: readonly { readonly term: readonly Span[]; readonly text: string }[];
  }
  | { readonly kind: "heading"; readonly text: string }
  /** Lines that stay as they are. */
  | { readonly kind: "lines"; readonly lines: readonly (readonly Span[])[] };

/** A section with its title. */
export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A page: `standin`, in section 8, and what is known about it. */
export interface Page {
  readonly name: string;
  readonly section: number;
  readonly date: string;
  /** Such as `standin 1.2.3`. */
  readonly source: string;
  readonly manual: string;
  readonly sections: readonly Section[];
}

/** The page as a source text for man. */
export function renderRoff({ name, section, date, source, manual, sections }: Page): string {
  const words = [source, manual].map(quote).join(" ");
  const title = `${name.toUpperCase()} ${section} ${date} ${words}`;
  const lines = sections.flatMap(({ title, blocks }) => [
    `.SH ${quote(title.toUpperCase())}`,
    ...blocks.flatMap((block, index) => renderBlock(block, blocks[index - 1])),
  ]);
  return [`.TH ${title}`, ".nh", ".ad l", ...lines].join("\n");
}

function renderBlock(block: Block, before: Block | undefined): string[] {
  const apart = before === undefined || before.kind === "heading" ? [] : [".PP"];
  switch (block.kind) {
    case "text":
      return [...apart, ...textLines(block.text)];
    case "heading":
      return [`.SS ${quote(block.text)}`];
    case "items":
      return block.items.flatMap(({ term, text }) => [".TP", spans(term), ...textLines(text)]);
    case "lines":
      return [...apart, ".nf", ...block.lines.map(spans), ".fi"];
  }
}

/** Lines of a text; each sentence begins a new one, as man pages are written. */
function textLines(text: string): string[] {
  return text.split(/(?<=[.?]) (?=[A-Z])/).flatMap((sentence) => wrap(escape(sentence), 80, ""))
    .map(guard);
}

/** A line that began with a dot or a quote would be a macro. */
function guard(line: string): string {
  return /^[.']/.test(line) ? `\\&${line}` : line;
}

function spans(line: readonly Span[]): string {
  const parts = line.map((span) => {
    if (typeof span === "string") return escape(span);
    return "bold" in span ? `\\fB${escape(span.bold)}\\fR` : `\\fI${escape(span.italic)}\\fR`;
  });
  return guard(parts.join(""));
}

/** Hyphens are typed as such, so they must not become typographic ones. */
function escape(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("'", "\\(aq")
    .replaceAll("`", "\\(ga").replaceAll("^", "\\(ha").replaceAll("~", "\\(ti")
    .replaceAll("…", "...").replaceAll("→", "\\(->");
}

function quote(text: string): string {
  return `"${escape(text).replaceAll('"', "\\(dq")}"`;
}
