/**
 * The body of an HTTP response, by length, in chunks (RFC 9112 §7.1) or up to the end of the
 * connection. The pieces go to whoever wants them; nothing is kept here but one line of a chunk.
 */

/** How the end of a body is known. */
export type Framing =
  | { readonly kind: "length"; readonly octets: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "close" };

/** Whether a body goes on, is complete, or makes no sense. */
export type BodyState = "more" | "complete" | "malformed";

/** The longest line of a chunk, and the longest trailer. */
const lineMax = 4096;
const [cr, lf] = [13, 10];

/** Reads a body. */
export class HttpBody {
  readonly #framing: Framing;
  readonly #piece: (bytes: Uint8Array) => void;
  /** Octets that are still to come of the body or of the present chunk. */
  #left: number;
  #place: "size" | "data" | "after" | "trailer" = "size";
  #line = "";
  #trailer = 0;

  constructor(framing: Framing, piece: (bytes: Uint8Array) => void) {
    this.#framing = framing;
    this.#piece = piece;
    this.#left = framing.kind === "length" ? framing.octets : 0;
  }

  /** Takes what arrived. */
  take(bytes: Uint8Array): BodyState {
    if (this.#framing.kind === "chunked") return this.#takeChunks(bytes);
    const taken = this.#framing.kind === "length" ? bytes.subarray(0, this.#left) : bytes;
    this.#piece(taken);
    this.#left -= taken.length;
    return this.#framing.kind === "length" && this.#left === 0 ? "complete" : "more";
  }

  /** The connection has ended: whether the body is there. */
  end(): BodyState {
    return this.#framing.kind === "close" ? "complete" : "more";
  }

  #takeChunks(bytes: Uint8Array): BodyState {
    let at = 0;
    while (at < bytes.length) {
      if (this.#place === "data") {
        const piece = bytes.subarray(at, at + this.#left);
        this.#piece(piece);
        at += piece.length;
        this.#left -= piece.length;
        if (this.#left === 0) this.#place = "after";
        continue;
      }
      const octet = bytes[at++] ?? 0;
      if (octet !== lf) {
        if (octet !== cr) this.#line += String.fromCharCode(octet);
        if (this.#line.length > lineMax) return "malformed";
        continue;
      }
      const state = this.#lineEnded();
      if (state !== "more") return state;
    }
    return "more";
  }

  #lineEnded(): BodyState {
    const line = this.#line;
    this.#line = "";
    switch (this.#place) {
      case "size": {
        const size = /^\s*([0-9a-fA-F]{1,8})\s*(;.*)?$/.exec(line)?.[1];
        if (size === undefined) return "malformed";
        this.#left = Number.parseInt(size, 16);
        this.#place = this.#left === 0 ? "trailer" : "data";
        return "more";
      }
      case "after":
        this.#place = "size";
        return line === "" ? "more" : "malformed";
      default:
        this.#trailer += line.length;
        if (line === "") return "complete";
        return this.#trailer > lineMax ? "malformed" : "more";
    }
  }
}
