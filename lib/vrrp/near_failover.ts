/**
 * A near failover: the advert of the known master came when the timer had at most half of its last
 * interval and skew to run. With three adverts to a timeout that is after two were missed. Each is
 * counted; one in a minute is told, because where it happens once it happens often.
 */
import { after, between, type Instant, seconds } from "../base/mod.ts";
import type { BackupState, HeardAdvert, Instance } from "./instance_state.ts";
import type { Output } from "./output.ts";
import { skewTime } from "./timing.ts";

const tellPause = seconds(60);

/** Takes note of an advert of the known master that came nearly too late. */
export function noticeNearFailover(
  instance: Instance,
  state: BackupState,
  { address, priority }: HeardAdvert,
  now: Instant,
  out: Output[],
): void {
  if (!nearlyTookOver(instance, state, now)) return;
  const count = ++instance.counters.nearFailovers;
  if (state.nearTellAt > now) return;
  state.nearTellAt = after(now, tellPause);
  const [silentFor, left] = [between(state.heardAt, now), between(now, state.masterDownAt)];
  out.push({ kind: "near-failover", master: { address, priority }, silentFor, left, count });
}

function nearlyTookOver(
  { plan, effectivePriority }: Instance,
  state: BackupState,
  now: Instant,
): boolean {
  if (state.released || state.wantsMaster || state.preempting !== undefined) return false;
  const { activeAdvertInterval: interval } = state;
  const skew = skewTime(plan.version, effectivePriority, interval);
  const last = plan.downTimerAdverts > 1 ? interval : 0;
  return between(now, state.masterDownAt) <= (last + skew) / 2;
}
