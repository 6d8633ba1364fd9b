/**
 * Unicast and macvlans: a peer that is oneself, a macvlan whose adverts have to leave by the
 * interface below, and two that want one name.
 */
import { equalIp, formatIp } from "../../base/mod.ts";
import { hasAddress } from "./machine.ts";
import type { Rule } from "./rule.ts";
import { find } from "./statement.ts";
import { type InstanceView, peersOf, sourceOf, titleOf } from "./view.ts";

/** An own address among the peers. */
export const unicastPeerIsSelf: Rule = {
  code: "unicast-peer-is-self",
  finds: "a unicast peer that is this router itself",
  check({ instances, machine }, say): void {
    for (const instance of instances) {
      const source = sourceOf(instance)?.address;
      for (const { address, statement } of peersOf(instance)) {
        const isSource = source !== undefined && equalIp(source, address);
        if (!isSource && !hasAddress(machine, address)) continue;
        const whose = isSource ? "its own source address" : "an address of this machine";
        const message = `Unicast peer ${formatIp(address)} of ${titleOf(instance)} is ${whose}`;
        say(statement.place, message, "list the other nodes only");
      }
    }
  },
};

/** A macvlan can not send unicast from the address of the interface below. */
export const vmacNeedsXmitBase: Rule = {
  code: "vmac-needs-xmit-base",
  finds: "use_vmac with unicast peers and without vmac_xmit_base, which is then forced",
  check({ instances }, say): void {
    for (const instance of instances) {
      const vmac = find(instance.statement, "use_vmac");
      if (vmac === undefined || peersOf(instance).length === 0) continue;
      if (find(instance.statement, "vmac_xmit_base") !== undefined) continue;
      const message = `use_vmac of ${titleOf(instance)} with unicast peers: adverts leave by ` +
        "the interface below, as with vmac_xmit_base";
      say(vmac.place, message, "add vmac_xmit_base to say so");
    }
  },
};

/** Two instances that would make the same macvlan. */
export const vmacNameTaken: Rule = {
  code: "vmac-name-taken",
  finds: "one name for the macvlans of two instances",
  check({ instances }, say): void {
    const owners = new Map<string, InstanceView>();
    for (const instance of instances) {
      for (const keyword of ["use_vmac", "use_ipvlan"]) {
        const given = find(instance.statement, keyword);
        const words = given?.args.filter(({ text }) => text !== "name") ?? [];
        const name = words[0];
        if (given === undefined || name === undefined || isOption(name.text)) continue;
        const owner = owners.get(name.text);
        if (owner === undefined) {
          owners.set(name.text, instance);
          continue;
        }
        const message = `${keyword} "${name.text}" of ${titleOf(instance)} is the interface of ` +
          `"${owner.name}", too`;
        say(name.place, message, "give each instance an interface of its own, or no name");
      }
    }
  },
};

/** Words after use_vmac and use_ipvlan that are no name. */
function isOption(word: string): boolean {
  return ["netlink_notify_msg", "group", "bridge", "private", "vepa"].includes(word) ||
    /[.:].*[.:]/.test(word);
}
