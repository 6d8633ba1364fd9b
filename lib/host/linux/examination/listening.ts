/**
 * Listening for a while: who speaks VRRP on each interface, and who answers for the virtual
 * addresses over ARP.
 */
import { type Libc, Poller } from "../../../../ffi/mod.ts";
import { equalIp, type IpAddress, ipFromBytes } from "../../../base/mod.ts";
import type { Heard } from "../../../doctor/mod.ts";
import type { InstancePlan } from "../../../vrrp/mod.ts";
import type { Observation } from "../../../vrrp/observe.ts";
import { ArpAsker } from "../arp_asker.ts";
import { openSniffer } from "../sniffer.ts";
import type { ListedInterface } from "./interfaces.ts";

/** Adverts that are remembered; whoever sends more says nothing new. */
const advertsMax = 1000;

/** What is heard on some interfaces until `ended`. */
export async function listenOn(
  interfaceNames: readonly string[],
  ended: Promise<void>,
): Promise<Heard[]> {
  return await Promise.all(interfaceNames.map(async (interfaceName): Promise<Heard> => {
    const adverts: Observation[] = [];
    const opened = await openSniffer(interfaceName, (seen) => {
      if (adverts.length < advertsMax) adverts.push(seen);
    });
    if (!opened.ok) return { interfaceName, failure: opened.error, adverts };
    await ended;
    opened.value.close();
    return { interfaceName, adverts };
  }));
}

/** Addresses of instances for which somebody else answers until `ended`. */
export async function askForAddresses(
  libc: Libc,
  plans: readonly InstancePlan[],
  interfaces: readonly ListedInterface[],
  ended: Promise<void>,
): Promise<{ interfaceName: string; address: IpAddress }[]> {
  const answered: { interfaceName: string; address: IpAddress }[] = [];
  const poller: Poller = new Poller(libc, () => void poller.look());
  const asker = new ArpAsker(libc, poller);
  let run = 0;
  for (const plan of plans.filter(({ family }) => family === "ipv4")) {
    for (const { address, device } of plan.addresses) {
      const place = interfaces.find(({ name }) => name === (device ?? plan.interfaceName));
      const isOurs = interfaces.some(({ addresses }) =>
        addresses.some((own) => equalIp(own.address, address))
      );
      if (place === undefined || isOurs || address.family !== "ipv4") continue;
      const { ifIndex, name: interfaceName } = place;
      const own = place.addresses.find((one) => one.address.family === "ipv4");
      // Without an address of its own the question is that of RFC 5227.
      const source = own?.address ?? ipFromBytes(new Uint8Array(4));
      asker.ask(run++, { ifIndex, address, source }, (failure) => {
        if (failure === undefined) answered.push({ interfaceName, address });
      });
    }
  }
  await ended;
  asker[Symbol.dispose]();
  poller[Symbol.dispose]();
  return answered;
}
