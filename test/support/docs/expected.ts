/**
 * What a page shows, held against what was printed. Blanks do not count; times, durations and
 * process ids are any of their kind; `…` is anything.
 */

/** What differs from run to run, and what it is held against. */
const placeholders: readonly (readonly [RegExp, string])[] = [
  [/…/, "[^]*?"],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?/, String.raw`\d{4}-\d\d-\d\d[T ][\d:.]+Z?`],
  [/(?<![\w:.])\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?![\w:])/, String.raw`\d\d:\d\d(?::\d\d)?(?:\.\d+)?`],
  [
    /(?<![\w.])\d+(?:\.\d+)? ?(?:µs|ms|s|min|m|h|d)\b/,
    String.raw`\d+(?:\.\d+)? ?(?:µs|ms|s|min|m|h|d)`,
  ],
  [/\bpid"?:? ?\d+/, String.raw`pid"?:? ?\d+`],
  [/\bstandin \d+\.\d+\.\d+/, String.raw`standin \d+\.\d+\.\d+`],
  [/\s+/, String.raw`\s+`],
];

const anyPlaceholder = new RegExp(placeholders.map(([{ source }]) => source).join("|"), "g");

/** Whether that is what the page shows; `begins` is enough where more is yet to come. */
export function fits(expected: string, printed: string, begins = false): boolean {
  const shown = expected.trim();
  let pattern = "";
  let at = 0;
  for (const found of shown.matchAll(anyPlaceholder)) {
    const [text] = found;
    pattern += escape(shown.slice(at, found.index));
    pattern += placeholders.find(([kind]) => new RegExp(`^(?:${kind.source})$`).test(text))?.[1];
    at = found.index + text.length;
  }
  pattern += escape(shown.slice(at));
  // Blanks beside what stands for anything may be none.
  const loose = pattern.replaceAll(String.raw`\s+[^]*?`, "[^]*?")
    .replaceAll(String.raw`[^]*?\s+`, "[^]*?");
  return new RegExp(begins ? `^\\s*${loose}` : `^\\s*${loose}\\s*$`).test(printed);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}
