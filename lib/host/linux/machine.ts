/**
 * What the engine asks of the machine besides the network: commands, files, processes, links. Most
 * nodes ask for none of it, so it is loaded when the first of them is asked for; until then what is
 * asked waits in order.
 */
import type { Libc, Poller } from "../../../ffi/mod.ts";
import { unreachable } from "../../base/mod.ts";
import type { Effect, EngineEvent } from "../../engine/mod.ts";
import type { CommandRunner } from "./command_runner.ts";
import type { Fifos } from "./fifo.ts";
import type { FileWatch } from "./file_watch.ts";
import type { LinkPoll } from "./link_poll.ts";
import type { ProcessWatch } from "./process_watch.ts";

/** The effects that are carried out here. */
export type MachineEffect = Extract<
  Effect,
  {
    kind:
      | "run-command"
      | "signal-command"
      | "watch-file"
      | "unwatch-file"
      | "watch-processes"
      | "poll-links"
      | "open-fifo"
      | "write-fifo"
      | "close-fifo";
  }
>;

/** What the parts need. */
export interface MachineParts {
  readonly libc: Libc;
  readonly poller: Poller;
  /** Gives the engine an event in a turn of its own. */
  feed(event: EngineEvent): void;
}

interface Loaded {
  readonly commands: CommandRunner;
  readonly files: FileWatch;
  readonly processes: ProcessWatch;
  readonly links: LinkPoll;
  readonly fifos: Fifos;
}

/** The machine of one node. */
export class Machine {
  readonly #parts: MachineParts;
  readonly #waiting: MachineEffect[] = [];
  #loaded: Loaded | undefined;
  #loading = false;
  #closed = false;
  #carrying = false;

  constructor(parts: MachineParts) {
    this.#parts = parts;
  }

  /** Carries an effect out, now or when everything is loaded. */
  perform(effect: MachineEffect): void {
    const loaded = this.#loaded;
    if (loaded !== undefined) return this.#carryOut(loaded, effect);
    this.#waiting.push(effect);
    if (this.#loading) return;
    this.#loading = true;
    void this.#load();
  }

  /** Whatever happens from now on is not told. */
  close(): void {
    this.#closed = true;
    this.#loaded?.commands[Symbol.dispose]();
    this.#loaded?.files[Symbol.dispose]();
    this.#loaded?.processes[Symbol.dispose]();
    this.#loaded?.links[Symbol.dispose]();
    this.#loaded = undefined;
  }

  #carryOut(loaded: Loaded, effect: MachineEffect): void {
    this.#carrying = true;
    carryOut(loaded, effect);
    this.#carrying = false;
  }

  /** The engine is not given an event while it waits for its effects to be carried out. */
  #feed(event: EngineEvent): void {
    if (this.#carrying) return queueMicrotask(() => this.#feed(event));
    if (!this.#closed) this.#parts.feed(event);
  }

  async #load(): Promise<void> {
    const [commands, files, processes, links, fifos] = await Promise.all([
      import("./command_runner.ts"),
      import("./file_watch.ts"),
      import("./process_watch.ts"),
      import("./link_poll.ts"),
      import("./fifo.ts"),
    ]);
    if (this.#closed) return;
    const { libc } = this.#parts;
    const feed = (event: EngineEvent): void => this.#feed(event);
    const parts = { ...this.#parts, feed };
    const loaded = {
      commands: new commands.CommandRunner(
        libc,
        (run, end) => feed({ kind: "command-ended", run, end }),
      ),
      files: new files.FileWatch(parts),
      processes: new processes.ProcessWatch(parts),
      links: new links.LinkPoll(parts),
      fifos: new fifos.Fifos(libc, feed),
    };
    this.#loaded = loaded;
    for (const effect of this.#waiting.splice(0)) this.#carryOut(loaded, effect);
  }
}

function carryOut(
  { commands, files, processes, links, fifos }: Loaded,
  effect: MachineEffect,
): void {
  switch (effect.kind) {
    case "run-command":
      return commands.run(effect.run, effect.command);
    case "signal-command":
      return commands.signal(effect.run, effect.signal);
    case "watch-file":
      return files.watch(effect.path, effect.init);
    case "unwatch-file":
      return files.unwatch(effect.path);
    case "watch-processes":
      return processes.watch(effect.plans, effect.buffer);
    case "poll-links":
      return links.poll(effect.links);
    case "open-fifo":
      return fifos.open(effect);
    case "write-fifo":
      return fifos.write(effect.path, effect.line);
    case "close-fifo":
      return fifos.close(effect.path);
    default:
      return unreachable(effect);
  }
}
