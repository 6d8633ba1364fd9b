/**
 * Who is told of virtual servers and real servers: `quorum_up` and `quorum_down`, `notify_up` and
 * `notify_down`, and the FIFOs, in the names that keepalived has for them there.
 */
import { formatIp, type IpAddress } from "../base/mod.ts";
import type { IpvsServiceId, RealServerPlan, VirtualServerPlan } from "../balance/mod.ts";
import type { NotifyPlan } from "../notify/mod.ts";
import { lastIn, says } from "./block_value.ts";
import type { Body } from "./body.ts";
import { type Alerting, alertsAbout } from "./build_mail.ts";
import { commandOf, type Commands } from "./command_plan.ts";
import type { Draft } from "./draft.ts";
import { lastOf } from "./notify_lines.ts";
import { realServerSubject } from "./notify_words.ts";
import type { Statement } from "./parse.ts";

/** A real server with the block that it was built from. */
export interface BuiltRealServer {
  readonly plan: RealServerPlan;
  readonly block: Statement;
}

/** A virtual server with the blocks that it was built from. */
export interface BuiltServer {
  readonly plan: VirtualServerPlan;
  readonly block: Statement;
  readonly servers: readonly BuiltRealServer[];
}

/** The scripts of all virtual servers and real servers that have any, or that FIFOs tell of. */
export function buildServerNotified(
  built: readonly BuiltServer[],
  draft: Draft,
  asked: Commands,
  alerting: Alerting,
): NotifyPlan[] {
  const commands = { ...asked, told: true };
  const lines = draft.global.notify ?? [];
  const everybody = lastOf(lines, "notify_fifo") ?? lastOf(lines, "lvs_notify_fifo");
  function isTold(block: Statement, verb: Verb): boolean {
    return everybody !== undefined || says(block, ...scripts[verb]);
  }
  // What a block says of alerts matters where there is somebody to alert.
  const isAlerting = alerting.mail || alerting.webhooks.length > 0;
  function alertsOf(block: Statement, kind: "VS" | "RS"): ReturnType<typeof alertsAbout> {
    return isAlerting ? alertsAbout(draft, alerting, kind, block.children ?? []) : undefined;
  }
  const subjects: NotifyPlan[] = [];
  for (const { plan, block, servers } of built) {
    const service = fifoNameOf(plan, built);
    const alerts = alertsOf(block, "VS");
    if (alerts !== undefined || isTold(block, "quorum")) {
      const owner = `virtual_server "${plan.name}"`;
      const own = { kind: "VS", name: plan.name, fifoName: `VS ${service}` } as const;
      const subject = subjectOf(own, block, "quorum", owner, commands);
      subjects.push({ ...subject, ...alerts });
    }
    let body: Body | undefined;
    for (const { plan: server, block: inside } of servers) {
      // Of servers that follow each other and say the same nobody is told, or of all.
      if (body !== undefined && inside.body === body) continue;
      const alerts = alertsOf(inside, "RS");
      if (alerts === undefined && !isTold(inside, "notify")) {
        body = inside.body;
        continue;
      }
      const fifoName = `RS ${fifoNameAt(server, plan.services[0]?.id)} ${service}`;
      const name = realServerSubject(plan.name, server.name);
      const owner = `real_server "${server.name}"`;
      const subject = subjectOf({ kind: "RS", name, fifoName }, inside, "notify", owner, commands);
      subjects.push({ ...subject, ...alerts });
    }
  }
  return subjects;
}

/** The keywords of scripts, for going up and for going down. */
const scripts = {
  quorum: ["quorum_up", "quorum_down"],
  notify: ["notify_up", "notify_down"],
} as const;

type Verb = keyof typeof scripts;

function subjectOf(
  subject: Pick<NotifyPlan, "kind" | "name" | "fifoName">,
  block: Statement,
  verb: Verb,
  owner: string,
  commands: Commands,
): NotifyPlan {
  const [up, down] = scripts[verb].map((keyword) => lastIn(block, keyword));
  return {
    ...subject,
    scripts: {
      ...(up === undefined ? {} : { UP: commandOf(up, owner, commands) }),
      ...(down === undefined ? {} : { DOWN: commandOf(down, owner, commands) }),
    },
    tellsDeleted: false,
    priorityChanges: false,
  };
}

/** `[10.0.0.1]:tcp:80`, `FWM 7`, or `[web]:0` for the first virtual server of a group. */
function fifoNameOf(
  { name, services: [service] }: VirtualServerPlan,
  built: readonly BuiltServer[],
): string {
  const [word, group] = name.split(" ");
  if (word === "group") {
    const same = built.filter(({ plan }) => plan.name.split(" ")[1] === group);
    return `[${group}]:${same.findIndex(({ plan }) => plan.name === name)}`;
  }
  const id = service?.id;
  if (id === undefined) return name;
  return id.kind === "mark" ? `FWM ${id.mark}` : fifoNameAt(id, id);
}

const protocolNames: ReadonlyMap<number, string> = new Map([[6, "tcp"], [17, "udp"], [
  132,
  "sctp",
]]);

/** keepalived: the servers of a mark have no protocol. */
function fifoNameAt(
  { address, port }: { readonly address: IpAddress; readonly port: number },
  id: IpvsServiceId | undefined,
): string {
  const protocol = id?.kind === "address" ? protocolNames.get(id.protocol) : undefined;
  return `[${formatIp(address)}]:${protocol ?? "none"}:${port}`;
}
