/**
 * Rules as the kernel tells of them. What it always writes, though nobody asked for it, is left
 * out, so that a rule reads as the request that made it.
 */
import {
  ipFromBytes,
  type IpPrefix,
  type NumberRange,
  type RuleAction,
  type RuleWords,
  viewOf,
} from "../base/mod.ts";
import { AttributeReader } from "./attributes.ts";
import { protocol as makers } from "./constants.ts";
import type { NetlinkMessage } from "./message.ts";
import { ruleAction, ruleAttribute, ruleInvert } from "./route_constants.ts";
import { familyOf } from "./route_decode.ts";
import { ruleField, ruleHeaderLength } from "./rule.ts";

/** What the kernel writes where nothing was asked for. */
const nothing = 0xffff_ffff;

/** Reads an RTM_NEWRULE or RTM_DELRULE of ours; `undefined` for any other. */
export function decodeOwnRule({ payload }: NetlinkMessage): RuleWords | undefined {
  if (payload.length < ruleHeaderLength) return undefined;
  const attributes = new AttributeReader(payload.subarray(ruleHeaderLength));
  const family = familyOf(payload[ruleField.family]);
  const maker = attributes.u8(ruleAttribute.protocol);
  if (family === undefined || maker !== makers.keepalived) return undefined;
  const action = actionOf(payload, attributes);
  if (action === undefined || attributes.error !== undefined) return undefined;
  const to = prefixOf(attributes, ruleAttribute.destination, payload[ruleField.destinationLength]);
  const from = prefixOf(attributes, ruleAttribute.source, payload[ruleField.sourceLength]);
  return {
    family,
    preference: attributes.u32(ruleAttribute.priority) ?? 0,
    action,
    invert: (viewOf(payload).getUint32(ruleField.flags, true) & ruleInvert) !== 0,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    tos: payload[ruleField.tos] ?? 0,
    ...selectorsOf(attributes),
    protocol: maker,
  };
}

type Selectors = Partial<
  Pick<
    RuleWords,
    | "mark"
    | "markMask"
    | "inputInterface"
    | "outputInterface"
    | "tunnelId"
    | "users"
    | "ipProtocol"
    | "sourcePorts"
    | "destinationPorts"
  >
>;

function selectorsOf(attributes: AttributeReader): Selectors {
  const found = {
    mark: attributes.u32(ruleAttribute.mark),
    markMask: unless(attributes.u32(ruleAttribute.markMask), nothing),
    inputInterface: attributes.text(ruleAttribute.inputInterface),
    outputInterface: attributes.text(ruleAttribute.outputInterface),
    tunnelId: tunnelIdOf(attributes.bytes(ruleAttribute.tunnelId)),
    users: rangeOf(attributes.bytes(ruleAttribute.userRange), 4),
    ipProtocol: attributes.u8(ruleAttribute.ipProtocol),
    sourcePorts: rangeOf(attributes.bytes(ruleAttribute.sourcePorts), 2),
    destinationPorts: rangeOf(attributes.bytes(ruleAttribute.destinationPorts), 2),
  };
  const given = Object.entries(found).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

function actionOf(payload: Uint8Array, attributes: AttributeReader): RuleAction | undefined {
  switch (payload[ruleField.action]) {
    case ruleAction.table: {
      if (attributes.u8(ruleAttribute.l3mdev) === 1) return { kind: "l3mdev" };
      const suppressPrefixLength = unless(
        attributes.u32(ruleAttribute.suppressPrefixLength),
        nothing,
      );
      const suppressGroup = unless(
        attributes.u32(ruleAttribute.suppressInterfaceGroup),
        nothing,
      );
      const realms = unless(attributes.u32(ruleAttribute.flow), 0);
      return {
        kind: "table",
        table: attributes.u32(ruleAttribute.table) ?? payload[ruleField.table] ?? 0,
        ...(suppressPrefixLength === undefined ? {} : { suppressPrefixLength }),
        ...(suppressGroup === undefined ? {} : { suppressGroup }),
        ...(realms === undefined ? {} : { realms }),
      };
    }
    case ruleAction.goto:
      return { kind: "goto", target: attributes.u32(ruleAttribute.goto) ?? 0 };
    case ruleAction.nop:
      return { kind: "nop" };
    case ruleAction.blackhole:
      return { kind: "blackhole" };
    case ruleAction.unreachable:
      return { kind: "unreachable" };
    case ruleAction.prohibit:
      return { kind: "prohibit" };
    default:
      return undefined;
  }
}

function prefixOf(
  attributes: AttributeReader,
  type: number,
  length: number | undefined,
): IpPrefix | undefined {
  const bytes = attributes.bytes(type);
  if (bytes === undefined || length === undefined || length === 0) return undefined;
  return { address: ipFromBytes(bytes), prefixLength: length };
}

function unless(value: number | undefined, none: number): number | undefined {
  return value === none ? undefined : value;
}

function tunnelIdOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes?.length !== 8) return undefined;
  const id = viewOf(bytes).getBigUint64(0);
  return id === 0n ? undefined : String(id);
}

function rangeOf(bytes: Uint8Array | undefined, width: 2 | 4): NumberRange | undefined {
  if (bytes?.length !== width * 2) return undefined;
  const view = viewOf(bytes);
  return width === 4
    ? { first: view.getUint32(0, true), last: view.getUint32(4, true) }
    : { first: view.getUint16(0, true), last: view.getUint16(2, true) };
}
