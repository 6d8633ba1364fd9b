/**
 * The referee of elections: watches every step of every daemon and holds it against the protocol,
 * with a clerk for each virtual router.
 *
 * - nobody rises before its Master_Down_Interval, its Skew_Time or its `preempt_delay` is over, and
 *   nobody later;
 * - a master gives way to a better one at once, and to no other;
 * - nobody takes its own advert for another's;
 * - a master that is stopped says so; nobody stays master on a dead link.
 */
import type { Instant } from "../base/mod.ts";
import type { Effect, Tell } from "../engine/mod.ts";
import type { Step, Watcher } from "../host/sim/mod.ts";
import type { StateName } from "../vrrp/mod.ts";
import { compareOctets, readAdvert, seeAdvert, type SeenAdvert } from "./advert.ts";
import type { Clerk } from "./clerk.ts";
import { Desk } from "./desk.ts";
import { documentOf, ruleOfAdvert, ruleOfTransition } from "./rules.ts";

interface Hearing {
  readonly clerk: Clerk;
  readonly advert: SeenAdvert;
  /** The state in which it was heard. */
  readonly state: StateName;
}

/** Hears which rule of which document was followed. */
export type Tick = (document: string, rule: string) => void;

/** Watches elections. */
export class Referee implements Watcher {
  readonly #desks = new Map<string, Desk>();
  readonly #tick: Tick | undefined;

  constructor(tick?: Tick) {
    this.#tick = tick;
  }

  /** Holds a step against the protocol. */
  stepped(step: Step): readonly string[] {
    const { node, event, effects, now } = step;
    let desk = this.#desks.get(node.name);
    if (desk === undefined || desk.run !== node.starts) {
      desk = new Desk(node);
      this.#desks.set(node.name, desk);
    }
    const hearing = hearingOf(desk, step);
    if (event.kind === "configure") desk.reopen(step);
    const objections = hearing === undefined
      ? []
      : about(hearing.clerk, hearing.clerk.risesTooLate(now, node.awakeSince));
    if (this.#tick !== undefined) tickOff(this.#tick, desk, step, hearing);
    for (const effect of effects) {
      if (effect.kind === "send-vrrp") learnSource(desk, effect);
      else if (effect.kind === "tell") {
        objections.push(...listen(desk, effect.tell, now));
        objections.push(...judgeStop(desk, effect.tell, effects));
      }
    }
    if (hearing !== undefined) objections.push(...judge(hearing, step));
    switch (event.kind) {
      case "link":
        return event.link.up ? objections : [...objections, ...judgeLink(desk, event.link.name)];
      case "maintenance":
        rest(desk, event.until !== undefined, now);
        return objections;
      case "hand-over":
        for (const clerk of desk.clerks.values()) {
          clerk.vague = true;
          clerk.extend(now);
        }
        return objections;
      default:
        return objections;
    }
  }

  /** Nobody is late. */
  looked(): readonly string[] {
    const objections: string[] = [];
    for (const { node, run, clerks } of this.#desks.values()) {
      if (!node.awake() || node.starts !== run) continue;
      const now = node.now();
      for (const clerk of clerks.values()) {
        const late = clerk.risesTooLate(now, node.awakeSince);
        if (late !== undefined) objections.push(`${node.name}: ${clerk.plan.name} ${late}`);
      }
    }
    return objections;
  }
}

/** Says which rules this step followed. */
function tickOff(
  tick: Tick,
  desk: Desk,
  { event, effects }: Step,
  hearing: Hearing | undefined,
): void {
  const told = (clerk: Clerk, rule: string | undefined): void => {
    if (rule !== undefined) tick(documentOf(clerk.plan.version), rule);
  };
  if (hearing !== undefined) {
    const { clerk, advert, state } = hearing;
    told(clerk, ruleOfAdvert(clerk, state, advert, clerk.yieldsTo(advert)));
  }
  for (const effect of effects) {
    if (effect.kind === "send-vrrp" && event.kind === "clock") {
      const clerk = desk.find(effect.family, sentVrid(effect), effect.ifIndex);
      if (clerk?.state === "MASTER") told(clerk, "6.4.3 timer");
    }
    const tell = effect.kind === "tell" ? effect.tell : undefined;
    if (tell?.kind !== "transition") continue;
    const clerk = desk.clerks.get(tell.instance);
    if (clerk !== undefined) told(clerk, ruleOfTransition(tell.from, tell.to));
  }
}

function about({ plan }: Clerk, objection: string | undefined): string[] {
  return objection === undefined ? [] : [`${plan.name} ${objection}`];
}

/** The advert of a packet, and who hears it. */
function hearingOf(desk: Desk, { event }: Step): Hearing | undefined {
  if (event.kind !== "packet") return undefined;
  const advert = seeAdvert(event.packet);
  if (advert === undefined) return undefined;
  const { family, ifIndex } = event.packet;
  const clerk = desk.find(family, advert.vrid, ifIndex);
  return clerk?.takes(advert) === true ? { clerk, advert, state: clerk.state } : undefined;
}

function learnSource(desk: Desk, effect: Extract<Effect, { kind: "send-vrrp" }>): void {
  const { family, ifIndex, source, bytes } = effect;
  const vrid = sentVrid(effect);
  const clerk = bytes.length < 8 ? undefined : desk.find(family, vrid, ifIndex);
  if (clerk !== undefined) clerk.source = source.bytes;
}

function sentVrid({ family, bytes }: Extract<Effect, { kind: "send-vrrp" }>): number {
  return bytes[bodyOf(family, bytes) + 1] ?? 0;
}

function bodyOf(family: string, bytes: Uint8Array): number {
  if (family === "ipv6") return 0;
  return ((bytes[0] ?? 0) & 0x0f) * 4 + (bytes[9] === 51 ? 24 : 0);
}

/** Follows what a daemon tells, in its order. */
function listen(desk: Desk, tell: Tell, now: Instant): string[] {
  if (tell.kind === "stalled") {
    for (const clerk of desk.clerks.values()) clerk.extend(now);
    return [];
  }
  if (tell.kind === "priority-changed") {
    desk.clerks.get(tell.instance)?.reprioritize(tell.to, now);
    return [];
  }
  if (tell.kind !== "transition") return [];
  const clerk = desk.clerks.get(tell.instance);
  if (clerk === undefined) return [];
  const { from, to, reason } = tell;
  const objections = from === clerk.state || reason.kind === "startup"
    ? []
    : about(clerk, `goes from ${from} to ${to}, but was ${clerk.state}`);
  clerk.state = to;
  if (to === "BACKUP") {
    const first = reason.kind === "startup" && clerk.plan.initialState === "MASTER";
    clerk.listen(now, first && !clerk.owns());
    if (clerk.owns()) clerk.loosen(now);
  } else if (to === "MASTER") {
    clerk.vague = false;
    if (from === "BACKUP" && reason.kind !== "owner") {
      objections.push(...about(clerk, clerk.risesTooEarly(now)));
    }
  }
  return objections;
}

/** What an advert must have done, and must not have done. */
function judge({ clerk, advert, state }: Hearing, { now, effects }: Step): string[] {
  const own = clerk.source !== undefined && compareOctets(clerk.source, advert.source) === 0;
  if (own) return about(clerk, takenForAnother(clerk, effects));
  const { lax, plan } = clerk;
  const unsure = plan.password ?? plan.ahKey ?? plan.hmac;
  const owners = clerk.owns() && (advert.priority === 255 || plan.ownerIgnoreAdverts);
  const objections: string[] = [];
  if (state === "MASTER" && unsure === undefined && !owners) {
    const better = advert.priority > 0 && clerk.yieldsTo(advert);
    const stays = clerk.state === "MASTER";
    if (better && stays) {
      objections.push(...about(clerk, `stays master beside one of ${advert.priority}`));
    } else if (!better && !stays && !lax) {
      objections.push(...about(clerk, `gives way to one of ${advert.priority}`));
    }
  }
  if (clerk.state === "BACKUP") clerk.hear(advert, now);
  return objections;
}

function takenForAnother(clerk: Clerk, effects: readonly Effect[]): string | undefined {
  const taken = effects.some((effect) =>
    effect.kind === "tell" && "instance" in effect.tell &&
    effect.tell.instance === clerk.plan.name && effect.tell.kind !== "advert-dropped"
  );
  return taken ? "takes its own advert for another's" : undefined;
}

function judgeLink({ clerks, node }: Desk, interfaceName: string): string[] {
  if ((node.model?.links.length ?? 0) > 0) return [];
  return [...clerks.values()].flatMap((clerk) => {
    const { plan, state } = clerk;
    const dead = plan.interfaceName === interfaceName && plan.trackPrimary && state === "MASTER";
    return about(clerk, dead ? `stays master though ${interfaceName} is down` : undefined);
  });
}

/** A master that ends says so with priority 0. */
function judgeStop({ clerks }: Desk, tell: Tell, effects: readonly Effect[]): string[] {
  if (tell.kind !== "transition" || tell.from !== "MASTER" || tell.to !== "STOPPED") return [];
  const clerk = clerks.get(tell.instance);
  if (clerk === undefined) return [];
  const { family, vrid } = clerk.plan;
  const said = clerk.source === undefined || effects.some((effect) => {
    if (effect.kind !== "send-vrrp" || effect.family !== family) return false;
    const advert = readAdvert(effect.bytes, bodyOf(family, effect.bytes), effect.source.bytes);
    return advert?.vrid === vrid && advert.priority === 0;
  });
  return about(clerk, said ? undefined : "is stopped and does not say so");
}

function rest({ clerks }: Desk, resting: boolean, now: Instant): void {
  for (const clerk of clerks.values()) {
    clerk.resting = resting;
    clerk.loosen(now);
  }
}
