/**
 * A running router of a story, whoever made it: how it is started, what it says about its state,
 * and how it ends. The differences between the makes are in `makes.ts` and `frr.ts`; a story never
 * sees them.
 */
import type { Lab, Node } from "./lab.ts";
import { addressesOf, type RouterPlan } from "./plan.ts";
import type { Program } from "./program.ts";
import type { Segment } from "./segment.ts";

/** The states that every make has. */
export type State = "BACKUP" | "MASTER" | "FAULT" | "OTHER";

/** What is different from make to make. */
export interface Make {
  readonly name: "standin" | "keepalived" | "FRR";
  /** Writes its files and starts what it needs; answers the words that start it. */
  prepare(lab: Lab, node: Node, plan: RouterPlan): Promise<readonly string[]>;
  /** The state that a log line tells of the instance. */
  stateIn(line: string): State | undefined;
  /** Whether the line says that it can be asked; absent where nobody asks it. */
  saysReady?(line: string): boolean;
  /** Whether the node holds the address, as its kernel has it. */
  holds(node: Node, address: string, plan: RouterPlan): boolean;
  /** Kills what takes part in elections, and leaves what is there to clean up after it. */
  crash(program: Program): void;
}

/** One router. */
export class Router {
  readonly make: Make;
  readonly node: Node;
  readonly #lab: Lab;
  #plan: RouterPlan;
  #program: Program | undefined;
  /** How many of its states the story has waited for. */
  #known = 0;

  constructor(lab: Lab, node: Node, make: Make, plan: RouterPlan) {
    this.#lab = lab;
    this.node = node;
    this.make = make;
    this.#plan = plan;
  }

  /** The plan that it was last started with. */
  get plan(): RouterPlan {
    return this.#plan;
  }

  /** The process that a signal goes to. */
  get program(): Program {
    if (this.#program === undefined) throw new Error(`${this.make.name} was not started`);
    return this.#program;
  }

  /** Starts it and waits until it listens or is master. */
  async start(plan: RouterPlan = this.#plan): Promise<void> {
    this.#plan = plan;
    this.#known = 0;
    this.#program = this.#lab.start(
      this.node,
      await this.make.prepare(this.#lab, this.node, plan),
    );
    await this.#lab.bell.until(`${this} has a state`, () => {
      if (this.program.ending !== undefined) throw new Error(`${this} ended at once`);
      const { lines } = this.program;
      const ready = this.make.saysReady === undefined ||
        lines.some((line) => this.make.saysReady?.(line));
      return ready && this.state !== undefined;
    });
  }

  /** Every state that it entered since it was started. */
  get states(): State[] {
    return this.program.lines.flatMap((line) => this.make.stateIn(line) ?? []);
  }

  /** The state that it entered last. */
  get state(): State | undefined {
    return this.states.at(-1);
  }

  /** Waits for a state; one that it has left again before anybody looked counts, too. */
  async becomes(state: State): Promise<void> {
    this.#known = await this.#lab.bell.until(`${this} becomes ${state}`, () => {
      const { states } = this;
      const at = states.at(-1) === state ? states.length - 1 : states.indexOf(state, this.#known);
      return at < 0 ? undefined : at + 1;
    });
  }

  /** How many of its addresses the node has. */
  get held(): number {
    const addresses = addressesOf(this.#plan);
    return addresses.filter((one) => this.make.holds(this.node, one, this.#plan)).length;
  }

  /** Whether it is master and has all addresses. */
  get rules(): boolean {
    return this.state === "MASTER" && this.held === addressesOf(this.#plan).length;
  }

  /** Whether it is backup and has no address. */
  get waits(): boolean {
    return this.state === "BACKUP" && this.held === 0;
  }

  /** Waits until it is master with all addresses. */
  async untilItRules(): Promise<void> {
    await this.#lab.bell.until(`${this} is master with all addresses`, () => this.rules);
    this.#known = this.states.length;
  }

  /** Waits until it is backup without addresses. */
  async untilItWaits(): Promise<void> {
    await this.#lab.bell.until(`${this} is backup without addresses`, () => this.waits);
    this.#known = this.states.length;
  }

  /** Waits until it has no address; the kernel tells the lab so in its own time. */
  async untilItHoldsNothing(): Promise<void> {
    await this.#lab.bell.until(`${this} has no address`, () => this.held === 0);
  }

  /** Waits until the wire has seen its goodbye, an advert of priority 0, and nothing after it. */
  async untilItSaidGoodbye(segment: Segment): Promise<void> {
    await this.#lab.bell.until(`the last word of ${this} is priority 0`, () => {
      return segment.adverts(this.node).at(-1)?.priority === 0;
    });
  }

  /** It dies without a word. */
  async crash(): Promise<void> {
    this.make.crash(this.program);
    await this.program.ended();
  }

  /** It is told to end. */
  async terminate(): Promise<void> {
    this.program.signal("SIGTERM");
    await this.program.ended();
  }

  /** For sentences about it. */
  toString(): string {
    return `${this.make.name} on ${this.node.label}`;
  }
}
