/**
 * What a dump is made from, and the few words that all dumps share.
 */
import {
  addressLength,
  type CommandPlan,
  formatIp,
  formatPrefix,
  type Identity,
} from "../base/mod.ts";
import type { Model } from "../config/mod.ts";
import type { InstanceStatus, Snapshot } from "../engine/mod.ts";
import type { AddressPlan, InstancePlan } from "../vrrp/mod.ts";

/** A daemon at one moment; both are of the same configuration. */
export interface DumpView {
  readonly model: Model;
  readonly snapshot: Snapshot;
}

/** One virtual router: what was asked for, and how it is. */
export interface DumpedInstance {
  readonly plan: InstancePlan;
  readonly status: InstanceStatus;
}

/** All virtual routers, in the order of the file. */
export function instancesOf({ model, snapshot }: DumpView): DumpedInstance[] {
  const statuses = new Map(snapshot.instances.map((status) => [status.name, status]));
  return model.instances.flatMap((plan) => {
    const status = statuses.get(plan.name);
    return status === undefined ? [] : [{ plan, status }];
  });
}

/** keepalived's words for truth. */
export function yesNo(value: boolean): "yes" | "no" {
  return value ? "yes" : "no";
}

/** A command as keepalived writes it: every word in single quotes. */
export function commandText(command: CommandPlan): string {
  if (command.kind === "readable") return `'<${command.path}'`;
  if (command.kind === "none") return `'${command.written}'`;
  const [, ...words] = command.words;
  return [command.path, ...words].map((word) => `'${word}'`).join(" ");
}

/** Who a command runs as, `UID:GID`; the daemon's own user is root. */
export function identityText({ uid, gid }: Pick<Identity, "uid" | "gid"> = rootIdentity): string {
  return `${uid}:${gid}`;
}

const rootIdentity = { uid: 0, gid: 0 };

/** The interface that a virtual router runs on, and the one below it. */
export function interfacesOf({ plan }: DumpedInstance): { own: string; below?: string } {
  const name = plan.virtualLink?.link.names[0];
  return name === undefined
    ? { own: plan.interfaceName }
    : { own: name, below: plan.interfaceName };
}

const scopes: Readonly<Record<number, string>> = {
  0: "global",
  200: "site",
  253: "link",
  254: "host",
  255: "nowhere",
};

/** A virtual address as keepalived writes it, with `set` behind it where this node has it. */
export function addressText(address: AddressPlan, instance: DumpedInstance): string {
  const { own, below } = interfacesOf(instance);
  const { device = below === undefined ? own : `${own}@${below}`, preferredLifetimeSeconds } =
    address;
  const ipv6 = address.address.family === "ipv6";
  const whole = address.prefixLength === addressLength(address.address.family) * 8;
  const { scope, broadcast, peer, label } = address;
  const lifetime = preferredLifetimeSeconds === undefined
    ? "forever"
    : `${preferredLifetimeSeconds}sec`;
  return [
    whole || peer !== undefined ? formatIp(address.address) : formatPrefix(address),
    ...(peer === undefined ? [] : [`peer ${formatIp(peer)}/${address.prefixLength}`]),
    ...(broadcast === undefined ? [] : [`brd ${formatIp(broadcast)}`]),
    `dev ${device}`,
    `scope ${scopes[scope] ?? scope}`,
    ...(label === undefined ? [] : [`label ${label}`]),
    ...(ipv6 ? [`preferred_lft ${lifetime}`] : []),
    ...(address.tracked ? [] : ["no_track"]),
    ...(instance.status.state === "MASTER" ? ["set"] : []),
  ].join(" ");
}
