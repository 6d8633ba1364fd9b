/**
 * Settings that exist twice: in `global_defs` as the default, with `vrrp_` before the name, and in
 * a `vrrp_instance`.
 */
import type { SharedDraft } from "../draft.ts";
import { type Apply, type Context, inEffect, one, type Table, takes, truth } from "../keyword.ts";
import type { Place } from "../source.ts";
import { integer, wholeSeconds } from "../value.ts";

const count = one(integer(0, 0xffff_ffff));
const pause = one(wholeSeconds);

const bindings = {
  garp_master_delay: takes(pause, (draft, value) => {
    draft.garpMasterDelay = value;
  }),
  garp_master_repeat: takes(count, (draft, value, place, context, keyword) => {
    draft.garpMasterRepeat = atLeastOne(value, place, context, keyword);
  }),
  garp_master_refresh: takes(pause, (draft, value) => {
    draft.garpMasterRefresh = value;
  }),
  garp_master_refresh_repeat: takes(count, (draft, value, place, context, keyword) => {
    draft.garpMasterRefreshRepeat = atLeastOne(value, place, context, keyword);
  }),
  garp_lower_prio_delay: takes(pause, (draft, value, place) => {
    draft.garpLowerPriorityDelay = { value, place };
  }),
  garp_lower_prio_repeat: takes(count, (draft, value, place) => {
    draft.garpLowerPriorityRepeat = { value, place };
  }),
  down_timer_adverts: takes(one(integer(1, 100)), (draft, value, place) => {
    draft.downTimerAdverts = { value, place };
  }),
  lower_prio_no_advert: takes(truth, (draft, value, place) => {
    draft.lowerPriorityNoAdvert = { value, place };
  }),
  higher_prio_send_advert: takes(truth, (draft, value, place) => {
    draft.higherPrioritySendAdvert = { value, place };
  }),
  owner_ignore_adverts: takes(truth, (draft, value, place) => {
    draft.ownerIgnoreAdverts = { value, place };
  }),
  skip_check_adv_addr: takes(truth, (draft, value) => {
    draft.skipCheckAdvertAddresses = value;
  }),
  v3_checksum_as_v2: takes(truth, (draft, value) => {
    draft.checksumAsV2 = value;
  }),
  strict_mode: takes(truth, (draft, value) => {
    draft.strict = value;
  }),
} satisfies Record<string, Apply<SharedDraft>>;

/** The rows as an instance has them; its defaults are those of `global_defs`. */
export const sharedOfInstance: Table<SharedDraft> = inEffect(
  `
garp_master_delay | <seconds 0..4294> | global value
  | pause before the second burst of gratuitous ARP; 0 for none
garp_master_repeat | <count 0..4294967295> | global value
  | gratuitous ARPs of each address in a burst
garp_master_refresh | <seconds 0..4294967295> | global value
  | pause between refreshes while master; 0 for none
garp_master_refresh_repeat | <count 0..4294967295> | global value
  | gratuitous ARPs of each address in a refresh
garp_lower_prio_delay | <seconds 0..4294> | global value, 0 in strict mode
  | pause before the second burst after an advert of lower priority
garp_lower_prio_repeat | <count 0..4294967295> | global value, 0 in strict mode
  | gratuitous ARPs of each address after an advert of lower priority; 0 for none
down_timer_adverts | <1..100> | global value, 3 in strict mode
  | missed adverts until the master counts as down
lower_prio_no_advert | [on|off] | global value, on in strict mode
  | a master stays silent when it hears a lower priority
higher_prio_send_advert | [on|off] | global value, off in strict mode
  | a master sends a last advert when it hears a higher priority
owner_ignore_adverts | [on|off] | global value, on in strict mode
  | a router of priority 255 drops the adverts it hears | 2.3.3
skip_check_adv_addr | [on|off] | global value
  | the addresses in adverts of a known master are not compared
v3_checksum_as_v2 | [on|off] | global value
  | leave the pseudo header out of the version 3 checksum over IPv4 | 2.2.8
strict_mode | [on|off] | global value | nothing that the RFC does not allow
`,
  bindings,
);

/** The same under their names in `global_defs`. */
export const sharedOfGlobal: Table<SharedDraft> = inEffect(
  `
vrrp_garp_master_delay | <seconds 0..4294> | 5
  | pause before the second burst of gratuitous ARP; 0 for none
vrrp_garp_master_repeat | <count 0..4294967295> | 5 | gratuitous ARPs of each address in a burst
vrrp_garp_master_refresh | <seconds 0..4294967295> | 0
  | pause between refreshes while master; 0 for none
vrrp_garp_master_refresh_repeat | <count 0..4294967295> | 1
  | gratuitous ARPs of each address in a refresh
vrrp_garp_lower_prio_delay | <seconds 0..4294> | vrrp_garp_master_delay
  | pause before the second burst after an advert of lower priority
vrrp_garp_lower_prio_repeat | <count 0..4294967295> | vrrp_garp_master_repeat
  | gratuitous ARPs of each address after an advert of lower priority; 0 for none
vrrp_down_timer_adverts | <1..100> | 3 | missed adverts until the master counts as down
vrrp_lower_prio_no_advert | [on|off] | off | a master stays silent when it hears a lower priority
vrrp_higher_prio_send_advert | [on|off] | off
  | a master sends a last advert when it hears a higher priority
vrrp_owner_ignore_adverts | [on|off] | off | a router of priority 255 drops the adverts it hears
  | 2.3.3
vrrp_skip_check_adv_addr | [on|off] | off
  | the addresses in adverts of a known master are not compared
v3_checksum_as_v2 | [on|off] | off
  | leave the pseudo header out of the version 3 checksum over IPv4 | 2.2.8
vrrp_strict | [on|off] | off | nothing that the RFC does not allow
`,
  {
    ...Object.fromEntries(
      Object.entries(bindings).map(([name, apply]) => [`vrrp_${name}`, apply]),
    ),
    v3_checksum_as_v2: bindings.v3_checksum_as_v2,
    vrrp_strict: bindings.strict_mode,
  },
);

function atLeastOne(
  value: number,
  place: Place,
  { report, owner }: Context,
  keyword: string,
): number {
  if (value > 0) return value;
  const message = `Cannot use ${keyword} "0" for ${owner}: expected at least 1, which is used`;
  report.error("bad-value", place, message);
  return 1;
}
