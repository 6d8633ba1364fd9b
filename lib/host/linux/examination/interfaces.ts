/**
 * The interfaces as the kernel lists them, and which program configures each.
 */
import { readFileSync } from "node:fs";
import type { Libc } from "../../../../ffi/mod.ts";
import type { IfIndex } from "../../../base/mod.ts";
import type { InterfaceFacts, ManagerFacts } from "../../../doctor/mod.ts";
import {
  decodeAddress,
  decodeLink,
  encodeDumpAddresses,
  encodeDumpLinks,
  linkFlag,
} from "../../../netlink/mod.ts";
import { openRequests } from "../route_netlink.ts";

/** An interface, and its index for whoever listens on it. */
export interface ListedInterface extends InterfaceFacts {
  readonly ifIndex: IfIndex;
}

/** All interfaces of this network namespace. */
export function listInterfaces(libc: Libc): ListedInterface[] {
  const requests = openRequests(libc);
  try {
    const links = requests.dump(encodeDumpLinks);
    const known = requests.dump((sequence) => encodeDumpAddresses(sequence));
    const addresses = (known.ok ? known.value : []).flatMap((message) => {
      const decoded = decodeAddress(message);
      return decoded.ok ? [decoded.value] : [];
    });
    return (links.ok ? links.value : []).flatMap((message) => {
      const decoded = decodeLink(message);
      if (!decoded.ok || decoded.value.family !== 0) return [];
      const { ifIndex, name, up, running, flags, kind } = decoded.value;
      const manager = managerOf(ifIndex);
      return [{
        ifIndex,
        name,
        up,
        carrier: running,
        multicast: (flags & linkFlag.multicast) !== 0,
        ...(kind === undefined ? {} : { kind }),
        addresses: addresses.filter((one) => one.ifIndex === ifIndex)
          .map(({ local, prefixLength }) => ({ address: local, prefixLength })),
        ...(manager && { manager }),
      }];
    });
  } finally {
    requests[Symbol.dispose]();
  }
}

/** What the programs have written down about an interface by its index. */
function managerOf(ifIndex: IfIndex): ManagerFacts | undefined {
  const networkd = read(`/run/systemd/netif/links/${ifIndex}`);
  const file = /^NETWORK_FILE=(.+)$/m.exec(networkd)?.[1];
  if (file !== undefined && !/^ADMIN_STATE=unmanaged$/m.test(networkd)) {
    const dropIns = /^NETWORK_FILE_DROPINS="?([^"\n]*)"?$/m.exec(networkd)?.[1] ?? "";
    const text = [file, ...dropIns.split(/[:\s]+/)].map(read).join("\n");
    const keeps = /^\s*KeepConfiguration\s*=\s*(yes|true|1|on|static)\s*$/m.test(text);
    return { program: "systemd-networkd", file, keeps };
  }
  const device = read(`/run/NetworkManager/devices/${ifIndex}`);
  if (!/^managed\s*=\s*(true|1|managed)\s*$/m.test(device)) return undefined;
  return { program: "NetworkManager", keeps: false };
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
