/**
 * What people say of servers while the daemon runs. A reload takes it back, unless it was to
 * persist; then the host keeps it, and says it again at the next start.
 */
import {
  describeOverride,
  overriddenBy,
  type OverriddenServer,
  type ServerOverride,
  serversMeant,
} from "../balance/mod.ts";
import type { EngineEvent } from "./event.ts";
import { tell } from "./slot.ts";
import type { World } from "./world.ts";

/** Overrides by virtual server and server. */
export type Overrides = Map<string, Map<string, ServerOverride>>;

/** What holds for the servers of a virtual server, now and later. */
export function overridesOf(
  overrides: Overrides,
  virtualServer: string,
): Map<string, ServerOverride> {
  const servers = overrides.get(virtualServer) ?? new Map<string, ServerOverride>();
  overrides.set(virtualServer, servers);
  return servers;
}

/** A person says something of all servers of a name. */
export function overrideServers(
  world: World,
  event: Extract<EngineEvent, { kind: "override-server" }>,
): void {
  const { slots, overrides } = world.balance;
  const before = keptOf(overrides);
  for (const { plan } of slots.values()) {
    for (const server of serversMeant(plan, event)) {
      const known = overrides.get(plan.name)?.get(server);
      const next = overriddenBy(known, event.action, event.persist);
      put(world, { virtualServer: plan.name, server }, next);
    }
  }
  keep(world, before);
}

/** What was kept from an earlier run. */
export function restoreOverrides(world: World, kept: readonly OverriddenServer[]): void {
  for (const { virtualServer, server, ...override } of kept) {
    put(world, { virtualServer, server }, override);
  }
}

/** A reload: the file holds again, except for what is to persist. */
export function endOverrides(world: World): void {
  for (const [virtualServer, servers] of world.balance.overrides) {
    for (const [server, { persistent }] of servers) {
      if (!persistent) put(world, { virtualServer, server }, undefined, "a reload");
    }
  }
}

function put(
  world: World,
  { virtualServer, server }: { readonly virtualServer: string; readonly server: string },
  next: ServerOverride | undefined,
  by: string = "a person",
): void {
  const { overrides, slots, unsettled } = world.balance;
  const servers = overridesOf(overrides, virtualServer);
  const known = servers.get(server);
  if (next === undefined) servers.delete(server);
  else servers.set(server, next);
  const slot = slots.get(virtualServer);
  if (slot !== undefined) unsettled.add(slot);
  const state = next === undefined ? "as configured" : describeOverride(next);
  if (state === (known === undefined ? "as configured" : describeOverride(known))) return;
  tell(world, { kind: "server-overridden", virtualServer, server, state, by });
}

/** What outlives the daemon goes to the host when it is different. */
function keep(world: World, before: readonly OverriddenServer[]): void {
  const overrides = keptOf(world.balance.overrides);
  if (JSON.stringify(overrides) === JSON.stringify(before)) return;
  world.effects.push({ kind: "keep-overrides", overrides });
}

function keptOf(overrides: Overrides): OverriddenServer[] {
  return [...overrides].flatMap(([virtualServer, servers]) =>
    [...servers].flatMap(([server, override]) =>
      override.persistent ? [{ virtualServer, server, ...override }] : []
    )
  );
}
