/**
 * Who is told of changes, in the words of the configuration, for the difference of two models:
 * scripts, FIFOs and mail. Webhooks stand beside their builder.
 */
import { type CommandPlan, identityOfCommand, inSeconds } from "../base/mod.ts";
import type { FifoPlan, MailPlan, NotifyPlan } from "../notify/mod.ts";
import type { GlobalPlan } from "./model.ts";
import { commandWords } from "./program.ts";
import { onOff, type Words } from "./words.ts";

/** FIFOs, mail, and how long scripts may take. */
export function globalNotifyWords(
  global: Pick<GlobalPlan, "mail" | "notifyTimeout" | "repeatsStatesOnReload">,
  fifos: readonly FifoPlan[],
): Words {
  return [
    ["notify_timeout", String(inSeconds(global.notifyTimeout))],
    ...([["notify_fifo", "all"], ["vrrp_notify_fifo", "vrrp"], ["lvs_notify_fifo", "lvs"]] as const)
      .flatMap(([keyword, wanted]) =>
        fifoWords(keyword, fifos.find(({ kind }) => kind === wanted))
      ),
    ["fifo_write_vrrp_states_on_reload", onOff(global.repeatsStatesOnReload)],
    ...mailWords(global.mail),
  ];
}

function fifoWords(keyword: string, fifo: FifoPlan | undefined): Words {
  const { name = "none", owner, reader } = fifo ?? {};
  return [
    [keyword, owner === undefined ? name : `${name} (user ${owner.user})`],
    [`${keyword}_script`, commandWord(reader)],
  ];
}

function mailWords(plan: MailPlan | undefined): Words {
  const { server, from = "none", to = [], skipsFaults = false } = plan ?? {};
  const { login } = server ?? {};
  return [
    ["smtp_server", server === undefined ? "none" : `${server.host} ${server.port}`],
    ["smtp_helo_name", server?.heloName ?? "that of the host"],
    ["smtp_connect_timeout", server === undefined ? "none" : String(inSeconds(server.timeout))],
    ["smtp_tls", server?.protection ?? "none"],
    ["smtp_login", login === undefined ? "none" : `${login.user} ${login.passwordFile}`],
    ["notification_email_from", from],
    ["notification_email", to.length === 0 ? "none" : to.join(" ")],
    ["no_email_faults", onOff(skipsFaults)],
  ];
}

/** What an instance or a group says of telling. */
export function notifyWords(plan: NotifyPlan | undefined): Words {
  const { scripts = {}, tellsDeleted = false } = plan ?? {};
  const deleted = scripts.DELETED === undefined && tellsDeleted
    ? "without a script"
    : commandWord(scripts.DELETED);
  return [
    ["notify_backup", commandWord(scripts.BACKUP)],
    ["notify_master", commandWord(scripts.MASTER)],
    ["notify_fault", commandWord(scripts.FAULT)],
    ["notify_stop", commandWord(scripts.STOP)],
    ["notify_deleted", deleted],
    ["notify", commandWord(plan?.always)],
    ["notify_master_rx_lower_pri", commandWord(plan?.lowerPriority)],
    ["notify_conflict", commandWord(plan?.conflict)],
    ["notify_priority_changes", onOff(plan?.priorityChanges === true)],
    ["smtp_alert", onOff(alerts(plan))],
  ];
}

/** What the virtual server itself says of telling. */
export function quorumWords(plan: NotifyPlan | undefined): Words {
  return [
    ["quorum_up", commandWord(plan?.scripts.UP)],
    ["quorum_down", commandWord(plan?.scripts.DOWN)],
    ["smtp_alert", onOff(alerts(plan))],
  ];
}

/** What a real server is called where it is told of. */
export function realServerSubject(virtualServer: string, server: string): string {
  return `${virtualServer} ${server}`;
}

/** What its real servers, by their names, say of telling. */
export function serverNotifyLists(
  servers: readonly (readonly [name: string, plan: NotifyPlan | undefined])[],
): readonly (readonly [keyword: string, items: readonly string[]])[] {
  const linesOf = (state: "UP" | "DOWN"): string[] =>
    servers.flatMap(([name, plan]) => {
      const script = plan?.scripts[state];
      return script === undefined ? [] : [`${name} ${commandWord(script)}`];
    });
  return [
    ["notify_up", linesOf("UP")],
    ["notify_down", linesOf("DOWN")],
    ["smtp_alert", servers.flatMap(([name, plan]) => alerts(plan) ? [name] : [])],
  ];
}

function alerts(plan: NotifyPlan | undefined): boolean {
  return plan?.mails === true || plan?.alerts === true;
}

/** A command, and as whom it runs where that is said. */
function commandWord(command: CommandPlan | undefined): string {
  if (command === undefined) return "none";
  const { user } = identityOfCommand(command) ?? {};
  return `${commandWords(command, '"')}${user === undefined ? "" : ` (user ${user})`}`;
}
