/**
 * All rules over the files of a cluster, in the order of the index in docs/diagnostics.
 */
import { clusterAddresses, clusterAddressTaken, clusterVridTaken } from "./cluster_address.ts";
import {
  clusterAuthentication,
  clusterHmac,
  clusterHmacSettings,
} from "./cluster_authentication.ts";
import {
  clusterAlone,
  clusterOwners,
  clusterPreempt,
  clusterRouterId,
  clusterState,
  clusterTie,
} from "./cluster_election.ts";
import { clusterGroupApart, clusterSyncGroup } from "./cluster_group.ts";
import type { ClusterRule } from "./cluster_rule.ts";
import { clusterWeight } from "./cluster_weight.ts";
import {
  clusterChecksum,
  clusterDestination,
  clusterInterval,
  clusterPeers,
  clusterSource,
  clusterVersion,
  clusterVrid,
} from "./cluster_wire.ts";

/** Every rule. */
export const clusterRules: readonly ClusterRule[] = [
  clusterVrid,
  clusterVersion,
  clusterInterval,
  clusterChecksum,
  clusterAuthentication,
  clusterHmac,
  clusterHmacSettings,
  clusterDestination,
  clusterPeers,
  clusterSource,
  clusterAddresses,
  clusterVridTaken,
  clusterAddressTaken,
  clusterAlone,
  clusterOwners,
  clusterTie,
  clusterPreempt,
  clusterState,
  clusterWeight,
  clusterSyncGroup,
  clusterGroupApart,
  clusterRouterId,
];
