/**
 * Sentences about virtual servers and the checks of their servers.
 */
import { unreachable } from "../base/mod.ts";
import type { BalanceTell } from "./balance_tell.ts";
import type { Level, Tell } from "./tell.ts";

const kinds: ReadonlySet<string> = new Set<BalanceTell["kind"]>([
  "server-changed",
  "check-failed",
  "agent-silent",
  "weight-changed",
  "quorum-changed",
  "server-overridden",
  "ipvs-missing",
  "ipvs-replaced",
  "needs-ipvs",
  "nft-refused",
  "marks-refused",
  "flows-refused",
  "ipvs-refused",
  "ipvs-setting-refused",
]);

/** Whether a tell is about virtual servers. */
export function isBalanceTell(tell: Tell): tell is BalanceTell {
  return kinds.has(tell.kind);
}

/** A tell about virtual servers as a sentence. */
export function renderBalanceTell(tell: BalanceTell): string {
  switch (tell.kind) {
    case "server-changed": {
      const why = tell.detail === undefined ? "" : `, ${tell.detail}`;
      return `server ${tell.server} of ${tell.virtualServer}: ${tell.up ? "up" : "down"}${why}`;
    }
    case "check-failed":
      return `server ${tell.server} of ${tell.virtualServer}: check failed, ${tell.detail}; ` +
        `${tell.left} more to go`;
    case "agent-silent":
      return `server ${tell.server} of ${tell.virtualServer}: its agent says nothing, ` +
        `${tell.detail}`;
    case "weight-changed":
      return `server ${tell.server} of ${tell.virtualServer}: weight ${tell.weight}`;
    case "quorum-changed":
      if (tell.detail !== undefined) return `virtual server ${tell.virtualServer}: ${tell.detail}`;
      return `virtual server ${tell.virtualServer}: ${tell.up ? "gained" : "lost"} its quorum ` +
        `${tell.quorum} with weight ${tell.weight}`;
    case "server-overridden":
      return `server ${tell.server} of ${tell.virtualServer}: ${tell.state}, by ${tell.by}`;
    case "ipvs-missing":
      return "Cannot run virtual servers: the kernel has no IPVS (modprobe ip_vs): " +
        `${tell.refusal.message} (${tell.refusal.errno})`;
    case "ipvs-replaced":
      return "the kernel has no IPVS: virtual servers run in nftables";
    case "needs-ipvs":
      return `Cannot run virtual server ${tell.virtualServer} in nftables: ${tell.detail}`;
    case "nft-refused":
      return `Cannot set the table of virtual servers: ${tell.refusal.message}`;
    case "flows-refused":
      return "Cannot move UDP clients away from a server that is gone: " +
        `${tell.refusal.message} (${tell.refusal.errno})`;
    case "marks-refused":
      return `Cannot give marks to packets (nftables_ipvs): ${tell.refusal.message}`;
    case "ipvs-setting-refused":
      return `Cannot ${
        settingVerbs[tell.setting]
      }: ${tell.refusal.message} (${tell.refusal.errno})`;
    case "ipvs-refused": {
      const what = tell.server === undefined ? "" : ` ${tell.server} of`;
      return `Cannot ${verbs[tell.operation]}${what} virtual server ${tell.virtualServer}: ` +
        `${tell.refusal.message} (${tell.refusal.errno})`;
    }
    default:
      return unreachable(tell);
  }
}

const verbs = {
  newService: "add",
  newDestination: "add",
  setService: "change",
  setDestination: "change",
  deleteService: "delete",
  deleteDestination: "delete",
} as const;

const settingVerbs = {
  flush: "clear the table of IPVS",
  "set-timeouts": "set the timeouts of IPVS (lvs_timeouts)",
  "start-sync": "start the sync daemon of IPVS (lvs_sync_daemon)",
  "stop-sync": "stop the sync daemon of IPVS (lvs_sync_daemon)",
} as const;

/** How loud a tell about virtual servers is. */
export function levelOfBalanceTell(tell: BalanceTell): Level {
  switch (tell.kind) {
    case "server-changed":
    case "quorum-changed":
      return tell.up ? "notice" : "warning";
    case "weight-changed":
      return "notice";
    case "check-failed":
      return tell.loud ? "notice" : "debug";
    case "server-overridden":
    case "agent-silent":
    case "ipvs-replaced":
      return "notice";
    case "ipvs-missing":
    case "needs-ipvs":
    case "nft-refused":
    case "flows-refused":
    case "marks-refused":
    case "ipvs-refused":
    case "ipvs-setting-refused":
      return "error";
    default:
      return unreachable(tell);
  }
}
