/**
 * Adverts have to fit into the packets of the link that a router stands on; which addresses are
 * left out is told, because it may have been meant otherwise.
 */
import { addressRoom } from "../vrrp/mod.ts";
import { type Slot, tell } from "./slot.ts";
import type { Stand } from "./unicast.ts";
import type { World } from "./world.ts";

/** Where there is no interface to ask. */
const usualMtu = 1500;

/** Brings the number of advertised addresses in line with the link. */
export function measureAdverts(world: World, { instance }: Slot, stand: Stand | undefined): void {
  if (stand === undefined) return;
  const { plan } = instance;
  const mtu = stand.link?.mtu ?? usualMtu;
  const room = addressRoom(plan, mtu);
  if (room === instance.addressesMax) return;
  const count = plan.addresses.length;
  const before = Math.min(count, instance.addressesMax);
  instance.addressesMax = room;
  if (Math.min(count, room) === before) return;
  const { name, interfaceName } = plan;
  const advertised = Math.min(count, room);
  tell(world, { kind: "advert-room", instance: name, interfaceName, mtu, advertised, count });
}
