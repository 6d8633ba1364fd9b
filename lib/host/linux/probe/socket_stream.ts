/**
 * A TCP connection that is there, as a stream of octets. A turn of the loop reads so much and lets
 * the rest of the daemon go on, however much there is to read.
 */
import type { Socket } from "../../../../ffi/mod.ts";
import { sentenceOf } from "./connecting.ts";
import type { ProbeWatch } from "./probe_watch.ts";

/** Who hears what comes over a connection; nothing comes after its end. */
export interface Hearer {
  data(bytes: Uint8Array): void;
  /** The other side has closed, or the connection broke for the reason given. */
  end(failure?: string): void;
}

/** A connection with octets in both directions. */
export interface ByteStream {
  /** Sends; a failure is heard as the end. */
  send(bytes: Uint8Array): void;
  close(): void;
}

/** Pieces of this size are read, so many in one turn. */
const [pieceLength, piecesPerTurn] = [65_536, 4];

/** One buffer serves all: what was read is taken before the next is. */
let piece: Uint8Array | undefined;

/** A connection without encryption. */
export class SocketStream implements ByteStream {
  readonly #socket: Socket;
  readonly #watch: ProbeWatch;
  readonly #hearer: Hearer;
  #open = true;
  #watched = false;

  constructor(socket: Socket, watch: ProbeWatch, hearer: Hearer) {
    this.#socket = socket;
    this.#watch = watch;
    this.#hearer = hearer;
  }

  /** Begins to read, or goes on. */
  resume(): void {
    if (!this.#open || this.#watched) return;
    this.#watched = true;
    this.#watch.add(this.#socket.fd, () => this.#read());
  }

  /** Reads no more for now. */
  pause(): void {
    if (!this.#watched) return;
    this.#watched = false;
    this.#watch.remove(this.#socket.fd);
  }

  send(bytes: Uint8Array): void {
    if (!this.#open) return;
    // Nothing that a check sends fills the buffer of a socket.
    const sent = this.#socket.send(bytes);
    if (!sent.ok) this.#ended(sentenceOf(sent.error));
    else if (sent.value < bytes.length) this.#ended("send: the server takes nothing");
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#watch.forget(this.#socket.fd);
    this.#socket[Symbol.dispose]();
  }

  #read(): void {
    piece ??= new Uint8Array(pieceLength);
    for (let count = 0; count < piecesPerTurn && this.#open && this.#watched; count++) {
      const received = this.#socket.read(piece);
      if (!received.ok) return this.#ended(sentenceOf(received.error));
      if (received.value === undefined) return;
      const bytes = received.value;
      if (bytes.length === 0) return this.#ended();
      this.#hearer.data(bytes);
    }
  }

  #ended(failure?: string): void {
    this.close();
    this.#hearer.end(failure);
  }
}
