/**
 * A check that talks over a connection: connects, encrypts where that is asked, says what the
 * exchange wants said, and looks for a pattern in what came.
 */
import type { Socket } from "../../../../ffi/mod.ts";
import {
  AgentExchange,
  type AgentPlan,
  type Exchange,
  HttpExchange,
  type HttpProbe,
  type Said,
  SmtpExchange,
  type SmtpPlan,
} from "../../../check/mod.ts";
import { type Abortable, connect, type ProbeTools, sentenceOf } from "./connecting.ts";
import { type ByteStream, SocketStream } from "./socket_stream.ts";

/** What becomes of a conversation; the end is told once. */
export interface Listener {
  connected(): void;
  ended(failure?: string, answer?: string): void;
}

/** What is asked in a conversation. */
export type Talk = HttpProbe | SmtpPlan | AgentPlan;

/** The parts that only some checks need. */
interface Extras {
  readonly tls?: typeof import("./tls_stream.ts");
  readonly digest?: typeof import("./running_digest.ts");
  readonly pattern?: typeof import("./pattern.ts");
}

/** One conversation. */
export class Conversation implements Abortable {
  readonly #tools: ProbeTools;
  readonly #probe: Talk;
  readonly #listener: Listener;
  #extras: Extras = {};
  #under: Abortable | undefined;
  #stream: ByteStream | undefined;
  #open = true;

  constructor(tools: ProbeTools, probe: Talk, listener: Listener) {
    this.#tools = tools;
    this.#probe = probe;
    this.#listener = listener;
  }

  /** Begins; everything is told to the listener. */
  start(): void {
    const { kind } = this.#probe;
    const needs = kind === "http" &&
      (this.#probe.tls ?? this.#probe.url.digest ?? this.#probe.url.pattern) !== undefined;
    if (!needs) return this.#connect();
    void this.#load().then(() => this.#connect(), (error: unknown) => this.#end(textOf(error)));
  }

  close(): void {
    this.#open = false;
    this.#under?.close();
    this.#stream?.close();
  }

  async #load(): Promise<void> {
    if (this.#probe.kind !== "http") return;
    const { tls, url } = this.#probe;
    this.#extras = {
      ...(tls === undefined ? {} : { tls: await import("./tls_stream.ts") }),
      ...(url.digest === undefined ? {} : { digest: await import("./running_digest.ts") }),
      ...(url.pattern === undefined ? {} : { pattern: await import("./pattern.ts") }),
    };
  }

  #connect(): void {
    if (!this.#open) return;
    this.#under = connect(this.#tools, this.#probe.connection, (result) => {
      if (!result.ok) return this.#end(sentenceOf(result.error));
      this.#under = undefined;
      try {
        this.#talk(result.value);
      } catch (error) {
        this.#tools.watch.forget(result.value.fd);
        result.value[Symbol.dispose]();
        this.#end(textOf(error));
      }
    });
  }

  #talk(socket: Socket): void {
    const { watch } = this.#tools;
    const exchange = this.#newExchange();
    const hearer = {
      data: (bytes: Uint8Array): void => this.#heard(exchange.take(bytes)),
      end: (failure?: string): void => {
        if (failure === undefined) this.#heard(exchange.end());
        else this.#end(failure);
      },
    };
    const probe = this.#probe;
    const { tls } = this.#extras;
    if (probe.kind === "http" && probe.tls !== undefined && tls !== undefined) {
      const { serverName, endsTls } = probe.url;
      const words = { plan: probe.tls, serverName, endsTls };
      const begin = (): void => this.#begin(exchange);
      this.#stream = new tls.TlsStream({ socket, watch }, words, hearer, begin);
      return;
    }
    const stream = new SocketStream(socket, watch, hearer);
    this.#stream = stream;
    this.#begin(exchange);
    stream.resume();
  }

  #newExchange(): Exchange {
    const probe = this.#probe;
    if (probe.kind === "agent") return new AgentExchange(probe);
    if (probe.kind === "smtp") return new SmtpExchange(probe.helo);
    return new HttpExchange(probe.url, probe.version, this.#extras.digest?.runningMd5());
  }

  #begin(exchange: Exchange): void {
    this.#listener.connected();
    const first = exchange.open();
    if (first !== undefined) this.#stream?.send(first);
  }

  #heard(said: Said): void {
    if (!this.#open) return;
    if (said.kind === "more") {
      if (said.send !== undefined) this.#stream?.send(said.send);
      return;
    }
    this.#stream?.close();
    const { failure, body, answer } = said;
    const { pattern } = this.#extras;
    const wanted = this.#probe.kind === "http" ? this.#probe.url.pattern : undefined;
    if (failure !== undefined || body === undefined) return this.#end(failure, answer);
    if (pattern === undefined || wanted === undefined) return this.#end();
    const stillWanted = (): boolean => this.#open;
    void pattern.judgeBody(this.#tools.libc, wanted, body, stillWanted).then((objection) =>
      this.#end(objection)
    );
  }

  #end(failure?: string, answer?: string): void {
    if (!this.#open) return;
    this.close();
    this.#listener.ended(failure, answer);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
