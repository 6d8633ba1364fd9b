/**
 * Writes docs/keywords.md from the tables of keywords: `bun test/support/keywords_doc.ts`. A test
 * holds the document against what this makes.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  entries,
  type Entry,
  formText,
  optionsOf,
  placeOf,
  standingOf,
} from "../../lib/config/reference.ts";

/** Where the document lies. */
export const keywordsDocument: URL = new URL("../../docs/keywords.md", import.meta.url);

const head = `# Keywords

Every keyword of the configuration language, block by block, made from the tables that standin
reads files with: edit those, then run \`bun test/support/keywords_doc.ts\`.
\`standin explain keyword NAME\` says the same, with an example.

- **form**: \`<1..255>\` is a whole number; \`<seconds …>\` may have a fraction where its limits
  have one; \`[…]\` may be absent, \`…\` comes again, \`{…}\` is a block; \`on|off\` is also true,
  false, yes and no, and a bare keyword is on. \`<script>\` is a command between quotes, then
  perhaps a user and a group. A name such as \`<vrrp_script>\` is that of a block which stands
  before it.
- **since**: the version of keepalived that brought it; nothing for 2.2.7 and older.
- **standing**: *in effect*; *without effect*, because nothing is lost; *not yet*: it is read,
  checked and told with a warning, and does nothing.
`;

/** The text of the document. */
export function keywordsText(): string {
  const all = entries();
  const paths = [...new Set(all.map(({ path }) => path))];
  const counts = new Map<string, number>();
  for (const { info } of all) {
    counts.set(info.standing.kind, (counts.get(info.standing.kind) ?? 0) + 1);
  }
  const [effective, without, later] = ["in-effect", "without-effect", "not-yet"]
    .map((kind) => counts.get(kind) ?? 0);
  const sum = `${all.length} rows: ${effective} in effect, ${without} without effect, ` +
    `${later} not yet.\n`;
  const sections = groups(paths, all).map(([where, rows]) => section(where, rows));
  return [head, sum, ...sections].join("\n");
}

/** Blocks with the same rows share a table. */
function groups(
  paths: readonly string[],
  all: readonly Entry[],
): [where: string, rows: readonly Entry[]][] {
  const found = new Map<string, { places: string[]; rows: readonly Entry[] }>();
  for (const path of paths) {
    const rows = all.filter((entry) => entry.path === path);
    const key = rows.map(cells).join("\n");
    const known = found.get(key) ?? { places: [], rows };
    known.places.push(placeOf(path));
    found.set(key, known);
  }
  return [...found.values()].map(({ places, rows }) => [places.join(", "), rows]);
}

function section(where: string, rows: readonly Entry[]): string {
  const title = `${where.slice(0, 1) === "o" ? "O" : where.slice(0, 1)}${where.slice(1)}`;
  return [
    `## ${title}`,
    "| keyword | form | default | meaning | since | standing |",
    "|---|---|---|---|---|---|",
    ...rows.map(cells),
    "",
  ].join("\n");
}

function cells(entry: Entry): string {
  const { keyword, info } = entry;
  const options = optionsOf(entry);
  const instead = info.instead === undefined ? "" : `; out of use, write \`${info.instead}\``;
  const words = options.length === 0 ? "" : `; options: ${options.map(code).join(", ")}`;
  const form = formText(info);
  return `| ${
    [
      code(keyword),
      form === "" ? "" : code(form),
      info.default === "-" ? "" : info.default,
      `${info.help}${instead}${words}`,
      info.since === "2.2.7" ? "" : info.since,
      shortStanding(entry),
    ].map((cell) => cell.replaceAll("|", "\\|")).join(" | ")
  } |`;
}

function shortStanding({ info }: Entry): string {
  if (info.standing.kind === "in-effect") return "in effect";
  if (info.standing.kind === "without-effect") return `without effect: ${info.standing.reason}`;
  return standingOf(info).replace(": it is checked and has no effect", "");
}

function code(text: string): string {
  return `\`${text}\``;
}

if (import.meta.main) writeFileSync(fileURLToPath(keywordsDocument), keywordsText());
