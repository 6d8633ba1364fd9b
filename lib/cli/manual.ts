/**
 * The manual as data, made of what makes `--help`: the grammar of the commands, keepalived's
 * options, the table of exit codes. `standin man` prints it for man(1).
 */
import type { DocEntry, DocPage } from "@optique/core/doc";
import { formatMessage, type Message } from "@optique/core/message";
import { getDocPageSync } from "@optique/core/parser";
import { formatUsage, type UsageTerm } from "@optique/core/usage";
import { exitWords } from "./exit_words.ts";
import { grammar } from "./grammar.ts";
import { keepalivedOptions } from "./keepalived_options.ts";
import { besides } from "./manual_words.ts";
import type { Block, Page, Section, Span } from "./roff.ts";
import { version } from "./version.ts";

/** When the words were last gone through; a manual page has to name a day. */
const revised = "2026-11-23";

/** The whole page. */
export function manualPage(): Page {
  return {
    name: "standin",
    section: 8,
    date: revised,
    source: `standin ${version}`,
    manual: "System Administration",
    sections: [...opening, commandSection(), keepalivedSection(), exitSection(), ...besides],
  };
}

const opening: readonly Section[] = [
  {
    title: "Name",
    blocks: [text(
      "standin - high availability for routers and edge boxes: VRRP from " +
        "keepalived.conf",
    )],
  },
  {
    title: "Synopsis",
    blocks: [{
      kind: "lines",
      lines: [
        [{ bold: "standin" }, " ", { italic: "COMMAND" }, " [", { italic: "OPTIONS" }, "]"],
        [{ bold: "standin" }, " [", { italic: "OPTIONS-OF-KEEPALIVED" }, "]"],
        [{ bold: "keepalived" }, " [", { italic: "OPTIONS-OF-KEEPALIVED" }, "]"],
      ],
    }],
  },
  {
    title: "Description",
    blocks: [
      text(
        "standin lets several boxes share addresses and services, so that one stands in when " +
          "another fails. It reads keepalived.conf, speaks VRRP with keepalived and other " +
          "routers, checks and balances real servers, and says why it did what it did.",
      ),
      text(
        "Every command that prints data takes --json. With --help a command says what stands " +
          "here about it; standin --version prints the version.",
      ),
    ],
  },
];

function commandSection(): Section {
  const { sections } = docOf([]);
  return {
    title: "Commands",
    blocks: [
      {
        kind: "items",
        items: sections.map(({ title = "", entries }) => (
          { term: [title], text: entries.map((entry) => nameOf(entry)).join(", ") }
        )),
      },
      ...sections.flatMap(({ entries }) =>
        entries.flatMap((entry) => commandBlocks(nameOf(entry)))
      ),
    ],
  };
}

function commandBlocks(name: string): Block[] {
  const { usage, brief, description, sections, footer } = docOf([name]);
  const items = sections.flatMap(({ entries }) => entries).map((entry) => ({
    term: spansOf(entry.term),
    text: plain(entry.description),
  }));
  return [
    { kind: "heading", text: formatUsage("standin", usage ?? []) },
    text([sentence(plain(brief)), plain(description)].filter((part) => part !== "").join(" ")),
    { kind: "items", items },
    ...(footer === undefined ? [] : [text(plain(footer))]),
  ];
}

function keepalivedSection(): Section {
  const shown = keepalivedOptions.filter(({ standing }) => standing !== "hidden");
  const remarks = { needless: " (taken, without effect)", unbuilt: " (taken, not built yet)" };
  const items = shown.map(({ synopsis, help, standing }) => ({
    term: [{ bold: synopsis }],
    text: help + (remarks[standing as keyof typeof remarks] ?? ""),
  }));
  return {
    title: "Options of keepalived",
    blocks: [
      text("Called as keepalived, or with an option as its first argument, standin takes these:"),
      { kind: "items", items },
    ],
  };
}

function exitSection(): Section {
  const items = Object.entries(exitWords).map(([code, meaning]) => ({
    term: [{ bold: code }],
    text: meaning,
  }));
  return {
    title: "Exit status",
    blocks: [
      { kind: "items", items },
      text(
        "What a command means by them stands with the command. status --watch, events --follow " +
          "and sniff end with 0 when they are interrupted. With options of keepalived the exit " +
          "status is keepalived's.",
      ),
    ],
  };
}

function docOf(args: readonly string[]): DocPage {
  const page = getDocPageSync(grammar, args);
  if (page === undefined) throw new Error(`no help for ${args.join(" ")}`);
  return page;
}

function nameOf({ term }: DocEntry): string {
  return term.type === "command" ? term.name : "";
}

/** `-f, --file FILE` */
function spansOf(term: UsageTerm): Span[] {
  if (term.type === "argument") return [{ italic: term.metavar }];
  if (term.type !== "option") return [];
  const names = term.names.flatMap((name, index): Span[] =>
    index === 0 ? [{ bold: name }] : [", ", { bold: name }]
  );
  return term.metavar === undefined ? names : [...names, " ", { italic: term.metavar }];
}

function plain(message: Message | undefined): string {
  return message === undefined ? "" : formatMessage(message, { quotes: false });
}

function sentence(words: string): string {
  return `${words}.`;
}

function text(words: string): Block {
  return { kind: "text", text: words };
}
