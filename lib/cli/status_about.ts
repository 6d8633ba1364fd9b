/**
 * One name of a node's status: an instance with its sync group, a group with its members, a BFD
 * session or a virtual server, and what trackers and resources have to do with it.
 */
import type { Snapshot } from "../engine/mod.ts";

/** What can be named. */
export function namesIn(snapshot: Snapshot): string[] {
  const { instances, syncGroups, bfdSessions, virtualServers } = snapshot;
  return [instances, syncGroups, bfdSessions, virtualServers].flat().map(({ name }) => name);
}

/** The status without everything that has nothing to do with the name; whole without a name. */
export function statusAbout(snapshot: Snapshot, name: string | undefined): Snapshot {
  if (name === undefined) return snapshot;
  const instances = snapshot.instances.filter((one) => one.name === name || one.syncGroup === name);
  const syncGroups = snapshot.syncGroups.filter((one) =>
    one.name === name || one.members.includes(name)
  );
  const isNamed = (one: { readonly name: string }): boolean => one.name === name;
  const sets = { INSTANCE: instances, GROUP: syncGroups };
  return {
    ...snapshot,
    instances,
    syncGroups,
    bfdSessions: snapshot.bfdSessions.filter(isNamed),
    virtualServers: snapshot.virtualServers.filter(isNamed),
    resources: snapshot.resources.filter((one) =>
      sets[one.kind].some((owner) => owner.name === one.name)
    ),
    trackers: snapshot.trackers.filter((one) =>
      instances.some((instance) => one.instances.includes(instance.name))
    ),
    statics: [],
  };
}
