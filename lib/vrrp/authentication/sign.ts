/**
 * The last thing that happens to an advert before it is sent: authentication that is different in
 * every packet is filled in. Plain text passwords are part of the advert and need nothing here.
 */
import type { Instance } from "../instance.ts";
import type { InstancePlan } from "../plan.ts";
import { signWithAh } from "./ah.ts";

/** Whether adverts of a plan carry or are held against a keyed digest. */
export function signs({ ahKey }: InstancePlan): boolean {
  return ahKey !== undefined;
}

/** Signs a packet of `advertPacket` in place. */
export function signAdvert({ plan, authentication }: Instance, packet: Uint8Array): void {
  if (plan.ahKey !== undefined) {
    signWithAh(authentication, packet, { key: plan.ahKey, unicast: false });
  }
}
