/**
 * `AGENT_CHECK`: a program on the server says in one line how it is, in the words that HAProxy made
 * common (its manual, `agent-check`): words between blanks or commas, a description after `#`. What
 * a line does not speak of stays as it was; an agent that can not be asked changes nothing, as the
 * other checks are there to find broken servers.
 */
import { after, type Instant } from "../base/mod.ts";
import type { Checker, Outcome, Verdict } from "./checker.ts";
import { type Done, type Exchange, failed, more, type Said } from "./exchange.ts";
import type { AgentPlan } from "./plan.ts";

/** Whether the server wants connections: the word of an agent that holds until another one. */
export type Standing = "ready" | "drained" | "disabled";

/** The longest line. */
const lineMax = 4096;

/** The end of a line: a line feed, or an octet 0. */
const isEnd = (octet: number): boolean => octet === 10 || octet === 0;

/** Something is said perhaps, and one line is heard. */
export class AgentExchange implements Exchange {
  readonly #plan: AgentPlan;
  #line: number[] = [];

  constructor(plan: AgentPlan) {
    this.#plan = plan;
  }

  open(): Uint8Array | undefined {
    const { send } = this.#plan;
    return send === undefined ? undefined : new TextEncoder().encode(send);
  }

  take(bytes: Uint8Array): Said {
    const end = bytes.findIndex(isEnd);
    const piece = end < 0 ? bytes : bytes.subarray(0, end);
    if (this.#line.length + piece.length > lineMax) {
      return failed(`the line is longer than ${lineMax} octets`);
    }
    this.#line.push(...piece);
    return end < 0 ? more : this.#said();
  }

  end(): Done {
    return this.#line.length === 0 ? failed("the connection was closed: no answer") : this.#said();
  }

  #said(): Done {
    const answer = new TextDecoder("latin1").decode(Uint8Array.from(this.#line));
    return { kind: "done", answer };
  }
}

const standings: Readonly<Record<string, Standing>> = {
  ready: "ready",
  drain: "drained",
  maint: "disabled",
};
const states: Readonly<Record<string, boolean>> = {
  up: true,
  down: false,
  fail: false,
  stopped: false,
};

/** What a line means for the server, whose check is given. */
export function judgeAgent(checker: Checker, line: string): Outcome {
  const { words, reason } = splitLine(line);
  let said: Pick<Outcome, "weight" | "standing"> = {};
  let up: string | undefined;
  let known = false;
  for (const word of words) {
    const standing = own(standings, word);
    const percent = /^(\d{1,9})%$/.exec(word)?.[1];
    if (standing !== undefined) said = { ...said, standing };
    else if (percent !== undefined) {
      said = { ...said, weight: { kind: "part", percent: Number(percent) } };
    } else if (own(states, word) !== undefined) up = word;
    // HAProxy counts connections with it, and IPVS has its own limits.
    else if (!/^maxconn:\d+$/.test(word)) continue;
    known = true;
  }
  if (!known) return unanswered(`the agent says ${quoted(line)}, which means nothing`);
  if (up !== undefined && states[up] === false) {
    return { ...said, failure: `the agent says ${reason === "" ? up : `${up}: ${reason}`}` };
  }
  // With `alpha` a server waits for its agent, and not for a certain word of it.
  const isFirst = !checker.hasRun && checker.plan.alpha;
  return up !== undefined || isFirst ? said : { ...said, keeps: true };
}

/** The agent could not be asked: everything stays as it was. */
export function unanswered(failure: string): Outcome {
  return { failure, keeps: true };
}

/** A run that says nothing of up or down. */
export function keepState(checker: Checker, outcome: Outcome, now: Instant): Verdict {
  const { failure, weight, standing } = outcome;
  checker.failure = failure;
  checker.weight = weight ?? checker.weight;
  checker.standing = standing ?? checker.standing;
  if (failure === undefined) checker.hasRun = true;
  checker.dueAt = after(now, checker.plan.delayLoop);
  return "same";
}

function splitLine(line: string): { readonly words: readonly string[]; readonly reason: string } {
  const [said = "", ...rest] = line.replace(/\r.*$/s, "").split("#");
  const words = said.toLowerCase().split(/[\s,]+/).filter((word) => word !== "");
  return { words, reason: printable(rest.join("#").trim()) };
}

function own<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}

function quoted(line: string): string {
  return `"${printable(line.trim())}"`;
}

/** The beginning of what a stranger says; its control characters stay out of the log. */
function printable(text: string): string {
  return text.slice(0, 80).replace(/[^ -~]/g, "?");
}
