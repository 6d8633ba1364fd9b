/**
 * The signals on which keepalived writes files about itself: what was made to send them to
 * keepalived finds the same files here. What has no handler would end the daemon, so the real-time
 * ones are taken early, too; what writes the files is loaded by the first of them.
 */
import { type Libc, SIG_IGN, SignalPipe } from "../../../ffi/mod.ts";
import type { Signals } from "../port.ts";
import type { DumpFiles, DumpParts } from "./dump_files.ts";
import type { LinuxHost } from "./linux_host.ts";

/** keepalived's signals, as `keepalived --signum` tells them with glibc (behaviour 2.4). */
const signals = { json: 36, clear: 63, threads: 64 } as const;

/** Writes dumps when they are asked for. */
export class DumpSignals {
  readonly #libc: Libc;
  readonly #pipes: Readonly<Record<"json" | "clear", SignalPipe | undefined>>;
  #files: Promise<DumpFiles> | undefined;

  /** Takes the signals, to be called early; until `answer` nothing comes of them. */
  constructor(libc: Libc) {
    this.#libc = libc;
    const [json, clear] = [signals.json, signals.clear].map((signal) =>
      SignalPipe.reserve(libc, signal)
    );
    this.#pipes = { json, clear };
    // There are no threads of keepalived's kind to tell of.
    libc.libc.signal(signals.threads, SIG_IGN);
  }

  /** Begins to answer. */
  answer(host: LinuxHost, named: Signals, parts: DumpParts): void {
    // Whoever asks for a file must not end the daemon by that.
    const dump = (write: (files: DumpFiles) => void | Promise<void>): void => {
      this.#files ??= load(parts);
      void this.#files.then(write).catch((error: unknown) =>
        parts.log.write("error", `Cannot dump: ${error instanceof Error ? error.message : error}`)
      );
    };
    named.answer("SIGUSR1", () => dump((files) => files.state()));
    named.answer("SIGUSR2", () => dump((files) => files.statistics()));
    this.#hear("json", host, () => dump((files) => files.json()));
    this.#hear("clear", host, () => {
      dump((files) => files.statistics());
      dump(() => host.feed({ kind: "clear-counters" }));
    });
  }

  #hear(which: "json" | "clear", host: LinuxHost, handler: () => void): void {
    const pipe = this.#pipes[which];
    if (pipe?.hear() !== true) return;
    host.listen(pipe.fd, () => {
      if (pipe.drain()) handler();
    });
  }

  [Symbol.dispose](): void {
    for (const pipe of Object.values(this.#pipes)) pipe?.[Symbol.dispose]();
    for (const signal of [signals.json, signals.clear]) this.#libc.libc.signal(signal, SIG_IGN);
  }
}

async function load(parts: DumpParts): Promise<DumpFiles> {
  const { DumpFiles } = await import("./dump_files.ts");
  return new DumpFiles(parts);
}
