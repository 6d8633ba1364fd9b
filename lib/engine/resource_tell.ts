/**
 * What is told of resources, and the sentences.
 */
import { type Duration, formatDuration, unreachable } from "../base/mod.ts";
import { type Consequence, resourceName, type ResourceOutput } from "../resource/mod.ts";
import type { LeavingOnPurpose, ResourceOwner } from "./resource_world.ts";
import { tell } from "./slot.ts";
import type { Level, Tell } from "./tell.ts";
import type { World } from "./world.ts";

/** Whose resource it is: one of both. */
interface Whose {
  readonly instance?: string;
  readonly group?: string;
}

/** A sentence about resources. */
export type ResourceTell =
  | Whose & {
    readonly kind: "resource-changed";
    readonly resource: string;
    readonly state: "active" | "stopped";
    /** Absent when it was found so. */
    readonly tookMs?: number;
  }
  | Whose & {
    readonly kind: "resource-failed";
    readonly resource: string;
    readonly action: "start" | "stop" | "status" | "fence";
    /** Such as `exit 1` or `timeout`. */
    readonly detail: string;
    readonly next: Consequence;
  }
  /** The role is given away because of it. */
  | Whose & {
    readonly kind: "resource-gave-up";
    readonly resource: string;
    readonly detail: string;
    readonly holdOffMs: number;
  }
  /** The role goes when everything is stopped. */
  | Whose & {
    readonly kind: "resources-leaving";
    readonly why: LeavingOnPurpose;
  };

/** Tells what a set asks to be told. */
export function tellResource(
  world: World,
  { set: { plan } }: ResourceOwner,
  output: Extract<ResourceOutput, { kind: "changed" | "failed" | "gave-up" }>,
): void {
  const whose = plan.kind === "INSTANCE" ? { instance: plan.name } : { group: plan.name };
  const about = { ...whose, resource: resourceName(output.resource.plan) };
  switch (output.kind) {
    case "changed": {
      const { to: state, took } = output;
      const said = { kind: "resource-changed" as const, ...about, state };
      return tell(world, took === undefined ? said : { ...said, tookMs: took / 1000 });
    }
    case "failed": {
      const { failure: { action, detail }, then: next } = output;
      return tell(world, { kind: "resource-failed", ...about, action, detail, next });
    }
    case "gave-up": {
      const { action, detail } = output.failure;
      const holdOffMs = plan.holdOff / 1000;
      const what = `${action} ${detail}`;
      return tell(world, { kind: "resource-gave-up", ...about, detail: what, holdOffMs });
    }
  }
}

const kinds: ReadonlySet<string> = new Set<ResourceTell["kind"]>([
  "resource-changed",
  "resource-failed",
  "resource-gave-up",
  "resources-leaving",
]);

/** Whether a tell is about resources. */
export function isResourceTell(told: Tell): told is ResourceTell {
  return kinds.has(told.kind);
}

/** How loud it is. */
export function levelOfResourceTell(told: ResourceTell): Level {
  if (told.kind === "resource-gave-up") return "error";
  if (told.kind !== "resource-failed") return "notice";
  const { kind } = told.next;
  return kind === "fence" || kind === "stuck" || kind === "give-up" ? "error" : "warning";
}

/** The sentence for people. */
export function renderResourceTell(told: ResourceTell): string {
  const who = told.instance ?? `sync group ${told.group}`;
  switch (told.kind) {
    case "resource-changed": {
      const { tookMs } = told;
      const how = tookMs === undefined
        ? ""
        : `, after ${formatDuration((tookMs * 1000) as Duration)}`;
      return `${who}: ${told.resource} is ${told.state}${how}`;
    }
    case "resource-failed":
      return `${who}: ${verbs[told.action]} ${told.resource} failed, ${told.detail}; ` +
        next(told.next);
    case "resource-gave-up":
      return `${who}: gives the role away, ${told.resource} failed too often (${told.detail}); ` +
        `takes no part for ${formatDuration((told.holdOffMs * 1000) as Duration)}`;
    case "resources-leaving":
      return `${who}: stops its resources before it gives the role away (${reasons[told.why]})`;
    default:
      return unreachable(told);
  }
}

const verbs = {
  start: "starting",
  stop: "stopping",
  status: "the status of",
  fence: "the fence for",
} as const;

const reasons = {
  reload: "reload",
  "hand-over": "failover on request",
  maintenance: "maintenance",
  shutdown: "shutdown",
} as const;

function next(then: Consequence): string {
  switch (then.kind) {
    case "retry":
      return `it is stopped and started again (${then.attempt} of ${then.of})`;
    case "give-up":
      return "it has failed too often";
    case "escalate":
      return "a harder attempt follows";
    case "fence":
      return "nothing but the fence is left";
    case "stuck":
      return "nothing is left to try: it may still be active here";
    case "none":
      return "nobody knew whether it was active";
    default:
      return unreachable(then);
  }
}
