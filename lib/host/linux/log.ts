/**
 * Log lines to standard error and to syslog. Neither may ever hold the daemon up: standard error is
 * asked for room before each write; what it does not take waits in a bounded queue, and when that
 * is full the oldest lines go and their number is told.
 */
import {
  AF,
  cString,
  type Libc,
  O,
  pollDescriptor,
  POLLOUT,
  SOCK,
  Socket,
  unixAddress,
} from "../../../ffi/mod.ts";
import { viewOf } from "../../base/mod.ts";
import { type Diagnostic, renderDiagnostic } from "../../config/mod.ts";
import { type Level, levelOf, renderTell, type Tell } from "../../engine/mod.ts";
import type { DaemonOptions } from "../port.ts";
import { plainTell } from "./plain_tell.ts";

/** Lines that wait for a slow reader. */
const queueLength = 1000;
/** POSIX: a pipe that is ready takes this many octets without blocking. */
const pipeBuffer = 4096;
const retryMs = 50;

/** Syslog severities (RFC 5424 §6.2.1). */
const severities: Record<Level, number> = {
  debug: 7,
  info: 6,
  notice: 5,
  warning: 4,
  error: 3,
};

/** Facilities by name (RFC 5424 §6.2.1). */
const facilities: Record<string, number> = {
  user: 1,
  daemon: 3,
  ...Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`local${at}`, 16 + at])),
};

/** Where the daemon says what happens. */
export class Log {
  readonly #libc: Libc;
  readonly #options: DaemonOptions;
  readonly #queue: Uint8Array[] = [];
  readonly #poll = pollDescriptor(2, POLLOUT);
  readonly #syslog: Socket | undefined;
  readonly #file: number;
  #lost = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(libc: Libc, options: DaemonOptions) {
    this.#libc = libc;
    this.#options = options;
    const { logTo, logFile } = options;
    const append = O.WRONLY | O.CREAT | O.APPEND | O.CLOEXEC;
    this.#file = logFile === undefined ? -1 : libc.libc.open(cString(logFile), append, 0o600);
    if (logTo === "syslog" || logTo === "both") {
      const opened = Socket.open(libc, AF.UNIX, SOCK.DGRAM, 0);
      this.#syslog = opened.ok ? opened.value : undefined;
    }
  }

  /** Says what the engine tells. */
  tell(tell: Tell): void {
    this.write(levelOf(tell), renderTell(tell), plainTell(tell));
  }

  /** Says every remark about a configuration at its level. */
  diagnose(diagnostics: readonly Diagnostic[]): void {
    for (const diagnostic of diagnostics) {
      const level = diagnostic.severity === "warning" ? "warning" : "error";
      this.write(level, renderDiagnostic(diagnostic));
    }
  }

  /** Says a sentence, with data beside it in JSON logs. */
  write(level: Level, message: string, data: Readonly<Record<string, unknown>> = {}): void {
    if (severities[level] > severities[this.#options.logLevel]) return;
    const { logTo } = this.#options;
    if (logTo === "stderr" || logTo === "both") {
      this.#enqueue(this.#line(level, message, data));
      this.#flush();
    }
    if (this.#file >= 0) {
      const line = new TextEncoder().encode(`${this.#line(level, message, data)}\n`);
      this.#libc.libc.write(this.#file, line, line.length);
    }
    if (this.#syslog !== undefined) {
      const facility = facilities[this.#options.syslogFacility] ?? 3;
      const line = `<${facility * 8 + severities[level]}>standin[${process.pid}]: ${message}`;
      this.#syslog.sendTo(new TextEncoder().encode(line), unixAddress("/dev/log"));
    }
  }

  #line(level: Level, message: string, data: Readonly<Record<string, unknown>>): string {
    const time = new Date().toISOString();
    if (this.#options.logFormat === "json") {
      return JSON.stringify({ time, level, message, ...data });
    }
    // The journal keeps its own time and takes the severity from this prefix (sd-daemon(3)).
    if (process.env["JOURNAL_STREAM"] !== undefined) return `<${severities[level]}>${message}`;
    return `${time} ${level.padEnd(7)} ${message}`;
  }

  #enqueue(line: string): void {
    if (this.#queue.length >= queueLength) {
      this.#queue.shift();
      this.#lost++;
    }
    this.#queue.push(new TextEncoder().encode(`${line}\n`));
  }

  #flush(): void {
    const { libc } = this.#libc;
    for (;;) {
      const line = this.#queue[0];
      if (line === undefined) break;
      if (libc.poll(this.#poll, 1, 0) !== 1) return this.#retryLater();
      const ready = viewOf(this.#poll).getInt16(6, true);
      // Nobody reads any more: the lines are lost, the daemon goes on.
      if ((ready & POLLOUT) === 0) {
        this.#queue.length = 0;
        return;
      }
      const written = libc.write(2, line, Math.min(line.length, pipeBuffer));
      if (written < 0) return this.#retryLater();
      if (written < line.length) this.#queue[0] = line.subarray(written);
      else this.#queue.shift();
    }
    const lost = this.#lost;
    this.#lost = 0;
    if (lost > 0) this.write("warning", `${lost} log lines were lost: their reader is too slow`);
  }

  #retryLater(): void {
    if (this.#retry !== undefined) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#flush();
    }, retryMs);
    this.#retry.unref();
  }
}
