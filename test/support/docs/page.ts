/**
 * A page of the documentation, as its reader takes it: what is typed where, what comes of it, and
 * which files are written. `test/lab/docs_test.ts` does all of it, in the order of the page, on the
 * boxes of a scene: a page with commands needs a row in `scenes.ts`. A page is written like this:
 *
 * - A fence names what it holds, such as `sh`, `console`, `text`, `conf` (`test/unit/docs_test.ts`
 *   knows them). GitHub shows the first word only; the words behind it speak to the test.
 * - ```sh: commands, typed one by one into the shell of the first node; ```sh far: into that of
 *   `far`; ```sh near far: into both. `cd` and variables carry on, also into the next block.
 * - ```console far: the same as on a terminal; what comes after a line with the prompt `$ ` or
 *   `# ` is what has to be printed. `^C` on a line ends what goes on. With the word `answers`,
 *   what stands behind the last `: ` of a line is typed as an answer.
 * - ```text right behind a block of commands is what they have to print all together.
 * - Every command has to end with 0, or with the number in its comment: `# exit 2: changes`;
 *   behind `# exit 1 when it is so` both are right.
 * - What is printed has to be what the page shows, but for blanks, times, durations and process
 *   ids; `…` stands for anything. Who only asks (`standin status`) is asked again until the answer
 *   fits, as people do. What goes on for ever (`standin run`) gets a window of its own.
 * - ```conf near:/etc/standin/standin.conf: this file is written there; nodes are separated by
 *   commas; without any it is written on all. The same with every other language.
 * - ```conf alone is a part of a configuration, or all of it: `standin check` has to find nothing
 *   wrong. A line with nothing but `…` stands for what every router has to have. Parts of one
 *   page may build on what stands above.
 * - What stands in an HTML comment is done, too, and not shown: how things are at the beginning.
 * - `make x` is not run: it has to be a target. The few programs that can not be had here are
 *   stood in for (`stand_ins.ts`); what is asked of them is checked.
 */

/** Something to type, and what comes of it. */
export interface Command {
  readonly text: string;
  /** What has to be printed; absent where the page does not say. */
  readonly expected?: string;
  /** What is typed when it asks. */
  readonly answers?: string;
  /** Exit statuses that are right. */
  readonly exits: readonly number[];
  readonly line: number;
}

/** A step of the reader. */
export type Step =
  | { readonly kind: "type"; readonly nodes: readonly string[]; readonly command: Command }
  | { readonly kind: "interrupt"; readonly nodes: readonly string[]; readonly line: number }
  | {
    readonly kind: "write";
    /** Empty for all. */
    readonly nodes: readonly string[];
    readonly path: string;
    readonly text: string;
    readonly line: number;
  };

/** A fence and what stands in it. */
export interface Fence {
  readonly language: string;
  readonly words: readonly string[];
  readonly lines: readonly string[];
  /** Where its first line is, counted from 1. */
  readonly line: number;
}

/** All fences of a page. */
export function fencesOf(page: string): Fence[] {
  const fences: Fence[] = [];
  let open:
    | { mark: string; language: string; words: string[]; lines: string[]; line: number }
    | undefined;
  for (const [index, line] of page.split("\n").entries()) {
    const [, indent = "", mark = "", info = ""] = /^( *)(```+)(.*)$/.exec(line) ?? [];
    if (open === undefined) {
      if (mark === "") continue;
      const [language = "", ...words] = info.trim().split(/\s+/);
      open = { mark: indent + mark, language, words, lines: [], line: index + 2 };
    } else if (indent + mark === open.mark && info.trim() === "") {
      fences.push(open);
      open = undefined;
    } else {
      const { length } = /^ */.exec(open.mark)?.[0] ?? "";
      open.lines.push(line.slice(0, length).trim() === "" ? line.slice(length) : line);
    }
  }
  if (open !== undefined) throw new Error(`The fence before line ${open.line} has no end`);
  return fences;
}

/** What the reader of a page does; `nodes` are the boxes that there are. */
export function stepsOf(page: string, nodes: readonly string[]): Step[] {
  const fences = fencesOf(page);
  return fences.flatMap((fence, index): Step[] => {
    const { language, words, lines, line } = fence;
    const target = targetOf(fence, nodes);
    if (target !== undefined) {
      return [{ kind: "write", ...target, text: `${lines.join("\n")}\n`, line }];
    }
    const named = words.filter((word) => nodes.includes(word));
    const at = named.length > 0 ? named : nodes.slice(0, 1);
    if (language === "console") return consoleSteps(fence, at);
    if (language !== "sh") return [];
    const next = fences[index + 1];
    const commands = commandsIn(lines, line);
    if (next?.language === "text" && !commands.some(isMake)) {
      const last = commands.at(-1);
      const text = commands.map((one) => one.text).join("\n");
      const exits = last?.exits ?? [0];
      const command = { text, exits, expected: next.lines.join("\n"), line };
      return [{ kind: "type", nodes: at, command }];
    }
    return commands.map((command) => ({ kind: "type", nodes: at, command }));
  });
}

/** Whether it is for make, which would run these tests once more. */
export function isMake({ text }: { readonly text: string }): boolean {
  return text.startsWith("make ");
}

/** The file that a fence is to be written to. */
export function targetOf(
  { language, words: [word], line }: Fence,
  nodes: readonly string[],
): { nodes: string[]; path: string } | undefined {
  if (word === undefined || nodes.includes(word) || word === "answers") return undefined;
  const [, names, path = word] = /^([\w,-]+):(.+)$/.exec(word) ?? [];
  const on = names?.split(",") ?? [];
  const unknown = on.find((name) => !nodes.includes(name));
  if (unknown !== undefined || (language === "console")) {
    throw new Error(`line ${line}: there is no node ${unknown ?? word}`);
  }
  return { nodes: on, path };
}

function consoleSteps({ lines, words, line }: Fence, nodes: readonly string[]): Step[] {
  const steps: Step[] = [];
  const prompt = /^[$#] /;
  for (let at = 0; at < lines.length;) {
    if (lines[at]?.trim() === "^C") {
      steps.push({ kind: "interrupt", nodes, line: line + at++ });
      continue;
    }
    if (!prompt.test(lines[at] ?? "")) throw new Error(`line ${line + at}: no prompt before it`);
    let end = at + 1;
    while (end < lines.length && !prompt.test(lines[end] ?? "") && lines[end]?.trim() !== "^C") {
      end++;
    }
    // A command that goes over several lines has no prompt before the others.
    const typed = [(lines[at] ?? "").slice(2), ...lines.slice(at + 1, end)];
    const [first] = commandsIn(typed, line + at);
    if (first === undefined) throw new Error(`line ${line + at}: nothing to type`);
    const shown = typed.slice(first.text.split("\n").length);
    const asks = words.includes("answers");
    const said = shown.map((one) => /^(\S.*: |\S.*:$)(.*)$/.exec(one));
    const answers = said.flatMap((found) => found === null ? [] : [found[2] ?? ""]);
    const expected = asks ? shown.map((one, index) => said[index]?.[1] ?? one) : shown;
    const command = {
      ...first,
      ...(shown.length > 0 ? { expected: expected.join("\n") } : {}),
      ...(asks ? { answers: answers.map((answer) => `${answer}\n`).join("") } : {}),
    };
    steps.push({ kind: "type", nodes, command });
    at = end;
  }
  return steps;
}

/** The commands in lines: one each, but for lines that a `\` or a here document goes on with. */
function commandsIn(lines: readonly string[], line: number): Command[] {
  const commands: Command[] = [];
  for (let at = 0; at < lines.length; at++) {
    const start = at;
    let text = lines[at] ?? "";
    if (text.trim() === "" || text.startsWith("# ")) continue;
    const here = /<<-?\s*['"]?(\w+)['"]?/.exec(text)?.[1];
    const goesOn = (): boolean =>
      at + 1 < lines.length && (here !== undefined ? lines[at] !== here : text.endsWith("\\"));
    while (goesOn()) text += `\n${lines[++at]}`;
    const [, code = "0", surely] = /#.*\bexit (\d+)(:?)/.exec(text) ?? [];
    const exits = surely === "" ? [0, Number(code)] : [Number(code)];
    commands.push({ text, exits, line: line + start });
  }
  return commands;
}
