/**
 * What the engine asks of the machine besides the network: commands, files, processes, links and
 * FIFOs.
 */
import { unreachable } from "../../base/mod.ts";
import type { MachineEffect } from "../../engine/mod.ts";
import { CommandRunner } from "./command_runner.ts";
import { Fifos } from "./fifo.ts";
import { type HeldFile, stopsPath } from "./held_file.ts";
import { KeptStops } from "./kept_stops.ts";
import { FileWatch } from "./file_watch.ts";
import type { Part, PartTools } from "./lazy_part.ts";
import { LinkPoll } from "./link_poll.ts";
import { Mailer } from "./mailer.ts";
import type { WebhookCaller } from "./webhook_caller.ts";
import { ProcessWatch } from "./process_watch.ts";

/** The machine of one node. */
export class Machine implements Part<MachineEffect> {
  readonly #commands: CommandRunner;
  readonly #files: FileWatch;
  readonly #processes: ProcessWatch;
  readonly #links: LinkPoll;
  readonly #fifos: Fifos;
  readonly #mailer: Mailer;
  readonly #feed: PartTools["feed"];
  #webhooks: WebhookCaller | undefined;
  readonly #stops: KeptStops;

  constructor(tools: PartTools, held: HeldFile) {
    const { libc, feed, quiet } = tools;
    this.#commands = new CommandRunner(
      libc,
      (run, end, output) => feed({ kind: "command-ended", run, end, ...(output && { output }) }),
      quiet,
    );
    this.#files = new FileWatch(tools);
    this.#processes = new ProcessWatch(tools);
    this.#links = new LinkPoll(tools);
    this.#fifos = new Fifos(libc, feed);
    this.#mailer = new Mailer(feed);
    this.#feed = feed;
    this.#stops = new KeptStops(stopsPath(held.path), held.files);
  }

  perform(effect: MachineEffect): void {
    switch (effect.kind) {
      case "run-command":
        return this.#commands.run(effect.run, effect.command, effect.listen);
      case "signal-command":
        return this.#commands.signal(effect.run, effect.signal);
      case "keep-stops":
        return this.#stops.keep(effect.owner, effect.stops);
      case "watch-file":
        return this.#files.watch(effect.path, effect.init);
      case "unwatch-file":
        return this.#files.unwatch(effect.path);
      case "watch-processes":
        return this.#processes.watch(effect.plans, effect.buffer);
      case "poll-links":
        return this.#links.poll(effect.links);
      case "open-fifo":
        return this.#fifos.open(effect);
      case "write-fifo":
        return this.#fifos.write(effect.path, effect.line);
      case "close-fifo":
        return this.#fifos.close(effect.path);
      case "send-mail":
        return void this.#mailer.send(effect);
      case "call-webhook":
        return void this.#callWebhook(effect);
      default:
        return unreachable(effect);
    }
  }

  async #callWebhook(effect: Extract<MachineEffect, { kind: "call-webhook" }>): Promise<void> {
    const { WebhookCaller } = await import("./webhook_caller.ts");
    this.#webhooks ??= new WebhookCaller(this.#feed);
    await this.#webhooks.call(effect);
  }

  close(): void {
    this.#webhooks?.[Symbol.dispose]();
    this.#commands[Symbol.dispose]();
    this.#files[Symbol.dispose]();
    this.#processes[Symbol.dispose]();
    this.#links[Symbol.dispose]();
    this.#mailer[Symbol.dispose]();
  }
}
