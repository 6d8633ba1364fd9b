/**
 * The interface of an instance, and the others that it names: whether this machine has them.
 */
import { canDoWithout } from "./build_unicast.ts";
import type { Building } from "./build_instance.ts";
import type { Place } from "./source.ts";

/** The name of the interface, empty for none; `undefined` when the instance can not run. */
export function interfaceOf(building: Building): string | undefined {
  const { draft, report, interfaces, owner } = building;
  const given = draft.interfaceName;
  if (given === undefined && !canDoWithout(building)) {
    report.error("missing-interface", draft.place, `Cannot run ${owner}: it has no interface`);
    return undefined;
  }
  if (given?.value === "lo") {
    const message = `Cannot run ${owner} on the loopback interface`;
    report.error("loopback-interface", given.place, message);
    return undefined;
  }
  if (interfaces !== undefined) tellAbsent(building, interfaces);
  return given?.value ?? "";
}

/** Tells of interfaces that are named and that the machine does not have. */
function tellAbsent(
  { draft, global, report, owner }: Building,
  interfaces: readonly string[],
): void {
  look(draft.interfaceName?.value, draft.interfaceName?.place);
  look(draft.unicast.vrf?.value, draft.unicast.vrf?.place);
  for (const { plan, device } of draft.addresses) look(plan.device, device);
  for (const { plan, device } of draft.excludedAddresses) look(plan.device, device);

  function look(name: string | undefined, place: Place | undefined): void {
    if (name === undefined || interfaces.includes(name)) return;
    const message = `Cannot find interface "${name}" of ${owner}`;
    if (global.dynamicInterfaces === true) report.warning("no-interface", place, message);
    else report.fatal("no-interface", place, message, "dynamic_interfaces waits for it");
  }
}
