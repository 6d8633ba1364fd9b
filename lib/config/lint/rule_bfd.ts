/**
 * BFD sessions whose other end can not take, or not be sent, what they send.
 */
import { formatIp, isLinkLocal } from "../../base/mod.ts";
import type { Rule } from "./rule.ts";
import { addressOf, find, numberOf } from "./statement.ts";
import { trackerTitle } from "./tracker.ts";

/** keepalived sends IPv6 with a hop limit of 64, RFC 5881 §5 wants 255. */
export const bfdHopLimit: Rule = {
  code: "bfd-hop-limit",
  finds: "a BFD session of one hop that does not send with TTL 255, which RFC 5881 asks for",
  check({ trackers }, say): void {
    for (const { kind, name, statement } of trackers) {
      const given = find(statement, "ttl") ?? find(statement, "hoplimit");
      const neighbor = addressOf(statement, "neighbor_ip") ?? addressOf(statement, "neighbour_ip");
      if (kind !== "bfd" || neighbor === undefined || find(statement, "multihop")) continue;
      const keyword = given?.name ?? "ttl";
      const ttl = numberOf(statement, keyword) ?? (neighbor.family === "ipv4" ? 255 : 64);
      if (ttl === 255) continue;
      const what = neighbor.family === "ipv4" ? "TTL" : "hop limit";
      const message = `bfd_instance "${name}" sends with ${what} ${ttl}: neighbours that keep to ` +
        "RFC 5881 discard that";
      say((given ?? statement).place, message, "write ttl 255, on both nodes");
    }
  },
};

/** A link-local address says nothing without an interface, for which there is no keyword. */
export const bfdLinkLocal: Rule = {
  code: "bfd-link-local",
  finds: "a BFD session with a link-local neighbour, for which no interface can be said",
  check({ trackers }, say): void {
    for (const tracker of trackers) {
      const { kind, statement } = tracker;
      const given = find(statement, "neighbor_ip") ?? find(statement, "neighbour_ip");
      if (kind !== "bfd" || given === undefined) continue;
      const neighbor = addressOf(statement, given.name);
      if (neighbor?.family !== "ipv6" || !isLinkLocal(neighbor)) continue;
      const message =
        `Neighbour ${formatIp(neighbor)} of ${trackerTitle(tracker)} is link-local: ` +
        "nothing says on which interface, so the session stays down";
      say(given.place, message, "use another address of the neighbour");
    }
  },
};
