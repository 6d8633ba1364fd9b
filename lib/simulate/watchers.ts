/**
 * Everybody who watches a scenario besides the checkers of the simulated host itself.
 */
import { instant } from "../base/mod.ts";
import type { Watcher } from "../host/sim/mod.ts";
import { watchAddresses } from "./address_watch.ts";
import { NotificationWatch } from "./notification_watch.ts";
import { OrderWatch } from "./order_watch.ts";
import { Referee, type Tick } from "./referee.ts";
import { watchResources } from "./resource_watch.ts";
import type { Scenario } from "./scenario.ts";

/** New watchers for one history of a scenario. */
export function watchersFor({ calmFromMs, acts }: Scenario, tick?: Tick): Watcher[] {
  const usual = [
    new Referee(tick),
    watchAddresses(),
    new NotificationWatch(),
    watchResources(),
  ];
  if (calmFromMs === undefined) return usual;
  const calm = Math.max(calmFromMs, ...acts.map(({ atMs }) => atMs));
  return [...usual, new OrderWatch(instant(Math.round(calm * 1000)))];
}
