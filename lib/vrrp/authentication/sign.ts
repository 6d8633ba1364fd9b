/**
 * The last thing that happens to an advert before it is sent: authentication that is different in
 * every packet is filled in. Plain text passwords are part of the advert and need nothing here.
 */
import { type AddressPair, ipv4HeaderLength } from "../../wire/mod.ts";
import type { Instance } from "../instance_state.ts";
import type { InstancePlan } from "../plan.ts";
import { signWithAh, takeNumber } from "./ah.ts";
import { signWithHmac, takeStamp } from "./hmac.ts";

/** Whether adverts of a plan carry or are held against a keyed digest. */
export function signs({ ahKey, hmac }: InstancePlan): boolean {
  return ahKey !== undefined || hmac !== undefined;
}

/**
 * Begins an advert: all its copies carry one number or stamp (keepalived), so that they are one
 * advert for whoever gets two of them. `wall` is the time in microseconds since 1970.
 */
export function beginAdvert(
  { plan: { ahKey, hmac }, authentication }: Instance,
  wall: number,
): void {
  if (ahKey !== undefined) takeNumber(authentication);
  if (hmac !== undefined && hmac.mode !== "receive-only") takeStamp(authentication, hmac, wall);
}

/** Signs a copy of the advert begun last, for the addresses that its packet was made for. */
export function signAdvert(
  { plan, authentication }: Instance,
  packet: Uint8Array,
  at: AddressPair,
): void {
  const { ahKey, hmac, family, unicast } = plan;
  if (ahKey !== undefined) {
    signWithAh(authentication, packet, { key: ahKey, unicast: unicast !== undefined });
  }
  if (hmac === undefined || hmac.mode === "receive-only") return;
  const advert = family === "ipv4" ? packet.subarray(ipv4HeaderLength) : packet;
  signWithHmac(authentication, hmac, advert, at);
}
