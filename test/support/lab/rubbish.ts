/**
 * Adverts that are wrong in one way each. All are made from one that would be believed: priority
 * 250 for the virtual router of the stories, from a stranger on the segment. What is wrong is wrong
 * alone: where the fault is not the checksum, the checksum is right.
 */
import {
  centiseconds,
  concatBytes,
  internetChecksum,
  type IpAddress,
  type MacAddress,
  parseIp,
  parseMac,
  type Priority,
  toHex,
  type Vrid,
} from "../../../lib/base/mod.ts";
import {
  encodeAdvert,
  encodeEthernet,
  encodeIpv4,
  encodeIpv6,
  etherType,
  ipProtocol,
  multicastMac,
  vrrpMulticast4,
  vrrpMulticast6,
} from "../../../lib/wire/mod.ts";
import { addressesOf, type Protocol, vrid } from "./plan.ts";

/** Frames with one kind of fault, in hexadecimal. */
export interface Rubbish {
  readonly what: string;
  /** A counter that has to grow, of the instance or of packets that belong to none. */
  readonly counter: string;
  readonly frames: readonly string[];
}

/** The stranger's advert, and everything that can be wrong with it. */
export class Stranger {
  readonly #protocol: Protocol;
  readonly #source: IpAddress;
  readonly #destination: IpAddress;
  readonly #pdu: Uint8Array;

  /** A stranger who speaks the protocol from this address. */
  constructor(protocol: Protocol, source: string) {
    this.#protocol = protocol;
    this.#source = address(source);
    this.#destination = protocol.family === "ipv4" ? vrrpMulticast4 : vrrpMulticast6;
    this.#pdu = this.#advert(3);
  }

  /** The one that is believed, padded as Ethernet pads and beyond: the kernel takes that off. */
  get valid(): string {
    return this.#frame(this.#pdu) + "00".repeat(20);
  }

  /** All that must not be. */
  get rubbish(): Rubbish[] {
    const lengths = Array.from(this.#pdu, (_, length) => length);
    const cut = (from: number, to: number): string[] => {
      return lengths.slice(from, to).map((length) => this.#frame(this.#pdu.subarray(0, length)));
    };
    return [
      { what: "cut before the VRID", counter: "malformed", frames: cut(0, 2) },
      { what: "cut short", counter: "packetLengthErrors", frames: cut(2, lengths.length) },
      {
        what: "lies about its count",
        counter: "packetLengthErrors",
        frames: [0, 1, 3, 4, 128, 255].map((count) => this.#with(3, count)),
      },
      {
        what: "from another network",
        counter: "ipTtlErrors",
        frames: [1, 64, 254].map((ttl) => this.#frame(this.#pdu, ttl)),
      },
      {
        what: "of another type",
        counter: "invalidTypeReceived",
        frames: [0x30, 0x32, 0x38, 0x3f].map((first) => this.#with(0, first)),
      },
      { what: "of another version", counter: "versionErrors", frames: this.#otherVersion() },
      {
        what: "of another router",
        counter: "unknownVrid",
        frames: [0, 1, 50, 52, 255].map((other) => this.#with(1, other)),
      },
      {
        what: "with one octet changed",
        counter: "checksumErrors",
        frames: lengths.flatMap((at) => [0x01, 0x80, 0xff].map((bits) => this.#changed(at, bits))),
      },
      { what: "of random octets", counter: "packetLengthErrors", frames: this.#random(300) },
    ];
  }

  #advert(version: 2 | 3): Uint8Array {
    const { family, intervalMs } = this.#protocol;
    const addresses = addressesOf({ protocol: this.#protocol })
      .map((prefix) => address(prefix.split("/")[0] ?? ""));
    return encodeAdvert({
      version,
      family,
      vrid: vrid as Vrid,
      priority: 250 as Priority,
      advertInterval: centiseconds(version === 2 ? 100 : intervalMs / 10),
      addresses,
    }, { source: this.#source, destination: this.#destination, checksumAsV2: false });
  }

  #otherVersion(): string[] {
    return this.#protocol.family === "ipv4"
      ? [this.#frame(this.#advert(2))]
      : [this.#with(0, 0x21)];
  }

  /** One octet set, and the checksum made right again. */
  #with(at: number, octet: number): string {
    const pdu = this.#pdu.slice();
    pdu[at] = octet;
    pdu.set([0, 0], 6);
    const sum = internetChecksum(concatBytes(this.#pseudoHeader(pdu.length), pdu));
    pdu.set([sum >> 8, sum & 0xff], 6);
    return this.#frame(pdu);
  }

  #changed(at: number, bits: number): string {
    const pdu = this.#pdu.slice();
    pdu[at] = (pdu[at] ?? 0) ^ bits;
    return this.#frame(pdu);
  }

  /** The same in every run. */
  #random(count: number): string[] {
    let state = 7;
    const next = (below: number): number => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return (state >> 12) % below;
    };
    return Array.from({ length: count }, () => {
      const pdu = Uint8Array.from({ length: 2 + next(60) }, () => next(256));
      // Half of them pretend to be for our router.
      if (next(2) === 0) pdu.set([0x31, vrid]);
      return this.#frame(pdu);
    });
  }

  #pseudoHeader(length: number): Uint8Array {
    const tail = this.#protocol.family === "ipv4"
      ? [0, ipProtocol.vrrp, 0, length]
      : [0, 0, 0, length, 0, 0, 0, ipProtocol.vrrp];
    return concatBytes(this.#source.bytes, this.#destination.bytes, Uint8Array.from(tail));
  }

  #frame(pdu: Uint8Array, ttl = 255): string {
    const ends = { source: this.#source, destination: this.#destination };
    const common = { ...ends, protocol: ipProtocol.vrrp };
    const four = this.#protocol.family === "ipv4";
    const packet = four
      ? encodeIpv4({ ...common, ttl, identification: 1, tos: 0xc0 }, pdu)
      : encodeIpv6({ ...common, hopLimit: ttl, trafficClass: 0xc0 }, pdu);
    const header = {
      destination: multicastMac(this.#destination),
      source: strangersMac,
      etherType: four ? etherType.ipv4 : etherType.ipv6,
    };
    return toHex(encodeEthernet(header, packet));
  }
}

const strangersMac = mac("02:00:00:00:00:03");

function address(text: string): IpAddress {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(`Not an address: ${text}`);
  return parsed;
}

function mac(text: string): MacAddress {
  const parsed = parseMac(text);
  if (parsed === undefined) throw new Error(`Not a link-layer address: ${text}`);
  return parsed;
}
