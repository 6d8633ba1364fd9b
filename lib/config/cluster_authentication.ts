/**
 * Passwords and keys of several nodes. They are compared and never shown.
 */
import { type ClusterRule, nameOfPlace, pairsOf, placeOf } from "./cluster_rule.ts";
import type { Member } from "./cluster_router.ts";
import { find, linesOf, wordOf } from "./lint/statement.ts";
import { titleOf } from "./lint/view.ts";

/** The octets of a password that count. */
const passwordOctetsMax = 8;

/** Version 2: type and password must be the same. */
export const clusterAuthentication: ClusterRule = {
  code: "cluster-authentication",
  finds: "another auth_type or auth_pass: each drops what the other sends",
  check({ routers }, say): void {
    for (const router of routers) {
      for (const { first, other } of pairsOf(router)) {
        if (first.plan.version !== 2 || other.plan.version !== 2) continue;
        const [theirs, ours] = [authenticationOf(first), authenticationOf(other)];
        const what = theirs.type !== ours.type
          ? "auth_type"
          : theirs.pass !== ours.pass
          ? "auth_pass"
          : undefined;
        if (what === undefined) continue;
        const place = placeOf(other, "authentication");
        const message = `${titleOf(other.instance)} has another ${what} than ` +
          `${nameOfPlace(placeOf(first, "authentication"))}: both will be master`;
        const hint = `set ${what} on all nodes the same`;
        say({ severity: "error", place, message, hint });
      }
    }
  },
};

function authenticationOf({ instance: { statement } }: Member): { type: string; pass: string } {
  const block = find(statement, "authentication");
  if (block === undefined) return { type: "none", pass: "" };
  const octets = new TextEncoder().encode(wordOf(block, "auth_pass") ?? "");
  const type = wordOf(block, "auth_type") ?? "PASS";
  return { type, pass: octets.slice(0, passwordOctetsMax).join() };
}

/** Signed adverts: the other node must know the key that signs. */
export const clusterHmac: ClusterRule = {
  code: "cluster-hmac",
  finds: "adverts signed with auth_hmac by a key that another node does not have, or not signed",
  check({ routers }, say): void {
    for (const { members } of routers) {
      for (const sender of members) {
        for (const receiver of members) {
          const why = sender === receiver ? undefined : whyRefused(sender, receiver);
          if (why === undefined) continue;
          const place = placeOf(receiver, "auth_hmac");
          const there = nameOfPlace(placeOf(sender, "auth_hmac"));
          const message = `${titleOf(receiver.instance)} will refuse the adverts of ${there}: ` +
            why;
          const hint = "give all nodes the same keys; roll out with mode receive-only, permissive";
          say({ severity: "error", place, message, hint });
        }
      }
    }
  },
};

/** What decides which signed adverts are taken has to be the same on all nodes. */
export const clusterHmacSettings: ClusterRule = {
  code: "cluster-hmac-settings",
  finds: "another time_window, anti_replay or mode of auth_hmac: one node takes what another drops",
  check({ routers }, say): void {
    for (const router of routers) {
      for (const { first, other } of pairsOf(router)) {
        const [theirs, ours] = [settingsOf(first), settingsOf(other)];
        if (theirs === undefined || ours === undefined) continue;
        const different = ours.flatMap(([keyword, value], at) => {
          const there = theirs[at]?.[1];
          return value === there ? [] : [`${keyword} ${value}, not ${there}`];
        });
        if (different.length === 0) continue;
        const place = placeOf(other, "auth_hmac");
        const message = `auth_hmac of ${titleOf(other.instance)} has ${different.join(", and ")} ` +
          `as ${nameOfPlace(placeOf(first, "auth_hmac"))}`;
        const hint = "set it on all nodes the same; other modes are for the time of a roll-out";
        say({ severity: "warning", place, message, hint });
      }
    }
  },
};

/** With their defaults, of which the window depends on the interval. */
function settingsOf({ plan: { hmac } }: Member): [keyword: string, value: string][] | undefined {
  if (hmac === undefined) return undefined;
  const { windowSeconds, antiReplay, mode } = hmac;
  return [["time_window", String(windowSeconds)], ["anti_replay", antiReplay], ["mode", mode]];
}

/** Why the receiver drops what the sender sends; `undefined` when it does not, or nobody knows. */
function whyRefused(sender: Member, receiver: Member): string | undefined {
  const [there, here] = [sender, receiver].map(({ instance }) => {
    return find(instance.statement, "auth_hmac");
  });
  if (here === undefined) return undefined;
  const signs = there !== undefined && wordOf(there, "mode") !== "receive-only";
  if (!signs) {
    return (wordOf(here, "mode") ?? "enforce") === "enforce" ? "they are not signed" : undefined;
  }
  const id = wordOf(there, "active_key");
  const [theirs, ours] = [sender, receiver].map(({ instance }) => {
    const keys = linesOf(instance.statement, "auth_hmac");
    return keys.find(({ keyword, args }) => keyword.text === "key" && args[0]?.text === id);
  });
  if (id === undefined || theirs === undefined) return undefined;
  if (ours === undefined) return `it has no key ${id}`;
  const [a, b] = [theirs, ours].map(({ args }) => args[1]?.text ?? "");
  // The same path need not be the same key, and another path need not be another one.
  const inFiles = a?.startsWith("file:") === true || b?.startsWith("file:") === true;
  return a === b || inFiles ? undefined : `its key ${id} is another one`;
}
