/**
 * Words of the configuration, each with a story in which it makes a difference. The text marks the
 * word, with what belongs to it, by «…». The story is told with the marked text and without it: the
 * first must end as expected, the second must end otherwise, so a word that were ignored fails.
 * `test/sim/words_test.ts` tells them all and looks for rows that have none.
 */
import assert from "node:assert/strict";
import { seconds } from "../../../lib/base/mod.ts";
import { loadConfig, type Model } from "../../../lib/config/mod.ts";
import { testEnvironment } from "../../unit/config/memory.ts";
import { Story } from "../story.ts";

/** What a model does, or that there is none. */
export type Shows = (model: Model) => unknown;

/** A file that was refused. */
export const refused = "refused";

/** A word and its story. */
export interface WordCase {
  /** The row, such as `vrrp_instance/nopreempt`. */
  readonly row: string;
  /** Fails when the word makes no difference, or another one. */
  readonly judge: () => void;
}

/**
 * Notes a word: its row, the text with the word marked, what is looked at, what that is, and what
 * it is without the word, where that is worth saying.
 */
export type NoteWord = (
  row: string,
  text: string,
  shows: Shows,
  expected: unknown,
  ignored?: unknown,
) => void;

/** What adds words to a list. */
export function newWords(cases: WordCase[]): NoteWord {
  return (row, text, shows, expected, ignored) => {
    cases.push({ row, judge: () => judge(text, shows, expected, ignored) });
  };
}

function judge(text: string, shows: Shows, expected: unknown, ignored: unknown): void {
  assert.match(text, /«[^]*»/);
  assert.deepEqual(told(text.replaceAll(/[«»]/g, ""), shows), expected);
  const without = told(text.replaceAll(/«[^«»]*»/g, ""), shows);
  if (ignored === undefined) assert.notDeepEqual(without, expected);
  else assert.deepEqual(without, ignored);
}

function told(text: string, shows: Shows): unknown {
  const { model, diagnostics } = loadConfig("f", testEnvironment({ f: text, ...names }));
  const wrong = diagnostics.some(({ severity }) => severity !== "warning");
  return model === undefined || wrong ? refused : shows(model);
}

/** Files of names in two directories, and one to be included. */
const names = {
  "/etc/names/empty.conf": "# Nothing.\n",
  "/etc/names/rt_tables": "7 blue\n",
  "/usr/names/rt_tables": "8 blue\n",
};

/** One instance on eth0, version 3, with one address. */
export function instanceOf(lines: string, address = "10.0.0.100/24"): string {
  return `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    version 3
    ${lines}
    virtual_ipaddress {
      ${address}
    }
  }\n`;
}

/** The block of settings for the whole daemon. */
export function globalsOf(lines: string): string {
  return `global_defs {\n${lines}\n}\n`;
}

/** Node a with a model, beside nodes b and c that run nothing, after so many seconds. */
export function alone(model: Model, forSeconds: number): Story {
  const story = new Story("a b c");
  story.startWith("a", model);
  story.run(seconds(forSeconds));
  return story;
}

/** Seconds from an instant until node a is master. */
export function secondsUntilMaster(story: Story): number {
  const from = story.now();
  return (story.runUntil("a", "MASTER") - from) / 1_000_000;
}
