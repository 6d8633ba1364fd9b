/**
 * What the demo consists of: who has which address and priority, the configuration of the routers,
 * and what the RFC lets one expect of them.
 */
import {
  type Duration,
  formatIp,
  inSeconds,
  type IpAddress,
  type IpPrefix,
  microseconds,
  milliseconds,
  parsePrefix,
} from "../../base/mod.ts";

/** One of the two routers. */
export interface RouterSetup {
  readonly name: "left" | "right";
  readonly prefix: IpPrefix;
  readonly priority: number;
}

/** TEST-NET-1 (RFC 5737): nobody has these addresses. */
export const left: RouterSetup = { name: "left", prefix: prefix("192.0.2.11/24"), priority: 150 };
/** The router that stands in. */
export const right: RouterSetup = { name: "right", prefix: prefix("192.0.2.12/24"), priority: 100 };
/** Where the pings come from. */
export const clientPrefix: IpPrefix = prefix("192.0.2.10/24");
/** The address that both routers answer for. */
const virtualPrefix: IpPrefix = prefix("192.0.2.100/24");
/** The address alone. */
export const virtualAddress: IpAddress = virtualPrefix.address;
/** The address as text. */
export const virtualText: string = formatIp(virtualAddress);
/** Short enough for a demo, long enough to follow what happens. */
export const advertInterval: Duration = milliseconds(500);
/** How fine an outage is measured. */
export const pingInterval: Duration = milliseconds(10);
/** A ping that is not answered in this time is lost. */
export const pingPatience: Duration = milliseconds(100);
/** The name of the virtual router in the daemons' logs. */
export const instanceName = "VI_1";
/** Missed adverts until a master counts as down (RFC 9568 §6.1). */
const missedAdverts = 3;

/** Skew_Time: the lower the priority, the longer a router waits (RFC 9568 §6.1). */
export function skewTime(priority: number): Duration {
  return microseconds(((256 - priority) * advertInterval) / 256);
}

/** Master_Down_Interval: how long a master may be silent (RFC 9568 §6.1). */
export function masterDownInterval(priority: number): Duration {
  return microseconds(missedAdverts * advertInterval + skewTime(priority));
}

/** The file that a router is started with; keepalived would take it too. */
export function configurationOf({ name, priority }: RouterSetup): string {
  return `\
global_defs {
    router_id ${name}
    vrrp_version 3
}
vrrp_instance ${instanceName} {
    interface eth0
    virtual_router_id 51
    priority ${priority}
    advert_int ${inSeconds(advertInterval)}
    virtual_ipaddress {
        ${virtualText}/${virtualPrefix.prefixLength}
    }
}
`;
}

function prefix(text: string): IpPrefix {
  const parsed = parsePrefix(text);
  if (parsed === undefined) throw new Error(`"${text}" is no prefix`);
  return parsed;
}
