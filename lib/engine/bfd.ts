/**
 * BFD sessions in the engine: packets find their session, what a session asks for becomes effects,
 * and a reload keeps sessions whose neighbour is the same. A session whose socket is refused stays
 * AdminDown and is tried again every second.
 */
import {
  after,
  earlier,
  equalIp,
  equalPlain,
  type Instant,
  milliseconds,
  never,
  seconds,
} from "../base/mod.ts";
import {
  type BfdPlan,
  closeSession,
  newSession,
  openSession,
  passDeadlines,
  receivePacket,
  replanSession,
  sessionDeadline,
} from "../bfd/mod.ts";
import { type BfdPacket, decodeBfd, encodeBfd } from "../wire/mod.ts";
import type { BfdSlot } from "./bfd_world.ts";
import type { Effect } from "./effect.ts";
import type { EngineEvent, ReceivedBfd } from "./event.ts";
import { tell } from "./slot.ts";
import { sessionChanged } from "./tracking.ts";
import type { World } from "./world.ts";

/** How long a refused socket is left alone. */
const retryPause = seconds(1);
/** How long silence is not judged when packets may be unread. */
const unreadPause = milliseconds(1);

/** Brings the sessions in line with a model. */
export function configureBfd(world: World, plans: readonly BfdPlan[], now: Instant): void {
  const { slots } = world.bfd;
  for (const [name, slot] of [...slots]) {
    const next = plans.find((plan) => plan.name === name);
    if (next === undefined || !equalIp(next.neighbor, slot.session.plan.neighbor)) {
      end(world, slot, now);
      slots.delete(name);
    } else if (!equalPlain(next, slot.session.plan)) adapt(world, slot, next, now);
  }
  for (const plan of plans) {
    if (slots.has(plan.name)) continue;
    const isTaken = (discriminator: number): boolean =>
      world.bfd.byDiscriminator.has(discriminator);
    const session = newSession(plan, now, isTaken);
    slots.set(plan.name, { session, retryAt: never, out: [], told: new Set() });
    world.effects.push(opening(plan));
  }
}

/** Ends all sessions. */
export function closeBfd(world: World, now: Instant): void {
  for (const slot of world.bfd.slots.values()) end(world, slot, now);
}

/** The sockets of a session are there. */
export function bfdOpened(world: World, name: string, seed: number, now: Instant): void {
  const slot = world.bfd.slots.get(name);
  if (slot === undefined || world.stopping) return;
  slot.retryAt = never;
  openSession(slot.session, seed, now, slot.out);
  settleBfd(world, slot, slot.session.discriminator, now);
}

/** The kernel refused to open a socket, or to send. */
export function bfdRefused(
  world: World,
  { session: name, operation, refusal }: Extract<EngineEvent, { kind: "bfd-refused" }>,
  now: Instant,
): void {
  const slot = world.bfd.slots.get(name);
  if (slot === undefined || world.stopping) return;
  tellOnce(world, slot, `${operation} ${refusal.errno}`, {
    kind: "bfd-refused",
    session: name,
    operation,
    refusal,
  });
  if (operation === "open") slot.retryAt = after(now, retryPause);
  settleBfd(world, slot, slot.session.discriminator, now);
}

/** Takes one packet from the wire. */
export function bfdReceived(world: World, packet: ReceivedBfd, now: Instant): void {
  const { unmatched } = world.bfd;
  const decoded = decodeBfd(packet.bytes);
  if (!decoded.ok) {
    unmatched.malformed++;
    return;
  }
  const slot = sessionFor(world, packet, decoded.value);
  if (slot === undefined) {
    unmatched.unknownSession++;
    return;
  }
  const { session } = slot;
  const { discriminator } = session;
  const discarded = receivePacket(session, decoded.value, packet.ttl, now, slot.out);
  if (discarded !== undefined) {
    const { source } = packet;
    const words = { session: session.plan.name, source, detail: discarded };
    tellOnce(world, slot, discarded, { kind: "bfd-dropped", ...words });
  }
  settleBfd(world, slot, discriminator, now);
}

/** Lets every session whose deadline passed act; silence is only judged on read mail. */
export function passBfdDue(world: World, now: Instant, unread: boolean): void {
  const { deadlines } = world.bfd;
  for (let slot = deadlines.takeDue(now); slot !== undefined; slot = deadlines.takeDue(now)) {
    const { session } = slot;
    const { discriminator } = session;
    if (slot.retryAt <= now) {
      slot.retryAt = never;
      world.effects.push(opening(session.plan));
    }
    passDeadlines(session, now, unread, slot.out);
    settleBfd(world, slot, discriminator, now);
    const next = deadlineOf(slot);
    if (next <= now) deadlines.set(slot, after(now, unreadPause));
  }
}

/** RFC 5880 §6.3: by Your Discriminator, and before the neighbour knows it by the addresses. */
function sessionFor(
  { bfd }: World,
  { source, destination, multihop }: ReceivedBfd,
  { yourDiscriminator }: BfdPacket,
): BfdSlot | undefined {
  if (yourDiscriminator !== 0) {
    const found = bfd.byDiscriminator.get(yourDiscriminator);
    return found?.session.plan.multihop === multihop ? found : undefined;
  }
  for (const slot of bfd.slots.values()) {
    const { plan } = slot.session;
    if (plan.multihop !== multihop || !equalIp(plan.neighbor, source)) continue;
    const own = plan.source;
    if (own === undefined || destination === undefined || equalIp(own, destination)) return slot;
  }
  return undefined;
}

function adapt(world: World, slot: BfdSlot, plan: BfdPlan, now: Instant): void {
  const { session } = slot;
  const [before, next] = [opening(session.plan), opening(plan)];
  replanSession(session, plan, now);
  if (!equalPlain(before, next)) world.effects.push(next);
  settleBfd(world, slot, session.discriminator, now);
}

function end(world: World, slot: BfdSlot, now: Instant): void {
  const { session } = slot;
  const { discriminator } = session;
  closeSession(session, now, slot.out);
  slot.retryAt = never;
  settleBfd(world, slot, discriminator, now);
  world.bfd.byDiscriminator.delete(session.discriminator);
  world.effects.push({ kind: "close-bfd", session: session.plan.name });
}

/** Turns everything the session asked for into effects; finds it by its new discriminator. */
function settleBfd(world: World, slot: BfdSlot, before: number, now: Instant): void {
  const { session, out } = slot;
  const { plan } = session;
  const { byDiscriminator } = world.bfd;
  if (before !== session.discriminator) byDiscriminator.delete(before);
  if (session.state !== "AdminDown") byDiscriminator.set(session.discriminator, slot);
  for (const output of out.splice(0)) {
    if (output.kind === "send") {
      const bytes = encodeBfd(output.packet);
      world.effects.push({ kind: "send-bfd", session: plan.name, bytes });
      continue;
    }
    const { from, to, cause } = output;
    slot.told.clear();
    const { name, neighbor } = plan;
    tell(world, { kind: "bfd-transition", session: name, neighbor, from, to, cause });
    sessionChanged(world, name, to === "Up", now);
  }
  world.bfd.deadlines.set(slot, deadlineOf(slot));
}

function deadlineOf(slot: BfdSlot): Instant {
  return earlier(sessionDeadline(slot.session), slot.retryAt);
}

function opening(plan: BfdPlan): Extract<Effect, { kind: "open-bfd" }> {
  const { name: session, neighbor, source, ttl, multihop } = plan;
  const ends = source === undefined ? { neighbor } : { neighbor, source };
  return { kind: "open-bfd", session, ...ends, ttl, multihop };
}

function tellOnce(
  world: World,
  slot: BfdSlot,
  key: string,
  words: Parameters<typeof tell>[1],
): void {
  if (slot.told.has(key)) return;
  slot.told.add(key);
  tell(world, words);
}
