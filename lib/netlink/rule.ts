/**
 * Requests that add and remove policy rules (linux/fib_rules.h, struct fib_rule_hdr): which packets
 * are meant, and what happens to them.
 */
import type { Family, NumberRange, RuleAction, RuleWords } from "../base/mod.ts";
import { AttributeWriter } from "./attributes.ts";
import { addressFamily, messageFlag, messageType } from "./constants.ts";
import { encodeRequest } from "./message.ts";
import { routeTable, ruleAction, ruleAttribute, ruleInvert } from "./route_constants.ts";

/*
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+---------------+---------------+
 *  |    Family     | Dest. Length  | Source Length |      TOS      |
 *  +---------------+---------------+---------------+---------------+
 *  |     Table     |    unused     |    unused     |    Action     |
 *  +---------------+---------------+---------------+---------------+
 *  |                             Flags                             |
 *  +---------------------------------------------------------------+
 */
/** Offsets in struct fib_rule_hdr. */
export const ruleField = {
  family: 0,
  destinationLength: 1,
  sourceLength: 2,
  tos: 3,
  table: 4,
  action: 7,
  flags: 8,
} as const;

/** Length of struct fib_rule_hdr. */
export const ruleHeaderLength = 12;

/** Adds a rule; refused with EEXIST when the same is there. */
export function encodeAddRule(request: RuleWords, sequence: number): Uint8Array {
  const flags = messageFlag.request | messageFlag.ack | messageFlag.create | messageFlag.exclusive;
  return encodeRequest({ type: messageType.newRule, flags, sequence }, ruleBody(request));
}

/** Removes a rule; refused with ENOENT when there is none. */
export function encodeDeleteRule(request: RuleWords, sequence: number): Uint8Array {
  const flags = messageFlag.request | messageFlag.ack;
  return encodeRequest({ type: messageType.deleteRule, flags, sequence }, ruleBody(request));
}

/** Asks for all rules of a family. */
export function encodeDumpRules(sequence: number, family: Family): Uint8Array {
  const header = new Uint8Array(ruleHeaderLength);
  header[ruleField.family] = addressFamily[family];
  const flags = messageFlag.request | messageFlag.dump;
  const body = new AttributeWriter().raw(header);
  return encodeRequest({ type: messageType.getRule, flags, sequence }, body);
}

function ruleBody(request: RuleWords): AttributeWriter {
  const { from, to, mark, markMask, users, sourcePorts, destinationPorts, tunnelId } = request;
  const body = new AttributeWriter().raw(ruleHeader(request));
  body.u32(ruleAttribute.priority, request.preference);
  body.u8(ruleAttribute.protocol, request.protocol);
  if (to !== undefined) body.bytes(ruleAttribute.destination, to.address.bytes);
  if (from !== undefined) body.bytes(ruleAttribute.source, from.address.bytes);
  if (mark !== undefined) body.u32(ruleAttribute.mark, mark);
  if (markMask !== undefined) body.u32(ruleAttribute.markMask, markMask);
  for (const end of ["inputInterface", "outputInterface"] as const) {
    const name = request[end];
    if (name !== undefined) body.text(ruleAttribute[end], name);
  }
  if (tunnelId !== undefined) {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(tunnelId));
    body.bytes(ruleAttribute.tunnelId, bytes);
  }
  if (users !== undefined) body.bytes(ruleAttribute.userRange, range32(users));
  if (request.ipProtocol !== undefined) body.u8(ruleAttribute.ipProtocol, request.ipProtocol);
  if (sourcePorts !== undefined) body.bytes(ruleAttribute.sourcePorts, range16(sourcePorts));
  if (destinationPorts !== undefined) {
    body.bytes(ruleAttribute.destinationPorts, range16(destinationPorts));
  }
  writeAction(body, request.action);
  return body;
}

function ruleHeader({ family, from, to, tos, action, invert }: RuleWords): Uint8Array {
  const header = new Uint8Array(ruleHeaderLength);
  const table = action.kind === "table" ? action.table : routeTable.unspecified;
  header[ruleField.family] = addressFamily[family];
  header[ruleField.destinationLength] = to?.prefixLength ?? 0;
  header[ruleField.sourceLength] = from?.prefixLength ?? 0;
  header[ruleField.tos] = tos;
  header[ruleField.table] = table > 255 ? routeTable.unspecified : table;
  // The table of a VRF is a table as well, only that the kernel finds it.
  header[ruleField.action] = action.kind === "l3mdev" ? ruleAction.table : ruleAction[action.kind];
  header[ruleField.flags] = invert ? ruleInvert : 0;
  return header;
}

function writeAction(body: AttributeWriter, action: RuleAction): void {
  switch (action.kind) {
    case "table": {
      const { suppressPrefixLength, suppressGroup, realms } = action;
      body.u32(ruleAttribute.table, action.table);
      if (suppressPrefixLength !== undefined) {
        body.u32(ruleAttribute.suppressPrefixLength, suppressPrefixLength);
      }
      if (suppressGroup !== undefined) {
        body.u32(ruleAttribute.suppressInterfaceGroup, suppressGroup);
      }
      if (realms !== undefined) body.u32(ruleAttribute.flow, realms);
      return;
    }
    case "goto":
      body.u32(ruleAttribute.goto, action.target);
      return;
    case "l3mdev":
      body.u8(ruleAttribute.l3mdev, 1);
      return;
  }
}

function range32({ first, last }: NumberRange): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, first, true);
  view.setUint32(4, last, true);
  return bytes;
}

function range16({ first, last }: NumberRange): Uint8Array {
  const bytes = new Uint8Array(4);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, first, true);
  view.setUint16(2, last, true);
  return bytes;
}
