/**
 * The part of a node that is no network: scripts that end as a story says, files with a number,
 * processes that are counted, interfaces that are asked for their links.
 */
import {
  type CommandEnd,
  type Duration,
  formatCommand,
  microseconds,
  seconds,
} from "../../base/mod.ts";
import type { EngineEvent, MachineEffect } from "../../engine/mod.ts";

/** How a script behaves: how long it runs, and how it ends then. */
export interface ScriptBehaviour {
  readonly takes: Duration;
  readonly end: CommandEnd;
  /** Whether TERM ends it. */
  readonly obeys: boolean;
  /** Its last lines, for those who listen. */
  readonly says: readonly string[];
}

type Feed = (event: EngineEvent) => void;
type WebhookEnded = Extract<EngineEvent, { kind: "webhook-ended" }>;
type RunCommand = Extract<MachineEffect, { kind: "run-command" }>;

interface Running {
  readonly command: string;
  readonly obeys: boolean;
  readonly says: readonly string[] | undefined;
}

const usual: ScriptBehaviour = {
  takes: microseconds(1000),
  end: { kind: "exited", code: 0 },
  obeys: true,
  says: [],
};

/** SIGTERM and SIGKILL. */
const numbers = { TERM: 15, KILL: 9 } as const;

/** Scripts, files and processes of one node. */
export class FakeMachine {
  /** Commands that were run, with the signals that they got. */
  readonly commands: string[] = [];
  /** Files by path; absent ones do not exist. */
  readonly files: Map<string, string> = new Map();
  /** Lines of open FIFOs by path. */
  readonly fifos: Map<string, string[]> = new Map();
  /** How many processes each tracker finds. */
  readonly counts: Map<string, number> = new Map();
  /** Interfaces that are asked for their links, each with the way. */
  polled: readonly string[] = [];
  readonly #later: (delay: Duration, act: () => void) => void;
  readonly #scripts = new Map<string, ScriptBehaviour>();
  readonly #running = new Map<number, Running>();
  readonly #watched = new Set<string>();
  /** What the guard runs when the daemon was killed. */
  readonly #stops = new Map<string, readonly string[]>();

  constructor(later: (delay: Duration, act: () => void) => void) {
    this.#later = later;
  }

  /** Says how a command behaves from its next run on. */
  script(command: string, behaviour: Partial<ScriptBehaviour>): void {
    this.#scripts.set(command, { ...usual, ...behaviour });
  }

  /** Mails that were sent, or tried. */
  readonly mails: Extract<MachineEffect, { kind: "send-mail" }>["mail"][] = [];
  /** What the mail server answers. */
  mailOutcome: Extract<EngineEvent, { kind: "mail-ended" }>["outcome"] = { kind: "sent" };

  /** Calls of webhooks that were taken, or tried. */
  readonly calls: Extract<MachineEffect, { kind: "call-webhook" }>[] = [];
  /** What webhooks answer, by name; those that are not in it take everything. */
  readonly webhooks: Map<string, WebhookEnded["outcome"] | "silent"> = new Map();

  /** Whether changes of a file are told. */
  watches(path: string): boolean {
    return this.#watched.has(path);
  }

  /** Commands that have not ended. */
  running(): string[] {
    return Array.from(this.#running.values(), ({ command }) => command);
  }

  /** The guard finds the daemon killed: what is active is stopped. */
  guard(): void {
    for (const commands of this.#stops.values()) this.commands.push(...commands);
    this.#stops.clear();
  }

  /** The daemon is gone. */
  forget(): void {
    this.#running.clear();
    this.#watched.clear();
  }

  /** Carries an effect out; what it brings comes later. */
  perform(effect: MachineEffect, feed: Feed): void {
    switch (effect.kind) {
      case "run-command":
        return this.#run(effect, feed);
      case "signal-command":
        return this.#signal(effect.run, effect.signal, feed);
      case "keep-stops": {
        const { owner, stops } = effect;
        const commands = stops.flatMap(({ attempts: [first] }) => first ?? []).map(formatCommand);
        this.#stops.set(owner, commands);
        return;
      }
      case "watch-file": {
        const { path, init } = effect;
        this.#watched.add(path);
        if (init !== undefined && (init.overwrite || !this.files.has(path))) {
          this.files.set(path, `${init.value}\n`);
        }
        return this.#later(none, () => feed(this.contentOf(path)));
      }
      case "unwatch-file":
        this.#watched.delete(effect.path);
        return;
      case "watch-processes":
        for (const { name } of effect.plans) {
          const count = this.counts.get(name) ?? 0;
          this.#later(none, () => feed({ kind: "process-count", name, count }));
        }
        return;
      case "poll-links":
        this.polled = effect.links.map(({ name, method }) => `${name} ${method}`);
        return;
      case "open-fifo":
        this.fifos.set(effect.path, []);
        return;
      case "write-fifo":
        this.fifos.get(effect.path)?.push(effect.line);
        return;
      case "close-fifo":
        this.fifos.delete(effect.path);
        return;
      case "call-webhook": {
        this.calls.push(effect);
        const webhook = effect.plan.name;
        const outcome = this.webhooks.get(webhook) ?? { kind: "sent" };
        if (outcome === "silent") return;
        return this.#later(none, () => feed({ kind: "webhook-ended", webhook, outcome }));
      }
      case "send-mail": {
        this.mails.push(effect.mail);
        const outcome = this.mailOutcome;
        return this.#later(none, () => feed({ kind: "mail-ended", outcome }));
      }
    }
  }

  /** What is told of a file. */
  contentOf(path: string): EngineEvent {
    const text = this.files.get(path);
    return { kind: "file-content", path, ...(text === undefined ? {} : { text }) };
  }

  #run({ run, command: plan, listen }: RunCommand, feed: Feed): void {
    const command = formatCommand(plan);
    this.commands.push(command);
    if (plan.kind === "none") {
      const end = { kind: "not-started" as const, reason: plan.reason };
      return this.#later(none, () => feed({ kind: "command-ended", run, end }));
    }
    const { takes, end, obeys, says } = this.#scripts.get(command) ?? usual;
    this.#running.set(run, { command, obeys, says: listen ? says : undefined });
    if (takes < forEver) this.#later(takes, () => this.#end(run, end, feed));
  }

  #signal(run: number, signal: "TERM" | "KILL", feed: Feed): void {
    const running = this.#running.get(run);
    if (running === undefined) return;
    this.commands.push(`${signal} ${running.command}`);
    if (signal === "TERM" && !running.obeys) return;
    this.#later(none, () => this.#end(run, { kind: "killed", signal: numbers[signal] }, feed));
  }

  #end(run: number, end: CommandEnd, feed: Feed): void {
    const running = this.#running.get(run);
    if (running === undefined) return;
    this.#running.delete(run);
    const output = running.says;
    feed({ kind: "command-ended", run, end, ...(output === undefined ? {} : { output }) });
  }
}

const none = microseconds(0);

/** A script that takes so long never ends by itself. */
export const forEver: Duration = seconds(1_000_000);
