/**
 * What RFC 9568 §6.4 and RFC 3768 §6.4 allow one virtual router to do, told by somebody who only
 * sees what it hears and what it says. The clerk of a router keeps the span of time in which it has
 * to become master. It knows nothing of how the daemon decides; the formulas are worked out here
 * once more and in another way. Where it can not know (a reload, a stall) the span grows.
 */
import type { InstancePlan, StateName } from "../vrrp/mod.ts";
import { compareOctets, type SeenAdvert } from "./advert.ts";

/** Roundings of timers and of clocks that drift, in microseconds. */
const tolerance = 3;

/** Skew_Time in microseconds. */
export function skewOf(version: 2 | 3, priority: number, interval: number): number {
  const whole = version === 2 ? 1_000_000 : interval;
  const numerator = (256 - priority) * whole;
  return (numerator - numerator % 256) / 256;
}

/** The clerk of one virtual router. */
export class Clerk {
  plan: InstancePlan;
  state: StateName = "INIT";
  priority: number;
  /** Where its adverts come from, once it has sent one. */
  source: Uint8Array | undefined;
  /** Somebody else has a say in when it rises: a group, a delay, signatures. */
  lax: boolean;
  /** Whether it preempts is not known. */
  vague = false;
  /** It takes no part. */
  resting = false;
  #earliest = 0;
  #latest = Infinity;
  #interval: number;
  #delayEnds: number | undefined;

  constructor(plan: InstancePlan, lax: boolean) {
    this.plan = plan;
    this.priority = plan.basePriority;
    this.lax = lax;
    this.#interval = plan.advertInterval;
  }

  /** Whether it owns the addresses: such a one is master at once. */
  owns(): boolean {
    return this.plan.basePriority === 255;
  }

  /** Begins to listen. */
  listen(now: number, eager: boolean): void {
    this.#interval = this.plan.advertInterval;
    this.#delayEnds = undefined;
    const { version, advertInterval } = this.plan;
    this.#set(
      now + (eager ? advertInterval + skewOf(version, 255, advertInterval) : this.down()),
    );
  }

  /** Master_Down_Interval as it is now. */
  down(): number {
    const { version, downTimerAdverts } = this.plan;
    return downTimerAdverts * this.#interval + skewOf(version, this.priority, this.#interval);
  }

  /** It may rise at once from now on, and has to in twice the usual time. */
  loosen(now: number): void {
    this.#earliest = Math.min(this.#earliest, now);
    this.extend(now);
  }

  /** Its timer may have begun anew. */
  extend(now: number): void {
    this.#latest = Math.max(this.#latest, now + this.down());
  }

  /** Nobody can say when it has to rise. */
  forget(): void {
    this.#latest = Infinity;
  }

  /** Trackers changed its priority: a running timer is moved by the difference of the skews. */
  reprioritize(priority: number, now: number): void {
    const { version } = this.plan;
    const shift = skewOf(version, priority, this.#interval) -
      skewOf(version, this.priority, this.#interval);
    this.priority = priority;
    this.#earliest = Math.max(now, this.#earliest + shift);
    this.#latest = Math.max(now, this.#latest + shift);
  }

  /** Whether it would take this advert at all. */
  takes({ version, interval }: SeenAdvert): boolean {
    if (version !== this.plan.version) return false;
    return version === 3 || interval === this.plan.advertInterval;
  }

  /** Whether a master has to give way to the sender. */
  yieldsTo({ priority, source }: SeenAdvert): boolean {
    if (priority !== this.priority) return priority > this.priority;
    return this.source !== undefined && compareOctets(source, this.source) > 0;
  }

  /** Hears an advert as a backup. */
  hear(advert: SeenAdvert, now: number): void {
    const { preempt, preemptDelay, version } = this.plan;
    if (advert.priority === 0) {
      // A member whose timer ran out waits for its group only, though it listens anew.
      const waits = this.lax && this.#earliest <= now ? this.#earliest : undefined;
      this.#set(now + skewOf(version, this.priority, this.#interval));
      this.#earliest = waits ?? this.#earliest;
      return;
    }
    const lower = preempt && advert.priority < this.priority;
    if (!lower) this.#delayEnds = undefined;
    else {
      if (preemptDelay > 0 && this.#delayEnds === undefined) this.#delayEnds = now + preemptDelay;
      const waits = this.#delayEnds !== undefined && now < this.#delayEnds;
      if (!waits && !this.vague) return;
      if (!waits) {
        const [before, latest] = [this.#earliest, this.#latest];
        this.#accept(advert, now);
        this.#earliest = before;
        this.#latest = Math.max(latest, this.#latest);
        return;
      }
    }
    this.#accept(advert, now);
  }

  /** What is wrong with becoming master now. */
  risesTooEarly(now: number): string | undefined {
    const by = this.#earliest - now;
    return by > tolerance ? `rises ${by} µs too early` : undefined;
  }

  /** What is wrong with not having become master until now; it ran since `awakeSince`. */
  risesTooLate(now: number, awakeSince: number): string | undefined {
    if (this.state !== "BACKUP" || this.lax || this.resting) return undefined;
    const by = now - Math.max(this.#latest, awakeSince);
    return by > tolerance ? `should have been master ${by} µs ago` : undefined;
  }

  #accept({ interval }: SeenAdvert, now: number): void {
    const { version, advertInterval } = this.plan;
    if (version === 3) this.#interval = interval > 0 ? interval : advertInterval;
    this.#set(now + this.down());
  }

  #set(at: number): void {
    this.#earliest = at;
    this.#latest = at;
  }
}
