/**
 * Packets that the kernel dropped because more arrived than were read: a flood, or a node that is
 * too slow. They are counted, and told at once and then once a minute at most, with how many there
 * were since: an advert of a master may have been among them.
 */
import { between, type Family, type IfIndex, type Instant, seconds } from "../base/mod.ts";
import { tell } from "./slot.ts";
import type { World } from "./world.ts";

/** The time between two sentences about it. */
const quiet = seconds(60);

/** What was lost. */
export interface Lost {
  /** Packets since the start. */
  count: number;
  /** Those of them that nobody was told of yet. */
  untold: number;
  toldAt: Instant | undefined;
}

/** Nothing was lost yet. */
export function newLost(): Lost {
  return { count: 0, untold: 0, toldAt: undefined };
}

/** The kernel dropped packets for an interface. */
export function packetsLost(
  world: World,
  { ifIndex, family, count }: {
    readonly ifIndex: IfIndex;
    readonly family: Family;
    readonly count: number;
  },
  now: Instant,
): void {
  const { lost } = world;
  lost.count += count;
  lost.untold += count;
  if (lost.toldAt !== undefined && between(lost.toldAt, now) < quiet) return;
  const interfaceName = world.kernel.link(ifIndex)?.name;
  tell(world, {
    kind: "packets-lost",
    ...(interfaceName === undefined ? {} : { interfaceName }),
    family,
    count: lost.untold,
  });
  lost.untold = 0;
  lost.toldAt = now;
}
