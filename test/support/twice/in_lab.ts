/**
 * Plays a story with daemons in network namespaces. What is done, and when it was really done, is
 * written down, so that the virtual network can be shown the same: a signal at the moment at which
 * it is sent, and what reaches the engine through files or the control socket (start, reload,
 * maintenance) at the moment at which it is there, since the simulator has neither.
 */
import { writeFileSync } from "node:fs";
import { ask } from "../../../lib/cli/control.ts";
import type { Scenario, TimedAct } from "../../../lib/simulate/mod.ts";
import type { Lab, Node } from "../lab/lab.ts";
import { filesOf, logEntry, standinWords } from "../lab/makes.ts";
import type { Program } from "../lab/program.ts";
import { type Seen, wordsOf } from "./scenario.ts";
import { beatMs } from "./stories.ts";
import { type WireAct, Wires } from "./wires.ts";

/** A story that was played in the lab. */
export interface Played {
  /** As it was done: times are milliseconds from the first start. */
  readonly scenario: Scenario;
  /** When that first start was, in milliseconds since 1970. */
  readonly originMs: number;
  /** Waits until every node changed as often as here, and answers all that they did. */
  seen(wanted: readonly Seen[]): Promise<Seen[]>;
  /** How the machine held the story up, if it did. */
  heldUp(): string[];
}

/** How a story is played. */
export interface Manner {
  /** The words that start standin. */
  readonly command: readonly string[];
  /** What may take so long without making the story another one. */
  readonly slackMs: number;
}

/** How long a transition that the virtual network has may take to come. */
const patienceMs = 10_000;

/** Plays it; the daemons go on until the lab is closed. */
export async function playInLab(
  lab: Lab,
  scenario: Scenario,
  { command, slackMs }: Manner,
): Promise<Played> {
  const cast = new Map<string, Actor>();
  for (const [at, { name, config }] of scenario.nodes.entries()) {
    cast.set(name, new Actor(lab, await lab.node(name, at + 1), { config, command }));
  }
  const nodes = new Map([...cast].map(([name, { node }]) => [name, node]));
  const director = new Director(await Wires.lay(lab, scenario, nodes), cast, slackMs);
  for (const together of byTime(scenario.acts)) await director.do(together);
  await director.until(scenario.lastsMs);
  const { originMs, done, held } = director;
  const lastsMs = Date.now() - originMs;
  const seen = (): Seen[] => [...cast.values()].flatMap((actor) => actor.seen(originMs));
  return {
    scenario: { ...scenario, acts: done, lastsMs },
    originMs,
    seen: async (wanted) => {
      const count = (all: readonly Seen[], label: string): number =>
        all.filter(({ node }) => node === label).length;
      const complete = (): boolean => {
        const now = seen();
        return [...cast.keys()].every((name) => count(now, name) >= count(wanted, name));
      };
      // What does not come is a difference, too.
      await lab.bell.until("as many transitions", complete, patienceMs).catch(() => {});
      return seen();
    },
    heldUp: () => [...held, ...[...cast.values()].flatMap((actor) => actor.stalls)],
  };
}

function byTime(acts: readonly TimedAct[]): TimedAct[][] {
  const times = [...new Set(acts.map(({ atMs }) => atMs))].toSorted((a, b) => a - b);
  return times.map((time) => acts.filter(({ atMs }) => atMs === time));
}

/** Does what the scenario says, and writes down when. */
class Director {
  readonly done: TimedAct[] = [];
  /** What took longer than it may. */
  readonly held: string[] = [];
  readonly #wires: Wires;
  readonly #cast: ReadonlyMap<string, Actor>;
  readonly #slackMs: number;
  #originMs: number | undefined;
  /** So much later everything happens. */
  #slipMs = 0;

  constructor(wires: Wires, cast: ReadonlyMap<string, Actor>, slackMs: number) {
    this.#wires = wires;
    this.#cast = cast;
    this.#slackMs = slackMs;
  }

  /** When the first daemon began, in milliseconds since 1970: what happens is timed from there. */
  get originMs(): number {
    return this.#originMs ?? 0;
  }

  /** Waits for a time of the story; who comes too late waits for the same place in a later beat. */
  async until(atMs: number): Promise<void> {
    if (this.#originMs === undefined) return;
    const restMs = this.#originMs + this.#slipMs + atMs - Date.now();
    const slipMs = restMs > -this.#slackMs ? 0 : beatMs * Math.ceil(-restMs / beatMs);
    this.#slipMs += slipMs;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, restMs + slipMs)));
  }

  /** Does what happens at one time. */
  async do(acts: readonly TimedAct[]): Promise<void> {
    await this.until(acts[0]?.atMs ?? 0);
    const onWires = acts.filter((act): act is WireAct => "segment" in act);
    if (onWires.length > 0) {
      await this.#timed("nft", () => this.#wires.do(onWires));
      const atMs = Date.now() - this.originMs;
      this.done.push(...onWires.map((act) => ({ ...act, atMs })));
    }
    await Promise.all(acts.map(async (act) => {
      if ("segment" in act) return;
      const atMs = await this.#doToNode(act);
      this.#originMs ??= atMs;
      this.done.push({ ...act, atMs: atMs - this.#originMs });
    }));
  }

  /** Answers when it was done. */
  async #doToNode(act: Exclude<TimedAct, WireAct>): Promise<number> {
    const actor = this.#cast.get(act.node);
    if (actor === undefined) throw new Error(`There is no node ${act.node}`);
    if (act.kind === "start") return await actor.start();
    if (act.kind === "reload") return await actor.reload(act.config);
    if (act.kind === "maintenance") return await actor.maintain(act.on);
    const atMs = Date.now();
    await this.#timed(act.kind, () => {
      return act.kind === "link" ? this.#wires.plug(act) : actor.signal(act.kind);
    });
    return atMs;
  }

  async #timed(what: string, act: () => Promise<void> | void): Promise<void> {
    const since = performance.now();
    await act();
    const ms = Math.round(performance.now() - since);
    if (ms > this.#slackMs) this.held.push(`${what} took ${ms} ms`);
  }
}

const signals: Readonly<Record<string, NodeJS.Signals>> = {
  crash: "SIGKILL",
  stop: "SIGTERM",
  stall: "SIGSTOP",
  wake: "SIGCONT",
};

/** The daemons that ran on a node, one after the other. */
class Actor {
  readonly node: Node;
  readonly #lab: Lab;
  readonly #command: readonly string[];
  readonly #runs: Program[] = [];
  #wasStopped = false;

  constructor(
    lab: Lab,
    node: Node,
    { config, command }: { readonly config: string; readonly command: readonly string[] },
  ) {
    this.#lab = lab;
    this.node = node;
    this.#command = command;
    writeFileSync(filesOf(node).config, config);
  }

  async start(): Promise<number> {
    await this.#runs.at(-1)?.ended();
    this.#runs.push(this.#lab.start(this.node, standinWords(this.node, this.#command)));
    const atMs = await this.#timeOf("transition", 0);
    await this.#timeOf("configured", 0);
    return atMs;
  }

  async reload(config: string): Promise<number> {
    writeFileSync(filesOf(this.node).config, config);
    const before = this.#program.lines.length;
    this.#program.signal("SIGHUP");
    return await this.#timeOf("configured", before);
  }

  async maintain(on: boolean): Promise<number> {
    const before = this.#program.lines.length;
    const answer = await ask(filesOf(this.node).runDir, "POST", "/maintenance", { on });
    if (!answer.ok || answer.value.status !== 200) throw new Error(JSON.stringify(answer));
    return await this.#timeOf(`maintenance-${on ? "on" : "off"}`, before);
  }

  signal(what: string): void {
    const signal = signals[what];
    if (signal === undefined) throw new Error(`"${what}" can not be done in the lab`);
    if (what === "stall") this.#wasStopped = true;
    this.#program.signal(signal);
  }

  /** Every transition, with its time from the origin on. */
  seen(originMs: number): Seen[] {
    return this.#lines("transition").map((line): Seen => {
      const { instance, from, to, reason } = logEntry(line) as Record<string, string>;
      const what = wordsOf(String(instance), String(from), String(to), reason as never);
      return { node: this.node.label, atMs: timeOf(line) - originMs, what };
    });
  }

  /** What the daemons say of not getting to run, except where that was the story. */
  get stalls(): string[] {
    return this.#wasStopped ? [] : this.#lines("stalled");
  }

  get #program(): Program {
    const program = this.#runs.at(-1);
    if (program === undefined) throw new Error(`${this.node.label} was not started`);
    return program;
  }

  #lines(event: string): string[] {
    return this.#runs.flatMap(({ lines }) => lines.filter((line) => tellsOf(line, event)));
  }

  /** When it told of something for the first time after so many lines. */
  async #timeOf(event: string, from: number): Promise<number> {
    return timeOf(await this.#program.answer((line) => tellsOf(line, event), from));
  }
}

function tellsOf(line: string, event: string): boolean {
  return line.includes(`"event":"${event}"`);
}

function timeOf(line: string): number {
  return Date.parse(String(logEntry(line)["time"]));
}
