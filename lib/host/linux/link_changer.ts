/**
 * Makes and deletes interfaces, and sets what the kernel has below /proc/sys/net/ipv4/conf. Each
 * answer is an event that the engine gets before anything else happens.
 */
import { readFileSync, writeFileSync } from "node:fs";
import type { IfIndex } from "../../base/mod.ts";
import type { Effect, EngineEvent, KernelRefusal } from "../../engine/mod.ts";
import {
  type CreateLink,
  decodeLink,
  encodeCreateLink,
  encodeDeleteLink,
  encodeGetLink,
  encodeSetLink,
  type LinkMessage,
} from "../../netlink/mod.ts";
import type { HeldFile } from "./held_file.ts";
import { toLink } from "./kernel_watch.ts";
import type { RouteNetlink } from "./route_netlink.ts";

/** What this file carries out. */
export type LinkEffect = Extract<
  Effect,
  { kind: "add-link" | "delete-link" | "read-sysctl" | "set-sysctl" }
>;

type AddLink = Extract<Effect, { kind: "add-link" }>;

/** Carries an effect out; answers what became of it. */
export function changeLink(
  effect: LinkEffect,
  requests: RouteNetlink,
  held: HeldFile,
): EngineEvent[] {
  switch (effect.kind) {
    case "add-link":
      held.takeLine(heldLink(effect.name));
      return addLink(effect, requests);
    case "delete-link":
      return deleteLink(effect, requests, held);
    case "read-sysctl": {
      const before = readSetting(effect.scope, effect.name);
      const { scope, name } = effect;
      return before === undefined ? [] : [{ kind: "sysctl", scope, name, before, restore: false }];
    }
    case "set-sysctl":
      return setSetting(effect, held);
  }
}

/** The line of the held file that removes an interface. */
function heldLink(name: string): string {
  return `link del ${name}\n`;
}

function addLink({ name, plan, base, present }: AddLink, requests: RouteNetlink): EngineEvent[] {
  if (present === undefined) {
    const below = getLink(plan.base, requests);
    const request: CreateLink = {
      name,
      link: base,
      group: plan.group ?? below?.group ?? 0,
      ...(plan.kind === "macvlan"
        ? { kind: "macvlan", mode: "private", mac: plan.mac }
        : { kind: "ipvlan", mode: "l2", flag: plan.flag }),
    };
    const made = requests.request((sequence) => encodeCreateLink(request, sequence));
    if (!made.ok) return [refused("add-link", name, made.error)];
  }
  const link = getLink(name, requests);
  if (link === undefined) return [];
  const { ifIndex } = link;
  // Before it comes up: the kernel then makes no link-local address of the virtual one. A kernel
  // without IPv6 refuses, and makes none either. An ipvlan for IPv6 sends from that.
  if (plan.kind === "macvlan" || plan.family === "ipv4") {
    requests.request((sequence) => encodeSetLink({ ifIndex, withoutLinkLocal: true }, sequence));
  }
  const up = requests.request((sequence) => encodeSetLink({ ifIndex, up: true }, sequence));
  if (!up.ok) return [refused("add-link", name, up.error)];
  if (plan.kind === "macvlan" && plan.notify === true) tellOfBase(base, plan.base, requests);
  const now = getLink(name, requests);
  return now === undefined ? [] : [{ kind: "link", link: toLink(now) }];
}

/** Giving it the group that it has makes the kernel tell everybody of the interface. */
function tellOfBase(ifIndex: IfIndex, name: string, requests: RouteNetlink): void {
  const group = getLink(name, requests)?.group ?? 0;
  requests.request((sequence) => encodeSetLink({ ifIndex, group }, sequence));
}

function deleteLink(
  { ifIndex, name }: Extract<Effect, { kind: "delete-link" }>,
  requests: RouteNetlink,
  held: HeldFile,
): EngineEvent[] {
  const done = requests.request((sequence) => encodeDeleteLink(ifIndex, sequence));
  held.dropLine(heldLink(name));
  return done.ok || done.error.errno === "ENODEV" ? [] : [refused("delete-link", name, done.error)];
}

function setSetting(
  { scope, name, value, onlyRaise, restore }: Extract<Effect, { kind: "set-sysctl" }>,
  held: HeldFile,
): EngineEvent[] {
  const before = readSetting(scope, name);
  if (before === undefined) return [];
  const after = onlyRaise === true ? Math.max(before, value) : value;
  const path = pathOf(scope, name);
  if (restore && before !== after) held.takeSetting(path, before);
  try {
    // Written even when it is so already: what was never written follows "default".
    writeFileSync(path, `${after}\n`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const refusal = { errno: "EACCES", message };
    const key = scope === "" ? `net.ipv4.${name}` : `net.ipv4.conf.${scope}.${name}`;
    return [refused("set-sysctl", key, refusal)];
  } finally {
    if (!restore) held.dropSetting(path);
  }
  return [{ kind: "sysctl", scope, name, before, after, restore }];
}

function readSetting(scope: string, name: string): number | undefined {
  try {
    return Number(readFileSync(pathOf(scope, name), "latin1"));
  } catch {
    // The interface is gone, or the kernel does not know the setting.
    return undefined;
  }
}

function pathOf(scope: string, name: string): string {
  return scope === "" ? `/proc/sys/net/ipv4/${name}` : `/proc/sys/net/ipv4/conf/${scope}/${name}`;
}

function getLink(name: string, requests: RouteNetlink): LinkMessage | undefined {
  const answer = requests.ask((sequence) => encodeGetLink(name, sequence));
  const link = answer.ok && answer.value !== undefined ? decodeLink(answer.value) : undefined;
  return link?.ok === true ? link.value : undefined;
}

function refused(
  operation: "add-link" | "delete-link" | "set-sysctl",
  name: string,
  refusal: KernelRefusal,
): EngineEvent {
  return { kind: "link-refused", operation, name, refusal };
}
