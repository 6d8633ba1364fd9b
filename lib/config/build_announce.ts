/**
 * Gratuitous ARP and neighbour advertisements: five of each address at once and five more after
 * five seconds, unless the file says otherwise. What an instance does not say comes from
 * `global_defs`; `vrrp_min_garp` only changes what nobody said there.
 */
import { type Duration, seconds } from "../base/mod.ts";
import type { AnnouncePlan } from "../vrrp/mod.ts";
import type { Building } from "./build_instance.ts";
import type { GlobalDraft } from "./draft.ts";

/** The announcements of one instance. */
export function announcePlan(building: Building): AnnouncePlan {
  const { draft, strict } = building;
  const { announce: common } = building;
  if (strict) tellStrict(building);
  const others = draft.garpOthers ?? building.global.garpOthers;
  return {
    masterDelay: draft.garpMasterDelay ?? common.masterDelay,
    masterRepeat: draft.garpMasterRepeat ?? common.masterRepeat,
    refresh: draft.garpMasterRefresh ?? common.refresh,
    refreshRepeat: draft.garpMasterRefreshRepeat ?? common.refreshRepeat,
    lowerPriorityDelay: strict
      ? seconds(0)
      : draft.garpLowerPriorityDelay?.value ?? common.lowerPriorityDelay,
    lowerPriorityRepeat: strict
      ? 0
      : draft.garpLowerPriorityRepeat?.value ?? common.lowerPriorityRepeat,
    ...(others === undefined || others.interval === 0 ? {} : { others }),
  };
}

/** What instances announce that say nothing of it. */
export function usualAnnounce(global: GlobalDraft): AnnouncePlan {
  const minimal = global.minimalGarp === true;
  const masterDelay: Duration = global.garpMasterDelay ?? seconds(minimal ? 0 : 5);
  const masterRepeat = global.garpMasterRepeat ?? (minimal ? 1 : 5);
  return {
    masterDelay,
    masterRepeat,
    refresh: global.garpMasterRefresh ?? seconds(0),
    refreshRepeat: global.garpMasterRefreshRepeat ?? 1,
    lowerPriorityDelay: global.garpLowerPriorityDelay?.value ?? masterDelay,
    lowerPriorityRepeat: global.garpLowerPriorityRepeat?.value ?? masterRepeat,
  };
}

/** Strict mode: adverts of lower priority are answered by nothing. */
function tellStrict({ draft, report, owner }: Building): void {
  const given = [
    ["garp_lower_prio_delay", draft.garpLowerPriorityDelay],
    ["garp_lower_prio_repeat", draft.garpLowerPriorityRepeat],
  ] as const;
  for (const [keyword, setting] of given) {
    if (setting === undefined || setting.value === 0) continue;
    const message = `Cannot use ${keyword} in strict mode for ${owner}: it has no effect`;
    report.error("strict-mode", setting.place, message, "remove the line");
  }
}
