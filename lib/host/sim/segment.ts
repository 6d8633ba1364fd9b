/**
 * A network segment: whoever is attached hears every frame of the others, after a delay, unless the
 * segment loses it. It can lose, duplicate and delay at random, and can be cut between any two
 * nodes in either direction. Nothing is decided here but the fate of a frame.
 */
import {
  after,
  type Duration,
  type IfIndex,
  type Instant,
  microseconds,
  milliseconds,
  type Random,
} from "../../base/mod.ts";

/** What a segment does to frames. */
export interface SegmentFaults {
  readonly delay: Duration;
  /** Up to so much is added at random to the delay of each copy, so that frames overtake. */
  readonly jitter: Duration;
  /** Probability that a frame does not reach a station. */
  readonly loss: number;
  /** Of so many frames from one node to another the first so many are lost, over and over. */
  readonly burst?: readonly [lost: number, of: number];
  /** Probability that it reaches a station twice. */
  readonly duplication: number;
  /** Probability that the sender hears its own frame, as behind a loop of switches. */
  readonly reflection: number;
}

/** A link of a node that is plugged in. */
export interface Station {
  readonly node: string;
  readonly ifIndex: IfIndex;
}

/** A copy of a frame on its way. */
export interface Delivery {
  readonly to: Station;
  readonly at: Instant;
}

/** A segment without faults. */
export const perfect: SegmentFaults = {
  delay: microseconds(100),
  jitter: milliseconds(0),
  loss: 0,
  duplication: 0,
  reflection: 0,
};

/** One segment. */
export class Segment {
  readonly name: string;
  readonly #stations: Station[] = [];
  readonly #cuts = new Set<string>();
  /** How many frames went each way while they were lost in bursts. */
  readonly #passed = new Map<string, number>();
  #faults: SegmentFaults;

  constructor(name: string, faults: SegmentFaults) {
    this.name = name;
    this.#faults = faults;
  }

  /** Plugs a link in. */
  attach(station: Station): void {
    this.#stations.push(station);
  }

  /** Pulls a link out. */
  detach(node: string, ifIndex: IfIndex): void {
    const at = this.#stations.findIndex((known) =>
      known.node === node && known.ifIndex === ifIndex
    );
    if (at >= 0) this.#stations.splice(at, 1);
  }

  /** The stations, in the order in which they were plugged in. */
  stations(): readonly Station[] {
    return this.#stations;
  }

  /** Whether the link is plugged in here. */
  has(node: string, ifIndex: IfIndex): boolean {
    return this.#stations.some((known) => known.node === node && known.ifIndex === ifIndex);
  }

  /** Changes what the segment does to frames. */
  disturb(faults: Partial<SegmentFaults>): void {
    this.#faults = { ...this.#faults, ...faults };
    this.#passed.clear();
  }

  /** Stops frames of one node from reaching another. */
  cut(from: string, to: string): void {
    this.#cuts.add(`${from}>${to}`);
  }

  /** Takes all cuts back. */
  heal(): void {
    this.#cuts.clear();
  }

  /** Whether every frame reaches everybody within the delay. */
  healthy(): boolean {
    const { loss, burst } = this.#faults;
    return this.#cuts.size === 0 && loss === 0 && burst === undefined;
  }

  /** Takes every fault back; the delay stays. */
  recover(): void {
    this.#cuts.clear();
    this.#faults = { ...perfect, delay: this.#faults.delay };
  }

  /** The longest time that a frame takes. */
  longestDelay(): Duration {
    return microseconds(this.#faults.delay + this.#faults.jitter);
  }

  /** Decides when, and how often, a frame reaches whom. */
  carry(from: Station, now: Instant, random: Random): Delivery[] {
    const { delay, jitter, loss, duplication, reflection } = this.#faults;
    const deliveries: Delivery[] = [];
    for (const to of this.#stations) {
      const own = to.node === from.node && to.ifIndex === from.ifIndex;
      if (own && !random.chance(reflection)) continue;
      const way = `${from.node}>${to.node}`;
      if (this.#cuts.has(way) || random.chance(loss) || this.#bursts(way)) continue;
      const copies = random.chance(duplication) ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) {
        const spread = microseconds(delay + random.below(jitter + 1));
        deliveries.push({ to, at: after(now, spread) });
      }
    }
    return deliveries;
  }

  /** Whether this is a frame of the way that a burst takes. */
  #bursts(way: string): boolean {
    const { burst } = this.#faults;
    if (burst === undefined) return false;
    const [lost, of] = burst;
    const before = this.#passed.get(way) ?? 0;
    this.#passed.set(way, before + 1);
    return before % of < lost;
  }
}
