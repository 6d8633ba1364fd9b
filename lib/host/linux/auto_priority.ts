/**
 * `max_auto_priority`: a daemon that notices that it is late makes itself more urgent. The first
 * time it becomes a real-time process of the lowest priority, each time after that the priority
 * rises by one, up to what the file allows. It never sinks by itself: the load that made it late
 * may come back.
 */
import type { Duration } from "../../base/mod.ts";
import { defaultAutoPriorityDelay, type ProcessPlan } from "../../config/mod.ts";

/** The priority that a daemon gives itself. */
export class AutoPriority {
  #most = 0;
  #delay = defaultAutoPriorityDelay;
  #base = 0;
  #priority: number | undefined;

  /** What the file says; a priority that is above what it allows now is given up. */
  become(plan: ProcessPlan): void {
    this.#most = plan.autoPriority ?? 0;
    this.#delay = plan.autoPriorityDelay ?? defaultAutoPriorityDelay;
    this.#base = plan.realtimePriority ?? 0;
    const { priority } = this;
    if (priority !== undefined && priority > this.#most) this.#priority = undefined;
  }

  /** The priority that lateness has given; absent when it is what the file says. */
  get priority(): number | undefined {
    return this.#priority;
  }

  /** So late it was; answers the priority to take, if it is another one. */
  late(by: Duration): number | undefined {
    const now = this.#priority ?? this.#base;
    if (by < this.#delay || now >= this.#most) return undefined;
    this.#priority = now + 1;
    return this.#priority;
  }
}
