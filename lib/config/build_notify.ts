/**
 * From the lines of `notify…` keywords to what is told, and to whom. The tables have told what is
 * wrong with a line before; of two lines of a keyword the last one counts.
 */
import type { CommandPlan } from "../base/mod.ts";
import type { FifoPlan, NotifiedState, NotifyPlan } from "../notify/mod.ts";
import { commandOf, type Commands } from "./command_plan.ts";
import type { Draft } from "./draft.ts";
import { type Alerting, alertsAbout } from "./build_mail.ts";
import { lastOf, type NotifyLines, truthOf } from "./notify_lines.ts";
import type { Statement } from "./parse.ts";

/** The scripts of all instances and groups that have any, or that FIFOs tell of. */
export function buildNotified(draft: Draft, asked: Commands, alerting: Alerting): NotifyPlan[] {
  const commands = { ...asked, told: true };
  const lines = draft.global.notify ?? [];
  const groupOf = new Map(
    draft.groups.flatMap((group) =>
      group.members.map(({ value }) => [value, group.notify ?? []] as const)
    ),
  );
  const everybody = lastOf(lines, "notify_fifo") ?? lastOf(lines, "vrrp_notify_fifo");
  const global = truthOf(lines, "vrrp_notify_priority_changes") ?? false;
  const alerted = alerting.mail || alerting.webhooks.length > 0;
  const told = draft.instances.filter(({ notify }) => {
    return notify !== undefined || everybody !== undefined || alerted;
  });
  const instances = told.flatMap(({ name, notify }) => {
    const alerts = alertsAbout(draft, alerting, "INSTANCE", notify ?? []);
    if (notify === undefined && everybody === undefined && alerts === undefined) return [];
    const inherited = truthOf(groupOf.get(name) ?? [], "notify_priority_changes") ?? global;
    const subject = subjectOf("INSTANCE", name, notify ?? [], inherited, commands);
    return [{ ...subject, ...alerts }];
  });
  const groups = draft.groups.flatMap(({ name, notify }) => {
    const alerts = alertsAbout(draft, alerting, "GROUP", notify ?? []);
    if (notify === undefined && everybody === undefined && alerts === undefined) return [];
    const subject = subjectOf("GROUP", name, notify ?? [], false, commands);
    return [{ ...subject, ...alerts }];
  });
  return [...instances, ...groups];
}

/** Whether states that did not change are repeated on the FIFOs after a reload. */
export function repeatsStates(lines: NotifyLines | undefined): boolean {
  return lastOf(lines ?? [], "fifo_write_vrrp_states_on_reload") !== undefined;
}

/** The states by the keywords of their scripts. */
const stateOf: Readonly<Record<string, NotifiedState>> = {
  notify_backup: "BACKUP",
  notify_master: "MASTER",
  notify_fault: "FAULT",
  notify_stop: "STOP",
  notify_deleted: "DELETED",
};

function subjectOf(
  kind: NotifyPlan["kind"],
  name: string,
  lines: NotifyLines,
  inherited: boolean,
  commands: Commands,
): NotifyPlan {
  const owner = kind === "GROUP" ? `vrrp_sync_group "${name}"` : `vrrp_instance "${name}"`;
  const scripts: { [State in NotifiedState]?: CommandPlan } = {};
  for (const line of lines) {
    const state = stateOf[line.name];
    if (state !== undefined && line.words.length > 0) {
      scripts[state] = commandOf(line, owner, commands);
    }
  }
  const always = lastOf(lines, "notify");
  const conflict = lastOf(lines, "notify_conflict");
  const lowerPriority = lastOf(lines, "notify_master_rx_lower_pri");
  return {
    kind,
    name,
    scripts,
    ...(always === undefined ? {} : { always: commandOf(always, owner, commands) }),
    ...(lowerPriority === undefined
      ? {}
      : { lowerPriority: commandOf(lowerPriority, owner, commands) }),
    ...(conflict === undefined ? {} : { conflict: commandOf(conflict, owner, commands) }),
    tellsDeleted: lastOf(lines, "notify_deleted") !== undefined,
    priorityChanges: truthOf(lines, "notify_priority_changes") ?? inherited,
  };
}

/** What FIFOs tell of, by the keywords that name them. */
const kinds = { notify_fifo: "all", vrrp_notify_fifo: "vrrp", lvs_notify_fifo: "lvs" } as const;

/** The FIFOs that take a line for every change. */
export function buildFifos({ global }: Draft, asked: Commands): FifoPlan[] {
  const commands = { ...asked, told: true };
  const lines = global.notify ?? [];
  return Object.entries(kinds).flatMap(([keyword, kind]): FifoPlan[] => {
    const line = lastOf(lines, keyword);
    const [path, user, group] = line?.args ?? [];
    if (line === undefined || path === undefined) return [];
    const reader = lastOf(lines, `${keyword}_script`);
    const owner = ownerOf(line, user?.text, group?.text, commands);
    return [{
      kind,
      name: path.text,
      ...(owner === undefined ? {} : { owner }),
      ...(reader === undefined ? {} : { reader: commandOf(reader, "global_defs", commands) }),
    }];
  });
}

function ownerOf(
  { place, keyword }: Statement,
  user: string | undefined,
  group: string | undefined,
  { global, machine, report }: Commands,
): FifoPlan["owner"] {
  const wanted = user ?? global.scriptUser?.user;
  if (machine === undefined || wanted === undefined) return undefined;
  const identity = machine.identity(
    wanted,
    user === undefined ? global.scriptUser?.group : group,
    false,
  );
  if (typeof identity !== "string") return identity;
  report.error("unknown-user", place, `Cannot give ${keyword.text} to its reader: ${identity}`);
  return undefined;
}
