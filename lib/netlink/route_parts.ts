/**
 * Parts of a route that are structures of their own: metrics, and tunnels without an interface.
 */
import { type IpAddress, unreachable } from "../base/mod.ts";
import type { AttributeWriter } from "./attributes.ts";
import {
  encapType,
  labelAttribute,
  routeAttribute,
  routeMetric,
  tunnelAttribute,
} from "./route_constants.ts";

/** The words for metrics. */
export type RouteMetricName = Exclude<keyof typeof routeMetric, "lock">;

/** One metric in the kernel's units; a text for `congctl`. */
export interface RouteMetric {
  readonly name: RouteMetricName;
  readonly value: number | string;
  /** Whether the kernel must not learn a better value. */
  readonly locked: boolean;
}

/** A tunnel without an interface; what is absent is chosen by the kernel. */
export type Encap =
  | {
    /** `ttl` is the hop limit and `tos` the traffic class of IPv6. */
    readonly kind: "ip" | "ip6";
    readonly id?: number;
    readonly dst?: IpAddress;
    readonly src?: IpAddress;
    readonly tos?: number;
    readonly ttl?: number;
    readonly flags?: number;
  }
  | { readonly kind: "mpls"; readonly labels: readonly number[] }
  /** Eight octets. */
  | { readonly kind: "ila"; readonly locator: Uint8Array };

/** Writes RTA_METRICS; which of them are locked is a metric itself, one bit for each. */
export function writeMetrics(body: AttributeWriter, metrics: readonly RouteMetric[]): void {
  if (metrics.length === 0) return;
  body.nested(routeAttribute.metrics, (writer) => {
    let lock = 0;
    for (const { name, value, locked } of metrics) {
      const type = routeMetric[name];
      if (locked) lock |= 1 << type;
      if (typeof value === "string") writer.text(type, value);
      else writer.u32(type, value);
    }
    if (lock !== 0) writer.u32(routeMetric.lock, lock >>> 0);
  });
}

/** Writes RTA_ENCAP and its type. */
export function writeEncap(body: AttributeWriter, encap: Encap): void {
  body.nested(routeAttribute.encap, (writer) => {
    switch (encap.kind) {
      case "ip":
      case "ip6":
        return writeTunnel(writer, encap);
      case "mpls":
        return writer.bytes(labelAttribute.mpls, labelStack(encap.labels)) && undefined;
      case "ila":
        return writer.bytes(labelAttribute.ila, encap.locator) && undefined;
      default:
        return unreachable(encap);
    }
  });
  body.u16(routeAttribute.encapType, encapType[encap.kind]);
}

/** Numbers of tunnels and flags are in network order. */
function writeTunnel(
  writer: AttributeWriter,
  { id, dst, src, tos, ttl, flags }: Extract<Encap, { kind: "ip" | "ip6" }>,
): void {
  if (id !== undefined) {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setUint32(4, id);
    writer.bytes(tunnelAttribute.id, bytes);
  }
  if (dst !== undefined) writer.bytes(tunnelAttribute.dst, dst.bytes);
  if (src !== undefined) writer.bytes(tunnelAttribute.src, src.bytes);
  if (ttl !== undefined) writer.u8(tunnelAttribute.ttl, ttl);
  if (tos !== undefined) writer.u8(tunnelAttribute.tos, tos);
  if (flags !== undefined) writer.bytes(tunnelAttribute.flags, Uint8Array.of(flags >> 8, flags));
}

/*
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------+-----+-+---------------+
 *  |                 Label                 | TC  |S|      TTL      |   (RFC 3032 §2.1)
 *  +---------------------------------------+-----+-+---------------+
 */
function labelStack(labels: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(labels.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, label] of labels.entries()) {
    const bottom = index === labels.length - 1 ? 0x100 : 0;
    view.setUint32(index * 4, ((label << 12) | bottom) >>> 0);
  }
  return bytes;
}
