/**
 * Interfaces that a virtual router needs beside its own: those of its tracked addresses, routes and
 * rules. keepalived tracks them, too: while one is missing or down the router is in FAULT.
 */
import type { Fault, InstancePlan } from "../vrrp/mod.ts";
import type { World } from "./world.ts";

const known = new WeakMap<InstancePlan, readonly string[]>();

/** The names of such interfaces, each once. */
export function devicesOf(plan: InstancePlan): readonly string[] {
  const found = known.get(plan);
  if (found !== undefined) return found;
  const lines = [...plan.addresses, ...plan.excludedAddresses, ...plan.routes];
  const names = new Set(
    lines.flatMap(({ tracked, device }) => tracked && device !== undefined ? [device] : []),
  );
  for (const { tracked, inputInterface } of plan.rules) {
    if (tracked && inputInterface !== undefined) names.add(inputInterface);
  }
  names.delete(plan.interfaceName);
  const devices = [...names];
  known.set(plan, devices);
  return devices;
}

/** The fault of a router whose other interfaces are not all up. */
export function deviceFaults(world: World, plan: InstancePlan): Fault[] {
  const down = devicesOf(plan).find((name) => world.kernel.linkNamed(name)?.up !== true);
  return down === undefined ? [] : [{ kind: "device-down", interfaceName: down }];
}
