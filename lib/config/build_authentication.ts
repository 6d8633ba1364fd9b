/**
 * Passwords of adverts: what an instance says in `authentication`, and when that means nothing.
 */
import type { Family } from "../base/mod.ts";
import type { InstancePlan } from "../vrrp/mod.ts";
import type { Building } from "./build_instance.ts";

/** keepalived: only version 2 over IPv4 has passwords, eight octets count, strict mode has none. */
export function passwordOf(
  building: Building,
  protocol: Protocol,
  signed: boolean,
): Pick<InstancePlan, "password" | "ahKey"> {
  const { draft, report, owner } = building;
  const given = draft.password;
  if (given === undefined || signed) return {};
  const obstacle = whyNoPassword(building, protocol);
  if (obstacle !== undefined) {
    const message = `authentication of ${owner} has no effect: ${obstacle} has none`;
    const hint = "remove it, or sign adverts with auth_hmac";
    report.warning("authentication-ignored", given.place, message, hint);
    return {};
  }
  const password = new Uint8Array(8);
  password.set(new TextEncoder().encode(given.value).subarray(0, 8));
  return draft.authType === "AH" ? { ahKey: password } : { password };
}

/** What decides whether there is a password at all. */
export interface Protocol {
  readonly family: Family;
  readonly version: 2 | 3;
}

/** Who has no passwords; nothing where there may be one. */
export function whyNoPassword(
  { strict }: Building,
  { family, version }: Protocol,
): string | undefined {
  if (strict) return "strict mode";
  if (version === 3) return "version 3";
  return family === "ipv6" ? "IPv6" : undefined;
}
