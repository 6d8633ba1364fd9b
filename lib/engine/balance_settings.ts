/**
 * Settings of IPVS as a whole: timeouts of connections, which are put back at the end, and the sync
 * daemons, of which a virtual router can say which one runs.
 */
import type { IpvsSetting, SyncPlan } from "../balance/mod.ts";
import { equalPlain } from "../base/mod.ts";
import type { IpvsTimeouts, SyncRole } from "../netlink/mod.ts";
import type { KernelRefusal } from "./event.ts";
import { tell } from "./slot.ts";
import type { World } from "./world.ts";

/** The event of a setting that the kernel did not take. */
export interface SettingRefused {
  readonly kind: "ipvs-setting-refused";
  readonly setting: IpvsSetting;
  readonly refusal: KernelRefusal;
}

/** What was set. */
export interface BalanceSettingsWorld {
  /** The timeouts before anything was set; unknown until the table was read. */
  usualTimeouts: IpvsTimeouts | undefined;
  timeouts: IpvsTimeouts | undefined;
  /** The sync daemons that run. */
  readonly syncs: Map<SyncRole, SyncPlan["daemon"]>;
}

/** Nothing was set. */
export function newBalanceSettings(): BalanceSettingsWorld {
  return { usualTimeouts: undefined, timeouts: undefined, syncs: new Map() };
}

/** Whether IPVS is what virtual servers run in, and can be told. */
export function usesIpvs({ balance }: World): boolean {
  return balance.backend === "ipvs" && balance.table === "known";
}

/** The table is known: at the start of the daemon it may have to go. True when it went. */
export function flushAtStart(world: World): boolean {
  if (world.reloads > 0 || world.model?.global.balance?.flush !== true) return false;
  world.effects.push({ kind: "ipvs-setting", setting: { kind: "flush" } });
  return true;
}

/** Brings the timeouts in line with the model; at the end they are as they were. */
export function settleTimeouts(world: World): void {
  const { settings } = world.balance;
  const wanted = world.stopping ? undefined : world.model?.global.balance?.timeouts;
  if (!usesIpvs(world) || equalPlain(wanted, settings.timeouts)) return;
  settings.timeouts = wanted;
  const timeouts = { ...settings.usualTimeouts, ...wanted };
  world.effects.push({ kind: "ipvs-setting", setting: { kind: "set-timeouts", timeouts } });
}

/** Starts and stops sync daemons as the state of their virtual router says. */
export function passSync(world: World): void {
  const { settings: { syncs } } = world.balance;
  const plan = world.stopping ? undefined : world.model?.global.balance?.sync;
  if (plan === undefined && syncs.size === 0 || !usesIpvs(world)) return;
  const roles = rolesOf(world, plan);
  for (const [role, daemon] of [...syncs]) {
    if (roles.includes(role) && equalPlain(daemon, plan?.daemon)) continue;
    syncs.delete(role);
    world.effects.push({ kind: "ipvs-setting", setting: { kind: "stop-sync", role } });
  }
  for (const role of roles) {
    if (plan === undefined || syncs.has(role)) continue;
    const { daemon } = plan;
    syncs.set(role, daemon);
    world.effects.push({ kind: "ipvs-setting", setting: { kind: "start-sync", role, daemon } });
  }
}

/** The kernel did not take a setting; it is said once. */
export function settingRefused(world: World, { setting, refusal }: SettingRefused): void {
  const key = `${setting.kind} ${refusal.errno}`;
  if (world.toldRefusals.has(key)) return;
  world.toldRefusals.add(key);
  tell(world, { kind: "ipvs-setting-refused", setting: setting.kind, refusal });
}

function rolesOf({ slots }: World, plan: SyncPlan | undefined): SyncRole[] {
  if (plan === undefined) return [];
  if (plan.instance === undefined) return ["master", "backup"];
  return [slots.get(plan.instance)?.instance.state.kind === "MASTER" ? "master" : "backup"];
}
