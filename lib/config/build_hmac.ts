/**
 * From the draft of an `auth_hmac` block to its plan, the way keepalived does it: without a key to
 * sign with there is no signing at all, strict mode enforces, and the older authentication does not
 * go together with it.
 */
import { type Duration, inSeconds } from "../base/mod.ts";
import type { InstancePlan } from "../vrrp/mod.ts";
import type { Building } from "./build_instance.ts";

const [windowMin, windowMax] = [5, 300];

/** The plan of the block; nothing when there is none, or none that works. */
export function hmacOf(
  { draft, report, owner, strict }: Building,
  advertInterval: Duration,
): Pick<InstancePlan, "hmac"> {
  const { hmac } = draft;
  if (hmac === undefined) return {};
  const { place, keys, activeKey, windowSeconds, antiReplay = "time", mode } = hmac;
  if (activeKey === undefined) return {};
  if (!keys.some(({ id }) => id === activeKey)) {
    const message = `Cannot use auth_hmac of ${owner}: active_key ${activeKey} is no key of it; ` +
      "adverts are not signed";
    report.error("hmac-key", place, message);
    return {};
  }
  if (draft.password !== undefined) {
    const message = `Cannot use authentication beside auth_hmac for ${owner}: adverts are signed`;
    report.error("excluded-keyword", draft.password.place, message);
  }
  if (strict && mode !== undefined && mode.value !== "enforce") {
    const message = `Cannot use mode ${mode.value} in strict mode for ${owner}: enforce is used`;
    report.error("strict-mode", mode.place, message);
  }
  const usual = Math.floor(3 * inSeconds(advertInterval));
  return {
    hmac: {
      keys,
      activeKey,
      windowSeconds: windowSeconds ?? Math.min(windowMax, Math.max(windowMin, usual)),
      antiReplay,
      mode: strict ? "enforce" : mode?.value ?? "enforce",
    },
  };
}
