/**
 * All rules over one file, in the order of the index in docs/diagnostics.
 */
import type { Rule } from "./rule.ts";
import { addressOutsideSubnet, ipv6FirstAddress, mixedPrefixLengths } from "./rule_address.ts";
import { longPassword } from "./rule_authentication.ts";
import { bfdHopLimit, bfdLinkLocal } from "./rule_bfd.ts";
import { implicitOwner, ownerAsBackup } from "./rule_election.ts";
import { neverTracked } from "./rule_never_tracked.ts";
import { dualStackNotGrouped, sameVridOnSegment } from "./rule_segment.ts";
import { checkOutlastsElection, checkSlowerThanAdverts, tightTimers } from "./rule_time.ts";
import { unicastPeerIsSelf, vmacNameTaken, vmacNeedsXmitBase } from "./rule_unicast.ts";
import {
  weightClipped,
  weightInSyncGroup,
  weightOnOwner,
  weightWithNopreempt,
  weightZero,
} from "./rule_weight.ts";
import { witnessSlowerThanElection } from "./rule_witness.ts";

/** Every rule. */
export const rules: readonly Rule[] = [
  implicitOwner,
  ownerAsBackup,
  neverTracked,
  weightZero,
  weightClipped,
  weightOnOwner,
  weightInSyncGroup,
  weightWithNopreempt,
  checkOutlastsElection,
  checkSlowerThanAdverts,
  tightTimers,
  witnessSlowerThanElection,
  sameVridOnSegment,
  dualStackNotGrouped,
  addressOutsideSubnet,
  mixedPrefixLengths,
  ipv6FirstAddress,
  unicastPeerIsSelf,
  vmacNeedsXmitBase,
  vmacNameTaken,
  bfdHopLimit,
  bfdLinkLocal,
  longPassword,
];
