/**
 * Which event concerns whom: the one list of all kinds of events, and the order in which a moment
 * of the clock is passed on.
 */
import type { Instant } from "../base/mod.ts";
import { clearCounters } from "../vrrp/mod.ts";
import { balanceTold } from "./balance.ts";
import { bfdOpened, bfdReceived, bfdRefused, passBfdDue } from "./bfd.ts";
import { checkCommandEnded, passChecks, probeTold } from "./checks.ts";
import { claimHeard, passDuplicates } from "./duplicate.ts";
import { stopAll } from "./ending.ts";
import type { EngineEvent } from "./event.ts";
import { webhookTold } from "./hooked.ts";
import { kernelChanged, refused, tablesRead } from "./kernel_told.ts";
import { passLease } from "./lease_lapse.ts";
import { linkBeat } from "./links.ts";
import { packetsLost } from "./lost.ts";
import { mailTold } from "./mailed.ts";
import { asked, passMaintenance } from "./maintenance.ts";
import { notificationEnded } from "./notified.ts";
import { passPaced } from "./pace.ts";
import { packetReceived } from "./packet.ts";
import { passRefusedAddresses } from "./refused_address.ts";
import { configure, removeLeftover } from "./reload.ts";
import { endsLater } from "./resource_leave.ts";
import { resourceEnded } from "./resources.ts";
import { routingRefused } from "./routing_watch.ts";
import { passDue, slept } from "./settle.ts";
import { tell } from "./slot.ts";
import { passRises } from "./slow_start.ts";
import { sysctlAnswered } from "./sysctl.ts";
import type { Tell } from "./tell.ts";
import { commandEnded, fileRead, passTrackers, probeEnded, processesCounted } from "./tracking.ts";
import { wantLinks } from "./virtual_link.ts";
import { wallClockRead } from "./wall_clock.ts";
import type { World } from "./world.ts";

/** Hands an event to whom it concerns. */
export function route(world: World, event: EngineEvent, now: Instant): void {
  switch (event.kind) {
    case "packet":
      return packetReceived(world, event.packet, now);
    case "packets-lost":
      return packetsLost(world, event, now);
    case "clock":
      return passClock(world, event.unread === true, now);
    case "slept":
      return slept(world, event.duration, now);
    case "claim":
      return claimHeard(world, event, now);
    case "bfd-packet":
    case "bfd-opened":
    case "bfd-refused":
      return bfdTold(world, event, now);
    case "link":
    case "link-gone":
    case "forwarding":
    case "address":
    case "address-gone":
    case "route-gone":
    case "rule-gone":
      return kernelChanged(world, event, now);
    case "routing-refused":
      return routingRefused(world, event, now);
    case "kernel-tables":
      return tablesRead(world, event, now);
    case "leftover":
      return removeLeftover(world, event);
    case "refused":
      return refused(world, event, now);
    case "prepare":
      return wantLinks(world, event.model);
    case "sysctl":
      return sysctlAnswered(world, event);
    case "mail-ended":
    case "webhook-ended":
      return deliveryTold(world, event, now);
    case "wall-clock":
      return wallClockRead(world, event.offset);
    case "command-ended":
      return anyCommandEnded(world, event, now);
    case "file-content":
    case "process-count":
    case "link-beat":
    case "track-probe-ended":
      return observed(world, event, now);
    case "probe-connected":
    case "probe-ended":
      return probeTold(world, event, now);
    case "link-refused":
    case "fifo-refused":
    case "watch-refused":
      return tell(world, toldRefusal(event));
    case "clear-counters":
      return world.slots.forEach(({ instance }) => clearCounters(instance.counters));
    case "hand-over":
    case "maintenance":
      return asked(world, event, now);
    case "configure":
      return configure(world, event, now);
    case "stop":
      if (endsLater(world, event.keepIpvs === true)) return;
      return stopAll(world, event.keepIpvs === true, now);
    default:
      return balanceTold(world, event, now);
  }
}

function passClock(world: World, unread: boolean, now: Instant): void {
  // Sessions and witnesses first: what they conclude counts for the routers that track them.
  passBfdDue(world, now, unread);
  if (world.tracked.witnessed) passTrackers(world, now);
  passDue(world, now, unread);
  passTrackers(world, now);
  passChecks(world, now);
  passRises(world, now);
  passPaced(world, now);
  passDuplicates(world, now);
  passMaintenance(world, now);
  passLease(world, unread, now);
  if (world.refusedAddresses.size > 0) passRefusedAddresses(world, now);
}

function bfdTold(
  world: World,
  event: Extract<EngineEvent, { kind: "bfd-packet" | "bfd-opened" | "bfd-refused" }>,
  now: Instant,
): void {
  switch (event.kind) {
    case "bfd-packet":
      return bfdReceived(world, event.packet, now);
    case "bfd-opened":
      return bfdOpened(world, event.session, event.seed, now);
    case "bfd-refused":
      return bfdRefused(world, event, now);
  }
}

function deliveryTold(
  world: World,
  event: Extract<EngineEvent, { kind: "mail-ended" | "webhook-ended" }>,
  now: Instant,
): void {
  if (event.kind === "mail-ended") return mailTold(world, event.outcome, now);
  webhookTold(world, event.webhook, event.outcome, now);
}

/** A command belongs to a notification, a check or a tracker. */
function anyCommandEnded(
  world: World,
  { run, end, output }: Extract<EngineEvent, { kind: "command-ended" }>,
  now: Instant,
): void {
  if (notificationEnded(world, run, { end, output }, now)) return;
  if (resourceEnded(world, run, { end, output }, now)) return;
  if (checkCommandEnded(world, run, end, now)) return;
  commandEnded(world, run, end, now);
}

/** Something that trackers look at. */
function observed(
  world: World,
  event: Extract<
    EngineEvent,
    { kind: "file-content" | "process-count" | "link-beat" | "track-probe-ended" }
  >,
  now: Instant,
): void {
  switch (event.kind) {
    case "file-content":
      return fileRead(world, event.path, event.text, now);
    case "process-count":
      return processesCounted(world, event.name, event.count, now);
    case "track-probe-ended":
      return probeEnded(world, event, now);
    case "link-beat":
      return linkBeat(world, event.interfaceName, event.up, now);
  }
}

/** A refusal that is told and changes nothing. */
function toldRefusal(
  event: Extract<EngineEvent, { kind: "link-refused" | "fifo-refused" | "watch-refused" }>,
): Tell {
  if (event.kind !== "link-refused") return event;
  const { kind, operation, name: interfaceName, refusal } = event;
  return { kind, operation, interfaceName, refusal };
}
