/**
 * The advertisement interval: whole seconds in version 2 (its field counts seconds), hundredths of
 * a second up to 40.95 in version 3 (twelve bits). Anything between is rounded, as in keepalived.
 */
import { centiseconds, type Duration, inSeconds, seconds } from "../base/mod.ts";
import type { Building } from "./build_instance.ts";

const longestV3 = 40.95;

/** The interval that goes into adverts of the version. */
export function advertIntervalOf({ draft, report, owner }: Building, version: 2 | 3): Duration {
  const given = draft.advertInterval;
  if (given === undefined) return seconds(1);
  const wanted = inSeconds(given.value);
  const used = version === 2
    ? Math.max(1, Math.round(wanted))
    : Math.min(longestV3, Math.max(0.01, Math.round(wanted * 100) / 100));
  if (used !== wanted) {
    const unit = version === 2 ? "whole seconds" : `hundredths of a second up to ${longestV3}`;
    const message = `Cannot use advert_int ${wanted} with version ${version} for ${owner}: ` +
      `expected ${unit}, ${used} is used`;
    report.error("advert-interval", given.place, message);
  }
  return version === 2 ? seconds(used) : centiseconds(used * 100);
}
