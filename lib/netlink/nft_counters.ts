/**
 * Named counters of nftables (linux/netfilter/nf_tables.h) over nfnetlink.
 */
import { viewOf } from "../base/mod.ts";
import { AttributeReader } from "./attributes.ts";
import { messageFlag } from "./constants.ts";
import { encodeRequest, type NetlinkMessage } from "./message.ts";
import { netfilterBody, netfilterHeaderLength, netfilterType, wide } from "./netfilter.ts";

/** NFPROTO_INET. */
const inet = 1;
/** NFT_MSG_GETOBJ; NFTA_OBJ_… and NFTA_COUNTER_…; NFT_OBJECT_COUNTER. */
const object = { get: 19, table: 1, name: 2, type: 3, data: 4, counter: 1 } as const;
const counter = { bytes: 1, packets: 2 } as const;

/** What a named counter counted. */
export interface NftCounter {
  readonly name: string;
  readonly packets: number;
  readonly bytes: number;
}

/** Asks for all named counters of a table of family `inet`. */
export function encodeDumpCounters(table: string, sequence: number): Uint8Array {
  const body = netfilterBody(inet).text(object.table, table)
    .bytes(object.type, wide(object.counter, 4));
  const type = netfilterType("nftables", object.get);
  return encodeRequest({ type, flags: messageFlag.request | messageFlag.dump, sequence }, body);
}

/** One counter of a dump; absent when it is something else. */
export function decodeCounter({ payload }: NetlinkMessage): NftCounter | undefined {
  const attributes = new AttributeReader(payload.subarray(netfilterHeaderLength));
  const name = attributes.text(object.name);
  const data = attributes.nested(object.data);
  if (name === undefined || data === undefined) return undefined;
  return { name, packets: numberIn(data, counter.packets), bytes: numberIn(data, counter.bytes) };
}

function numberIn(attributes: AttributeReader, type: number): number {
  const bytes = attributes.bytes(type);
  return bytes?.length === 8 ? Number(viewOf(bytes).getBigUint64(0, false)) : 0;
}
