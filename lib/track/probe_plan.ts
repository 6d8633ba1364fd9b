/**
 * What a `track_probe` looks at: something on the network that answers, a route, room on a disk, a
 * command, or how many other probes are good.
 */
import type { CommandPlan, Family, IpAddress, IpPrefix } from "../base/mod.ts";
import type { RunPlan } from "./plan.ts";

/** Who is asked: an address, or the next hop of the default route at the time. */
export type ProbeTarget =
  | { readonly kind: "address"; readonly address: IpAddress }
  | { readonly kind: "gateway"; readonly family: Family };

/** Where a question leaves; the kernel chooses what is absent. */
export interface ProbeSource {
  /** `source`. */
  readonly address?: IpAddress;
  /** `interface`; with `gateway` the default route that leads through it. */
  readonly interfaceName?: string;
}

/** `ping`, `arp` (IPv4), `tcp`, `http` and `dns`: somebody answers as is right. */
export type AnswerSubject =
  & (
    | { readonly kind: "ping" | "arp" }
    | { readonly kind: "tcp"; readonly port: number }
    | {
      readonly kind: "http";
      readonly port: number;
      readonly tls: boolean;
      /** What the request names as its host. */
      readonly host: string;
      readonly path: string;
      /** Ranges of status codes that are right. */
      readonly statuses: readonly (readonly [least: number, most: number])[];
    }
    /** A name and the name of a type; `.` is the root. */
    | { readonly kind: "dns"; readonly name: string; readonly type: string }
  )
  & { readonly target: ProbeTarget; readonly from: ProbeSource };

/** `route`: the kernel has a route to all of a prefix; of length 0: a default route. */
export interface RouteSubject {
  readonly kind: "route";
  readonly prefix: IpPrefix;
  /** `interface`: it leads through this one. */
  readonly interfaceName?: string;
}

/** `disk`: so much is free for ordinary users where the path is. */
export interface DiskSubject {
  readonly kind: "disk";
  readonly path: string;
  readonly least:
    | { readonly kind: "percent"; readonly value: number }
    | { readonly kind: "octets"; readonly value: number };
}

/** What a host finds out when it is asked. */
export type AskedSubject = AnswerSubject | RouteSubject | DiskSubject;

/** What a probe is about. */
export type ProbeSubject =
  | AskedSubject
  | { readonly kind: "command"; readonly command: CommandPlan }
  /** `at_least`: so many of these probes are good. */
  | {
    readonly kind: "group";
    readonly least: number;
    readonly probes: readonly string[];
  };

/** One `track_probe`. */
export interface ProbePlan extends RunPlan {
  readonly kind: "probe";
  readonly name: string;
  readonly subject: ProbeSubject;
}
