/**
 * Netlink attributes (linux/netlink.h, struct nlattr): length, type, payload, each aligned to four
 * octets, nested at will. The writer grows as needed and patches the length of a nest when it ends.
 * The reader walks once and remembers the first thing that was wrong: callers ask for what they
 * want and look at `error` at the end, so that a decoder reads as a list of fields.
 *
 * Numbers are in the machine's order, which is little-endian wherever we run; payloads that the
 * kernel keeps in network order (addresses) are octets to us.
 */
import { assert, concatBytes, viewOf } from "../base/mod.ts";
import type { NetlinkError } from "./error.ts";

/*
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-+-+---------------------------+
 *  |        Length, with header    |N|O|          Type             |
 *  +-------------------------------+-+-+---------------------------+
 *  |        Payload, padded to a multiple of 4 octets
 *  +-----------------
 *  N: NLA_F_NESTED    O: NLA_F_NET_BYTEORDER
 */
const attributeHeaderLength = 4;

/** Says that the payload is attributes again (NLA_F_NESTED). */
const nestedFlag = 0x8000;

/** The bits of the type field that are the type (NLA_TYPE_MASK). */
const typeMask = 0x3fff;

/** The length with padding (NLMSG_ALIGN and NLA_ALIGN are the same). */
export function aligned(length: number): number {
  return (length + 3) & ~3;
}

/** Builds the payload of a message: fixed structures first, then attributes. */
export class AttributeWriter {
  #bytes = new Uint8Array(256);
  #view = viewOf(this.#bytes);
  #length = 0;

  /** Octets as they are, padded: a structure such as ifinfomsg. */
  raw(bytes: Uint8Array): this {
    const at = this.#reserve(aligned(bytes.length));
    this.#bytes.set(bytes, at);
    return this;
  }

  /** An attribute with an opaque payload. */
  bytes(type: number, payload: Uint8Array): this {
    const at = this.#attribute(type, payload.length);
    this.#bytes.set(payload, at);
    return this;
  }

  u8(type: number, value: number): this {
    const at = this.#attribute(type, 1);
    this.#view.setUint8(at, value);
    return this;
  }

  u16(type: number, value: number): this {
    const at = this.#attribute(type, 2);
    this.#view.setUint16(at, value, true);
    return this;
  }

  u32(type: number, value: number): this {
    const at = this.#attribute(type, 4);
    this.#view.setUint32(at, value, true);
    return this;
  }

  /** Text with the zero octet that the kernel expects at its end. */
  text(type: number, text: string): this {
    assert(!text.includes("\0"), "text for the kernel has no zero octet");
    return this.bytes(type, concatBytes(new TextEncoder().encode(text), Uint8Array.of(0)));
  }

  /** An attribute whose payload is what `fill` writes. */
  nested(type: number, fill: (writer: this) => void): this {
    const start = this.#attribute(type | nestedFlag, 0) - attributeHeaderLength;
    fill(this);
    const length = this.#length - start;
    assert(length <= 0xffff, "a nest of attributes has at most 65535 octets");
    this.#view.setUint16(start, length, true);
    return this;
  }

  /** A copy of all that was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** Writes a header and answers where the payload goes; `#bytes` may be others after it. */
  #attribute(type: number, payloadLength: number): number {
    const length = attributeHeaderLength + payloadLength;
    assert(length <= 0xffff, "an attribute has at most 65535 octets");
    const at = this.#reserve(aligned(length));
    this.#view.setUint16(at, length, true);
    this.#view.setUint16(at + 2, type, true);
    return at + attributeHeaderLength;
  }

  /** Makes room for so many zero octets and answers where they begin. */
  #reserve(length: number): number {
    const at = this.#length;
    this.#length += length;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
      this.#view = viewOf(larger);
    }
    return at;
  }
}

/** Reads the attributes of one level. Of an attribute that comes twice, the last one counts. */
export class AttributeReader {
  readonly #payloads = new Map<number, Uint8Array>();
  #error: NetlinkError | undefined;

  constructor(bytes: Uint8Array) {
    this.#error = this.#walk(bytes);
  }

  /** The first thing that was wrong, in walking or in asking. */
  get error(): NetlinkError | undefined {
    return this.#error;
  }

  /** The payload as it is; a view, not a copy. */
  bytes(type: number): Uint8Array | undefined {
    return this.#payloads.get(type);
  }

  u8(type: number): number | undefined {
    return this.#sized(type, 1)?.getUint8(0);
  }

  u16(type: number): number | undefined {
    return this.#sized(type, 2)?.getUint16(0, true);
  }

  u32(type: number): number | undefined {
    return this.#sized(type, 4)?.getUint32(0, true);
  }

  i32(type: number): number | undefined {
    return this.#sized(type, 4)?.getInt32(0, true);
  }

  /** Text up to its zero octet. */
  text(type: number): string | undefined {
    const payload = this.bytes(type);
    if (payload === undefined) return undefined;
    const end = payload.indexOf(0);
    return new TextDecoder().decode(end < 0 ? payload : payload.subarray(0, end));
  }

  /** The attributes within an attribute; what is wrong there is wrong here. */
  nested(type: number): AttributeReader | undefined {
    const payload = this.bytes(type);
    if (payload === undefined) return undefined;
    const inner = new AttributeReader(payload);
    this.#error ??= inner.error;
    return inner;
  }

  /** A view of a payload that must have at least so many octets. */
  #sized(type: number, length: number): DataView | undefined {
    const payload = this.bytes(type);
    if (payload === undefined) return undefined;
    if (payload.length >= length) return viewOf(payload);
    const detail = `Attribute ${type} has ${payload.length} octets, expected ${length}`;
    this.#error ??= { kind: "malformed", detail };
    return undefined;
  }

  /** Every step is at least a header long, so the walk ends. */
  #walk(bytes: Uint8Array): NetlinkError | undefined {
    const view = viewOf(bytes);
    let at = 0;
    while (at < bytes.length) {
      const left = bytes.length - at;
      if (left < attributeHeaderLength) {
        return { kind: "truncated", detail: `Attribute header is cut short: got ${left} octets` };
      }
      const length = view.getUint16(at, true);
      const type = view.getUint16(at + 2, true) & typeMask;
      if (length < attributeHeaderLength) {
        return { kind: "malformed", detail: `Attribute ${type} has length ${length}` };
      }
      if (length > left) {
        const detail = `Attribute ${type} is cut short: expected ${length} octets, got ${left}`;
        return { kind: "truncated", detail };
      }
      this.#payloads.set(type, bytes.subarray(at + attributeHeaderLength, at + length));
      at += aligned(length);
    }
    return undefined;
  }
}
