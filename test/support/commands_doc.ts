/**
 * Writes docs/commands.md from what makes the manual page: `bun test/support/commands_doc.ts`. A
 * test holds the document against what this makes.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { commandExits, exitWords } from "../../lib/cli/exit_words.ts";
import { manualPage } from "../../lib/cli/manual.ts";
import type { Block, Span } from "../../lib/cli/roff.ts";

/** Where the document lies. */
export const commandsDocument: URL = new URL("../../docs/commands.md", import.meta.url);

const head = `# Commands and exit codes

Made from what \`--help\` and the manual page are made of (\`man standin\`, or
\`standin man | man -l -\`): edit that, then run \`bun test/support/commands_doc.ts\`.
Scripts may rely on the exit codes; every command is seen by a test to end with each of its own.
With \`--json\` an answer is JSON on standard output; what fails is said in words on standard
error, with or without it.
`;

/** The sections of the manual that are told elsewhere in the documentation, or here by tables. */
const elsewhere = ["Name", "Synopsis", "Description", "Exit status", "Examples", "See also"];

/** The text of the document. */
export function commandsText(): string {
  const sections = manualPage().sections.filter(({ title }) => !elsewhere.includes(title));
  const parts = sections.map(({ title, blocks }) => [
    `## ${title}\n`,
    ...blocks.map(blockText),
  ]);
  return [head, exitTable(), ...parts.flat()].join("\n");
}

function exitTable(): string {
  const codes = Object.keys(exitWords);
  const lines = [
    "## Exit codes\n",
    "| code | means |",
    "|---|---|",
    ...Object.entries(exitWords).map(([code, meaning]) => `| ${code} | ${cell(meaning)} |`),
    "",
    `| command | ${codes.filter((code) => code !== "2").join(" | ")} |`,
    `|---|${codes.slice(1).map(() => "---|").join("")}`,
    ...Object.entries(commandExits).map(([name, meanings]) => {
      const cells = codes.filter((code) => code !== "2")
        .map((code) => cell(meanings[Number(code)] ?? ""));
      return `| \`${name}\` | ${cells.join(" | ")} |`;
    }),
    "",
    `A wrong command line is 2, except with \`plan\`, where 2 is: ${
      commandExits.plan[2]
    }. A daemon`,
    `(\`run\`) ends with 2 when it finds ${
      commandExits.run[2]
    }. With options of keepalived the exit`,
    "code is keepalived's ([compatibility.md](compatibility.md)).",
    "",
  ];
  return lines.join("\n");
}

function blockText(block: Block): string {
  switch (block.kind) {
    case "text":
      return `${block.text}\n`;
    case "heading":
      return `### \`${block.text}\`\n`;
    case "items": {
      const rows = block.items.map(({ term, text }) => `| ${spansText(term)} | ${cell(text)} |`);
      return rows.length === 0 ? "" : ["| | |", "|---|---|", ...rows, ""].join("\n");
    }
    case "lines":
      return `${block.lines.map(spansText).join("  \n")}\n`;
  }
}

function spansText(spans: readonly Span[]): string {
  const words = spans.map((span) => {
    if (typeof span === "string") return span;
    return "bold" in span ? span.bold : span.italic;
  }).join("");
  return spans.every((span) => typeof span === "string") ? words : `\`${cell(words)}\``;
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

if (import.meta.main) writeFileSync(fileURLToPath(commandsDocument), commandsText());
