/**
 * The kernel drops what is not about our addresses before anybody is woken up for it. Of ARP it is
 * the address of the sender that counts: whoever sends with it says that it is its.
 */
import {
  BPF,
  BPF_NETWORK_HEADER,
  type FilterInstruction,
  filterProgram,
} from "../../../ffi/mod.ts";
import { type Family, type IpAddress, viewOf } from "../../base/mod.ts";
import { ndpType } from "../../wire/mod.ts";

/** A program has 4096 instructions at most; what is beyond is not watched. */
const watchedMax: Readonly<Record<Family, number>> = { ipv4: 1024, ipv6: 256 };
/** Where the address stands in an ARP packet, and in a neighbour advertisement. */
const [senderAddress, targetAddress] = [14, 8];
/** Where the hop limit stands in an IPv6 header, and what it must be (RFC 4861 §7.1.2). */
const [hopLimitAt, hopLimit] = [BPF_NETWORK_HEADER + 7, 255];

const accept: FilterInstruction = [BPF.RETURN, 0, 0, 0xffff_ffff];
const drop: FilterInstruction = [BPF.RETURN, 0, 0, 0];

/**
 * The program for a packet socket of ARP, which sees the packet behind the Ethernet header, or for
 * a raw socket of ICMPv6, which sees what follows the IP header.
 */
export function claimFilter(family: Family, addresses: readonly IpAddress[]): Uint8Array {
  const words = addresses.slice(0, watchedMax[family]).map(({ bytes }) => wordsOf(bytes));
  if (family === "ipv4") {
    return filterProgram([
      [BPF.LOAD_WORD, 0, 0, senderAddress],
      ...words.flatMap(([word = 0]): FilterInstruction[] => [
        [BPF.JUMP_EQUAL, 0, 1, word],
        accept,
      ]),
      drop,
    ]);
  }
  return filterProgram([
    [BPF.LOAD_BYTE, 0, 0, hopLimitAt],
    [BPF.JUMP_EQUAL, 1, 0, hopLimit],
    drop,
    [BPF.LOAD_BYTE, 0, 0, 0],
    [BPF.JUMP_EQUAL, 1, 0, ndpType.neighborAdvertisement],
    drop,
    ...words.flatMap(compare),
    drop,
  ]);
}

/** Goes on behind itself at the first word that is another one. */
function compare(words: readonly number[]): FilterInstruction[] {
  const steps = words.flatMap((word, index): FilterInstruction[] => [
    [BPF.LOAD_WORD, 0, 0, targetAddress + 4 * index],
    [BPF.JUMP_EQUAL, 0, 2 * (words.length - index) - 1, word],
  ]);
  return [...steps, accept];
}

function wordsOf(bytes: Uint8Array): number[] {
  const view = viewOf(bytes);
  return Array.from({ length: bytes.length / 4 }, (_, index) => view.getUint32(4 * index));
}
