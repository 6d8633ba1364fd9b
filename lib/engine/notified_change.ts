/**
 * Which of the things that are told are changes of state that people asked to hear of: those of
 * routers, groups, virtual servers and real servers. Scripts, FIFOs and mail all tell of these.
 */
import type { NotifiedState } from "../notify/mod.ts";
import { isWaiting, type StateName } from "../vrrp/mod.ts";
import type { Tell } from "./tell.ts";

/** Somebody has another state. */
export interface Change {
  /** Kind and name, as notifications are kept by. */
  readonly key: string;
  readonly state: NotifiedState;
  /** The instance is no longer in the configuration. */
  readonly removed?: true;
}

/** The change that a tell is about; absent when it is about something else. */
export function changeIn(tell: Tell): Change | undefined {
  switch (tell.kind) {
    case "transition": {
      const { instance, to, reason } = tell;
      // keepalived: waiting for the first result of a script is not told.
      if (reason.kind === "fault" && isWaiting(reason.fault)) return undefined;
      const change = changeOf(`INSTANCE ${instance}`, notifiedState(to));
      const removed = to === "STOPPED" && reason.kind === "reload";
      return change !== undefined && removed ? { ...change, removed } : change;
    }
    case "group-transition":
      if (tell.waiting === true) return undefined;
      return changeOf(`GROUP ${tell.group}`, notifiedState(tell.to));
    case "quorum-changed":
      return changeOf(`VS ${tell.virtualServer}`, tell.up ? "UP" : "DOWN");
    case "server-changed":
      return changeOf(`RS ${tell.virtualServer} ${tell.server}`, tell.up ? "UP" : "DOWN");
    default:
      return undefined;
  }
}

/** The state of a notification; INIT is not told. */
export function notifiedState(state: StateName): NotifiedState | undefined {
  if (state === "STOPPED") return "STOP";
  return state === "INIT" ? undefined : state;
}

function changeOf(key: string, state: NotifiedState | undefined): Change | undefined {
  return state === undefined ? undefined : { key, state };
}
