/**
 * `keepalived.json`: each virtual router as `data` and `stats`. Version 1 of the layout is a list,
 * version 2 an object with the list in `vrrp` and tracked processes beside it. A password is never
 * in it: keepalived hides it in files since 2.4.
 */
import { inSeconds } from "../base/mod.ts";
import type { NotifyPlan } from "../notify/mod.ts";
import type { CounterName, StateName } from "../vrrp/mod.ts";
import {
  addressText,
  commandText,
  type DumpedInstance,
  type DumpView,
  instancesOf,
  interfacesOf,
} from "./view.ts";

/** keepalived's numbers of states. */
const stateNumbers: Readonly<Record<StateName, number>> = {
  INIT: 0,
  BACKUP: 1,
  MASTER: 2,
  FAULT: 3,
  STOPPED: 98,
};

const counterNames: readonly (readonly [name: string, counter: CounterName])[] = [
  ["advert_rcvd", "advertReceived"],
  ["advert_sent", "advertSent"],
  ["become_master", "becomeMaster"],
  ["release_master", "releaseMaster"],
  ["packet_len_err", "packetLengthErrors"],
  ["advert_interval_err", "advertIntervalErrors"],
  ["ip_ttl_err", "ipTtlErrors"],
  ["invalid_type_rcvd", "invalidTypeReceived"],
  ["addr_list_err", "addressListErrors"],
  ["invalid_authtype", "invalidAuthType"],
  ["authtype_mismatch", "authTypeMismatch"],
  ["auth_failure", "authFailure"],
  ["pri_zero_rcvd", "priorityZeroReceived"],
  ["pri_zero_sent", "priorityZeroSent"],
];

const scriptNames = [
  ["script_backup", "BACKUP"],
  ["script_master", "MASTER"],
  ["script_fault", "FAULT"],
  ["script_stop", "STOP"],
  ["script_deleted", "DELETED"],
] as const;

/** The whole file. */
export function renderJson(view: DumpView): string {
  const list = instancesOf(view).map((instance) => ({
    data: dataOf(instance, view),
    stats: Object.fromEntries(
      counterNames.map(([name, counter]) => [name, instance.status.counters[counter]]),
    ),
  }));
  const processes = processesOf(view);
  const whole = view.model.global.dump?.jsonVersion === 2
    ? { vrrp: list, ...(processes.length === 0 ? {} : { track_process: processes }) }
    : list;
  return `${JSON.stringify(whole)}\n`;
}

function dataOf(instance: DumpedInstance, view: DumpView): Record<string, unknown> {
  const { plan, status } = instance;
  const { own, below } = interfacesOf(instance);
  const { announce } = plan;
  const told = view.model.notified.find(({ kind, name }) =>
    kind === "INSTANCE" && name === plan.name
  );
  const secret = plan.ahKey ?? plan.password;
  return {
    iname: plan.name,
    dont_track_primary: plan.trackPrimary ? 0 : 1,
    skip_check_adv_addr: plan.skipCheckAdvertAddresses ? 1 : 0,
    strict_mode: plan.strict ? 1 : 0,
    vmac_ifname: below === undefined ? "" : own,
    ifp_ifname: own,
    master_priority: status.state === "BACKUP" ? status.master?.priority ?? 0 : 0,
    last_transition: Date.parse(status.lastTransition.at) / 1000,
    garp_delay: inSeconds(announce.masterDelay),
    garp_refresh: inSeconds(announce.refresh),
    garp_rep: announce.masterRepeat,
    garp_refresh_rep: announce.refreshRepeat,
    garp_lower_prio_delay: inSeconds(announce.lowerPriorityDelay),
    garp_lower_prio_rep: announce.lowerPriorityRepeat,
    lower_prio_no_advert: plan.lowerPriorityNoAdvert ? 1 : 0,
    higher_prio_send_advert: plan.higherPrioritySendAdvert ? 1 : 0,
    vrid: plan.vrid,
    base_priority: status.basePriority,
    effective_priority: status.effectivePriority,
    vipset: status.state === "MASTER",
    promote_secondaries: plan.promoteSecondaries === true,
    adver_int: inSeconds(plan.advertInterval),
    master_adver_int: inSeconds(plan.advertInterval),
    accept: plan.dropsTraffic === true ? 0 : 1,
    nopreempt: !plan.preempt,
    preempt_delay: inSeconds(plan.preemptDelay),
    state: stateNumbers[status.state],
    wantstate: stateNumbers[status.state],
    version: plan.version,
    smtp_alert: told?.mails === true,
    notify_deleted: told?.tellsDeleted === true,
    ...scriptsOf(told),
    ...list("vips", plan.addresses.map((address) => addressText(address, instance))),
    ...list("evips", plan.excludedAddresses.map((address) => addressText(address, instance))),
    ...list("vroutes", status.routes),
    ...list("vrules", status.rules),
    ...tracked(instance, view),
    auth_type: secret === undefined ? 0 : plan.ahKey === undefined ? 1 : 2,
    ...(secret === undefined ? {} : { auth_data: "********" }),
  };
}

function scriptsOf(told: NotifyPlan | undefined): Record<string, string> {
  if (told === undefined) return {};
  const { scripts, always, lowerPriority } = told;
  const runs = [
    ...scriptNames.map(([name, state]) => [name, scripts[state]] as const),
    ["script", always] as const,
    ["script_master_rx_lower_pri", lowerPriority] as const,
  ];
  return Object.fromEntries(
    runs.flatMap(([name, command]) => command === undefined ? [] : [[name, commandText(command)]]),
  );
}

function tracked({ status }: DumpedInstance, { model }: DumpView): Record<string, unknown> {
  const own = status.tracking.filter(({ group }) => group === null);
  const names = (kind: string): string[] =>
    own.filter((use) => use.kind === kind).map(({ name }) => name);
  const commands = names("script").map((name) => {
    const script = model.trackers.find((one) => one.kind === "script" && one.name === name);
    return script?.kind === "script" ? commandText(script.command) : name;
  });
  const processes = names("process").map((name) => {
    const process = model.trackers.find((one) => one.kind === "process" && one.name === name);
    return process?.kind === "process" ? process.words[0] ?? name : name;
  });
  return {
    ...list("track_ifp", names("interface")),
    ...list("track_script", commands),
    ...list("track_process", processes),
  };
}

function processesOf({ model, snapshot }: DumpView): Record<string, unknown>[] {
  return model.trackers.flatMap((plan) => {
    if (plan.kind !== "process") return [];
    const status = snapshot.trackers.find(({ kind, name }) =>
      kind === "process" && name === plan.name
    );
    const [process = "", ...parameters] = plan.words;
    return [{
      process,
      ...(parameters.length === 0 ? {} : { parameters: parameters.join(" ") }),
      param_match: plan.parameters === "any" ? "none" : plan.parameters,
      min_processes: plan.quorum,
      ...(plan.quorumMax === undefined ? {} : { max_processes: plan.quorumMax }),
      have_quorum: status?.state === "good",
      terminate_delay: inSeconds(plan.terminateDelay),
      fork_delay: inSeconds(plan.forkDelay),
      full_command: plan.fullCommand,
    }];
  });
}

/** keepalived leaves empty lists out. */
function list(name: string, items: readonly string[]): Record<string, readonly string[]> {
  return items.length === 0 ? {} : { [name]: items };
}
