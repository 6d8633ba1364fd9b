/**
 * From drafts to the model: the settings of the daemon, each instance by itself, then what
 * instances may not have in common, then the groups they form.
 */
import { equalPlain, formatIp, seconds, suggest } from "../base/mod.ts";
import {
  type AnnounceGapPlan,
  type InstancePlan,
  type IpvlanPlan,
  sharePeers,
  type SyncGroupPlan,
} from "../vrrp/mod.ts";
import type { TrackerPlan } from "../track/mod.ts";
import { usualAnnounce } from "./build_announce.ts";
import { buildBalance } from "./build_balance.ts";
import { buildBalanceSettings } from "./build_balance_settings.ts";
import { buildSessions } from "./build_session.ts";
import { withFlagOf } from "./build_virtual_link.ts";
import { buildInstance, buildTwin, type Common } from "./build_instance.ts";
import type { Draft, GapDraft, GlobalDraft, GroupDraft, InstanceDraft } from "./draft.ts";
import { defaultFirewall, type GlobalPlan, type Model } from "./model.ts";
import { daemonScripts } from "./build_daemon_scripts.ts";
import { buildLinks } from "./build_links.ts";
import { mailPlan } from "./build_mail.ts";
import { buildFifos, buildNotified, repeatsStates } from "./build_notify.ts";
import { buildWebhooks } from "./build_webhook.ts";
import { buildServerNotified } from "./build_server_notify.ts";
import { buildResources } from "./build_resources.ts";
import { buildTrackers } from "./build_trackers.ts";
import { buildTracking } from "./build_tracking.ts";
import type { Report } from "./report.ts";
import type { ConfigEnvironment } from "./source.ts";
import { nameOf } from "./value.ts";

/** Where people look for the status when nothing is said. */
const defaultListen = { address: "127.0.0.1", port: 9568 } as const;

/** The model of a configuration. */
export function buildModel(draft: Draft, environment: ConfigEnvironment, report: Report): Model {
  const routers = new Map<string, InstancePlan[]>();
  const instances: InstancePlan[] = [];
  const announce = usualAnnounce(draft.global);
  const common = { global: draft.global, announce, interfaces: environment.interfaces, report };
  const ipvlanFlags = new Map<string, IpvlanPlan["flag"]>();
  const models = new Map<InstanceDraft, InstancePlan>();
  for (const said of draft.instances) {
    const { instance, plan } = planOf(said, models, common);
    if (plan === undefined) continue;
    const router = routerOf(plan);
    const others = routers.get(router);
    const other = others?.find((known) => hearTheSame(known, plan));
    if (other !== undefined) {
      tellClash(plan, other, instance, report);
      continue;
    }
    if (others === undefined) routers.set(router, [plan]);
    else others.push(plan);
    instances.push(withFlagOf(plan, ipvlanFlags, instance, report));
  }
  const syncGroups = buildGroups(draft.groups, draft.instances, instances, report);
  const bfdSessions = buildSessions(draft.sessions, report);
  const { statics } = draft;
  const settings = buildBalanceSettings(draft, instances, report);
  const commands = { global: draft.global, machine: environment.scripts, report };
  const scripts = daemonScripts(commands);
  const hooks = buildWebhooks(draft.global.webhooks ?? [], report);
  const global = {
    ...globalPlan(draft.global, draft.gaps, environment, report),
    ...(settings === undefined ? {} : { balance: settings }),
    ...(scripts === undefined ? {} : { daemonScripts: scripts }),
    ...(hooks.length === 0 ? {} : { webhooks: hooks }),
  };
  const trackers = buildTrackers(draft.trackers, commands);
  leaveUselessWitnesses(instances, trackers);
  const tracking = buildTracking(draft, instances, syncGroups, environment.interfaces, report);
  const links = buildLinks(draft, instances, tracking, report);
  const { webhooks = [], mail } = global;
  const alerting = { mail: mail !== undefined, webhooks };
  const notified = buildNotified(draft, commands, alerting);
  const fifos = buildFifos(draft, commands);
  const resources = buildResources(draft, { instances, syncGroups }, commands);
  const tracked = { trackers, tracking, links, resources };
  const { built, checks } = buildBalance(draft, commands);
  const virtualServers = built.map(({ plan }) => plan);
  notified.push(...buildServerNotified(built, draft, commands, alerting));
  const parts = { statics, ...tracked, notified, fifos, virtualServers, checks };
  return { global, instances, syncGroups, bfdSessions, ...parts };
}

/** The plan of an instance; of those that are like another only what is their own is looked at. */
function planOf(
  draft: InstanceDraft,
  models: Map<InstanceDraft, InstancePlan>,
  common: Common,
): { readonly instance: InstanceDraft; readonly plan: InstancePlan | undefined } {
  const { twin } = draft;
  const model = twin && models.get(twin.of);
  if (model !== undefined) return { instance: draft, plan: buildTwin(draft, model, common) };
  const instance = twin === undefined ? draft : twin.whole();
  const { remarks } = common.report;
  const plan = buildInstance(instance, common);
  if (plan !== undefined && common.report.remarks === remarks) models.set(instance, plan);
  return { instance, plan };
}

/** A probe that can not be used has been told; nobody is to wait for it for ever. */
function leaveUselessWitnesses(instances: InstancePlan[], trackers: readonly TrackerPlan[]): void {
  if (!instances.some(({ witness }) => witness !== undefined)) return;
  const isKnown = (name: string): boolean =>
    trackers.some((plan) => plan.kind === "probe" && plan.name === name);
  for (const [index, plan] of instances.entries()) {
    if (plan.witness === undefined || isKnown(plan.witness.probe)) continue;
    const { witness: _, ...rest } = plan;
    instances[index] = rest;
  }
}

function globalPlan(
  draft: GlobalDraft,
  gaps: readonly GapDraft[],
  environment: ConfigEnvironment,
  report: Report,
): GlobalPlan {
  const listen = draft.statusListen ?? defaultListen;
  const mail = mailPlan(draft, environment.hostName);
  return {
    routerId: draft.routerId ?? environment.hostName,
    ...(listen === "off" ? {} : { statusListen: listen }),
    ...(draft.statusTokenFile === undefined ? {} : { statusTokenFile: draft.statusTokenFile }),
    dynamicInterfaces: draft.dynamicInterfaces ?? false,
    startupDelay: draft.startupDelay ?? seconds(0),
    announceGaps: gapsOf(draft, gaps),
    delayAfterBoot: draft.delayAfterBoot ?? seconds(0),
    logUnknownVrids: draft.logUnknownVrids ?? false,
    ...(draft.disableLocalIgmp === undefined ? {} : { disableLocalIgmp: true }),
    ...firewallPlan(draft, report),
    ...(draft.addressLease === undefined ? {} : { addressLease: draft.addressLease }),
    ...(draft.balancer === undefined ? {} : { balancer: draft.balancer }),
    notifyTimeout: draft.notifyTimeout ?? seconds(60),
    repeatsStatesOnReload: repeatsStates(draft.notify),
    ...(mail === undefined ? {} : { mail }),
    ...(draft.processBuffer === undefined ? {} : {
      processBuffer: { octets: draft.processBuffer, force: draft.processBufferForce ?? false },
    }),
    ...(draft.process === undefined ? {} : { process: draft.process }),
    ...(draft.reload === undefined ? {} : { reload: draft.reload }),
    ...(draft.dump === undefined ? {} : { dump: draft.dump }),
  };
}

/** keepalived: what an interface has no group for comes from `global_defs`. */
function gapsOf(draft: GlobalDraft, gaps: readonly GapDraft[]): AnnounceGapPlan[] {
  const none = seconds(0);
  const groups = gaps.filter(({ interfaces }) => interfaces.length > 0).map((
    { interfaces, garpInterval = none, gnaInterval = none },
  ) => (
    { interfaces, ipv4: garpInterval, ipv6: gnaInterval }
  ));
  const { garpInterval = none, gnaInterval = none } = draft;
  const rest = { interfaces: [], ipv4: garpInterval, ipv6: gnaInterval };
  return [...groups, rest].filter(({ ipv4, ipv6 }) => ipv4 > 0 || ipv6 > 0);
}

/** Only when something is said of it. */
function firewallPlan(draft: GlobalDraft, report: Report): Pick<GlobalPlan, "firewall"> {
  const { firewallTable, firewallPriority, firewallCounters, firewallByIndex } = draft;
  const name = firewallTable?.value ?? defaultFirewall.table;
  const isName = /^[A-Za-z][\w./-]{0,254}$/.test(name);
  if (!isName) {
    const message = `Cannot use nftables "${name}" for global_defs: expected the name of a table`;
    report.error("bad-value", firewallTable?.place, message);
  }
  const firewall = {
    table: isName ? name : defaultFirewall.table,
    priority: firewallPriority ?? defaultFirewall.priority,
    ...(firewallCounters === true ? { counters: true as const } : {}),
    ...(firewallByIndex === true ? { byIndex: true as const } : {}),
  };
  return equalPlain(firewall, defaultFirewall) ? {} : { firewall };
}

/** What tells a virtual router from others on its network. */
function routerOf({ vrid, family, interfaceName, multicastGroup, unicast }: InstancePlan): string {
  const group = unicast === undefined ? formatIp(multicastGroup) : `unicast ${unicast.vrf ?? ""}`;
  return `${vrid} ${family} ${interfaceName} ${group}`;
}

/** Instances of unicast are told apart by their peers. */
function hearTheSame(a: InstancePlan, b: InstancePlan): boolean {
  return a.unicast === undefined || b.unicast === undefined || sharePeers(a.unicast, b.unicast);
}

/** Two instances that would answer the same adverts can not both run: the second is left out. */
function tellClash(
  plan: InstancePlan,
  other: InstancePlan,
  draft: InstanceDraft,
  report: Report,
): void {
  const message = `Cannot run vrrp_instance "${plan.name}": "${other.name}" has the same ` +
    `virtual_router_id ${plan.vrid} with ${nameOf(plan.family)} on ${plan.interfaceName}`;
  report.error("duplicate-vrid", draft.vrid?.place, message);
}

function buildGroups(
  drafts: readonly GroupDraft[],
  named: readonly InstanceDraft[],
  instances: readonly InstancePlan[],
  report: Report,
): SyncGroupPlan[] {
  if (drafts.length === 0) return [];
  const running = new Set(instances.map(({ name }) => name));
  const known = new Set(named.map(({ name }) => name));
  const groupOf = new Map<string, string>();
  const groups: SyncGroupPlan[] = [];
  for (const { name, place, members: wanted } of drafts) {
    const owner = `vrrp_sync_group "${name}"`;
    const members: string[] = [];
    for (const { value, place } of wanted) {
      const taken = groupOf.get(value);
      if (!running.has(value)) {
        const why = known.has(value) ? "it can not run" : "there is no such vrrp_instance";
        report.error("unknown-member", place, `Cannot use "${value}" in ${owner}: ${why}`, () => {
          return known.has(value) ? undefined : suggest(value, known);
        });
      } else if (taken !== undefined) {
        const message = `Cannot use "${value}" in ${owner}: it is in "${taken}" already`;
        report.error("duplicate-member", place, message);
      } else {
        groupOf.set(value, name);
        members.push(value);
      }
    }
    if (members.length === 0) {
      report.error("empty-group", place, `Cannot use ${owner}: it has no members`);
      continue;
    }
    if (members.length === 1) {
      report.warning("single-member", place, `${owner} has only one member`);
    }
    groups.push({ name, members });
  }
  return groups;
}
