/**
 * Settings that exist twice: in `global_defs` as the default, with `vrrp_` before the name, and in
 * a `vrrp_instance`.
 */
import type { SharedDraft } from "../draft.ts";
import { inEffect, one, type Table, truth, type Use } from "../keyword.ts";
import type { Place } from "../source.ts";
import { integer, wholeSeconds } from "../value.ts";

const count = integer(0, 0x7fff_ffff);

/** Rows under the names that they have in a `vrrp_instance`. */
export const sharedKeywords: Table<SharedDraft> = {
  garp_master_delay: inEffect(
    one("<seconds>", wholeSeconds),
    "pause before the second burst of gratuitous ARP; 0 for none",
    (draft, value) => {
      draft.garpMasterDelay = value;
    },
  ),
  garp_master_repeat: inEffect(
    one("<count>", count),
    "gratuitous ARPs of each address in a burst",
    (draft, value, place, use) => {
      draft.garpMasterRepeat = atLeastOne(value, place, use);
    },
  ),
  garp_master_refresh: inEffect(
    one("<seconds>", wholeSeconds),
    "pause between refreshes while master; 0 for none",
    (draft, value) => {
      draft.garpMasterRefresh = value;
    },
  ),
  garp_master_refresh_repeat: inEffect(
    one("<count>", count),
    "gratuitous ARPs of each address in a refresh",
    (draft, value, place, use) => {
      draft.garpMasterRefreshRepeat = atLeastOne(value, place, use);
    },
  ),
  garp_lower_prio_delay: inEffect(
    one("<seconds>", wholeSeconds),
    "pause before the second burst after an advert of lower priority",
    (draft, value, place) => {
      draft.garpLowerPriorityDelay = { value, place };
    },
  ),
  garp_lower_prio_repeat: inEffect(
    one("<count>", count),
    "gratuitous ARPs of each address after an advert of lower priority; 0 for none",
    (draft, value, place) => {
      draft.garpLowerPriorityRepeat = { value, place };
    },
  ),
  down_timer_adverts: inEffect(
    one("<1..100>", integer(1, 100)),
    "missed adverts until the master counts as down",
    (draft, value, place) => {
      draft.downTimerAdverts = { value, place };
    },
  ),
  lower_prio_no_advert: inEffect(
    truth,
    "a master stays silent when it hears a lower priority",
    (draft, value, place) => {
      draft.lowerPriorityNoAdvert = { value, place };
    },
  ),
  higher_prio_send_advert: inEffect(
    truth,
    "a master sends a last advert when it hears a higher priority",
    (draft, value, place) => {
      draft.higherPrioritySendAdvert = { value, place };
    },
  ),
  owner_ignore_adverts: inEffect(
    truth,
    "a router of priority 255 drops the adverts it hears",
    (draft, value, place) => {
      draft.ownerIgnoreAdverts = { value, place };
    },
  ),
  skip_check_adv_addr: inEffect(
    truth,
    "the addresses in adverts of a known master are not compared",
    (draft, value) => {
      draft.skipCheckAdvertAddresses = value;
    },
  ),
  v3_checksum_as_v2: inEffect(
    truth,
    "leave the pseudo header out of the version 3 checksum over IPv4",
    (draft, value) => {
      draft.checksumAsV2 = value;
    },
  ),
  strict_mode: inEffect(truth, "nothing that the RFC does not allow", (draft, value) => {
    draft.strict = value;
  }),
};

function atLeastOne(value: number, place: Place, use: Use): number {
  if (value > 0) return value;
  const message =
    `Cannot use ${use.keyword} "0" for ${use.owner}: expected at least 1, which is used`;
  use.report.error("bad-value", place, message);
  return 1;
}
