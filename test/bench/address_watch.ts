/**
 * Watches virtual addresses come and go in a namespace, each with the time at which the kernel's
 * message was read.
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Network, Side } from "./network.ts";
import { waitFor } from "./wait.ts";

/** An address came or went. */
export interface AddressChange {
  /** Microseconds since 1970. */
  readonly at: number;
  readonly address: string;
  readonly gone: boolean;
}

/** Changes of the virtual addresses on one side. */
export class AddressWatch {
  readonly #changes: AddressChange[] = [];
  readonly #child: ChildProcess;
  #rest = "";

  constructor(network: Network, side: Side) {
    const [command = "", ...words] = network.inside(side);
    this.#child = spawn(command, [...words, "ip", "-4", "-o", "-ts", "monitor", "address"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    this.#child.stdout?.on("data", (bytes: Uint8Array) => this.#read(bytes));
  }

  /** Waits until so many addresses have come since `from`; when the last one did. */
  async come(count: number, from: number, limitMs: number): Promise<number | undefined> {
    return await this.#last(count, from, limitMs, false);
  }

  /** Waits until so many addresses have gone since `from`; when the last one did. */
  async gone(count: number, from: number, limitMs: number): Promise<number | undefined> {
    return await this.#last(count, from, limitMs, true);
  }

  /** Whether any virtual address is there now. */
  holds(): boolean {
    const latest = new Map(this.#changes.map(({ address, gone }) => [address, gone]));
    return [...latest.values()].includes(false);
  }

  /** When an address went last; undefined when none ever did. */
  lastLoss(): number | undefined {
    return this.#changes.findLast(({ gone }) => gone)?.at;
  }

  [Symbol.dispose](): void {
    this.#child.kill("SIGKILL");
  }

  async #last(
    count: number,
    from: number,
    limitMs: number,
    gone: boolean,
  ): Promise<number | undefined> {
    return await waitFor(() => {
      const found = new Map<string, number>();
      for (const change of this.#changes) {
        if (change.gone !== gone || change.at < from || found.has(change.address)) continue;
        found.set(change.address, change.at);
      }
      return found.size >= count ? Math.max(...found.values()) : undefined;
    }, limitMs);
  }

  #read(bytes: Uint8Array): void {
    this.#rest += new TextDecoder().decode(bytes);
    const lines = this.#rest.split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      const match = /^\[(\S+)\.(\d{6})\] (Deleted )?.* inet (10\.78\.\S+)/.exec(line);
      if (match === null) continue;
      const [, time = "", fraction = "", deleted, address = ""] = match;
      const at = Date.parse(time) * 1000 + Number(fraction);
      this.#changes.push({ at, address, gone: deleted !== undefined });
    }
  }
}
