/**
 * TLS over a connection of ours: the runtime encrypts, we carry the octets, so source address,
 * interface and mark are those of the check. As with keepalived the certificate of the server is
 * not verified. Loaded by those who have an `SSL_GET`.
 */
import { Duplex } from "node:stream";
import { connect, type TLSSocket } from "node:tls";
import type { Socket } from "../../../../ffi/mod.ts";
import type { TlsPlan } from "../../../check/mod.ts";
import type { ProbeWatch } from "./probe_watch.ts";
import { type ByteStream, type Hearer, SocketStream } from "./socket_stream.ts";
import { contextOf } from "./tls_context.ts";

/** How long the end of TLS may take, in milliseconds. */
const closeLimit = 1000;

/** What a connection is encrypted with. */
export interface TlsWords {
  readonly plan: TlsPlan;
  readonly serverName: string | undefined;
  /** Ends TLS in due form. */
  readonly endsTls: boolean;
}

/** An encrypted connection; `secured` is called once it is there. */
export class TlsStream implements ByteStream {
  readonly #raw: SocketStream;
  readonly #tls: TLSSocket;
  readonly #hearer: Hearer;
  readonly #endsTls: boolean;
  #open = true;

  /** Throws a sentence when a file of the plan can not be used. */
  constructor(
    { socket, watch }: { readonly socket: Socket; readonly watch: ProbeWatch },
    { plan, serverName, endsTls }: TlsWords,
    hearer: Hearer,
    secured: () => void,
  ) {
    this.#hearer = hearer;
    this.#endsTls = endsTls;
    const secureContext = contextOf(plan);
    const carrier = new Duplex({
      read: () => this.#raw.resume(),
      write: (chunk: Uint8Array, _encoding, done) => {
        this.#raw.send(chunk);
        done();
      },
      final: (done) => {
        this.#raw.close();
        done();
      },
    });
    this.#raw = new SocketStream(socket, watch, {
      data: (bytes) => {
        // The buffer is used again; and nothing more is read until this is wanted.
        if (!carrier.push(bytes.slice())) this.#raw.pause();
      },
      end: (failure) => {
        if (failure === undefined) carrier.push(null);
        else this.#ended(failure);
      },
    });
    this.#tls = connect({
      socket: carrier,
      secureContext,
      rejectUnauthorized: false,
      ...(serverName === undefined ? {} : { servername: serverName }),
    });
    this.#tls.on("secureConnect", () => {
      if (this.#open) secured();
    });
    this.#tls.on("data", (bytes: Uint8Array) => {
      if (this.#open) this.#hearer.data(bytes);
    });
    this.#tls.on("end", () => this.#ended());
    this.#tls.on("close", () => this.#ended());
    this.#tls.on("error", (error: Error) => this.#ended(`TLS: ${error.message}`));
    this.#raw.resume();
  }

  send(bytes: Uint8Array): void {
    if (this.#open) this.#tls.write(bytes);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    if (!this.#endsTls) return this.#drop();
    this.#tls.end();
    setTimeout(() => this.#drop(), closeLimit).unref();
  }

  #drop(): void {
    this.#raw.close();
    this.#tls.destroy();
  }

  #ended(failure?: string): void {
    if (!this.#open) return;
    this.#open = false;
    this.#drop();
    this.#hearer.end(failure);
  }
}
