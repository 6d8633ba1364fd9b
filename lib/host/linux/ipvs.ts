/**
 * The kernel's IPVS over generic netlink. Asking for the family loads the module where the kernel
 * may do that. What is there already is changed, what is gone already is as it was wanted.
 */
import { type Libc, NETLINK, renderOsError } from "../../../ffi/mod.ts";
import { err, ok, type Result, unreachable } from "../../base/mod.ts";
import type { Effect, EngineEvent, KernelRefusal } from "../../engine/mod.ts";
import {
  decodeDestination,
  decodeDestinationCounters,
  decodeFamily,
  decodeIpvsTimeouts,
  decodeService,
  decodeServiceCounters,
  encodeDestination,
  encodeDumpDestinations,
  encodeDumpServices,
  encodeGetFamily,
  encodeGetIpvsTimeouts,
  encodeIpvsFlush,
  encodeIpvsTimeouts,
  encodeService,
  encodeStartSync,
  encodeStopSync,
  ipvsFamily,
  type IpvsRequest,
  type IpvsService,
} from "../../netlink/mod.ts";
import type { NamespaceDoor } from "./namespace_door.ts";
import { RouteNetlink } from "./route_netlink.ts";

type Change = Extract<Effect, { kind: "ipvs" }>["change"];
type IpvsSetting = Extract<Effect, { kind: "ipvs-setting" }>["setting"];
type ServiceCounters = Extract<EngineEvent, { kind: "ipvs-statistics" }>["services"][number];
type Table = Extract<EngineEvent, { kind: "ipvs-table" }>["tables"][number];

/** What to do instead of what is refused because it is there, or is not. */
const instead: Readonly<Record<string, Change["kind"]>> = {
  "newService EEXIST": "setService",
  "setService ESRCH": "newService",
  "setService ENOENT": "newService",
  "newDestination EEXIST": "setDestination",
  "setDestination ENOENT": "newDestination",
};

/** IPVS of one network namespace. */
export class Ipvs {
  readonly #libc: Libc;
  readonly #door: NamespaceDoor;
  #requests: RouteNetlink | undefined;
  #family = 0;

  constructor(libc: Libc, door: NamespaceDoor) {
    this.#libc = libc;
    this.#door = door;
  }

  /** All services with their destinations. */
  read(): EngineEvent {
    const tables = this.#read();
    if (!tables.ok) return { kind: "ipvs-refused", refusal: tables.error };
    const family = this.#family;
    const asked = this.#requests?.ask((sequence) => encodeGetIpvsTimeouts({ family, sequence }));
    const timeouts = asked?.ok === true ? decodeIpvsTimeouts(asked.value) : undefined;
    const known = timeouts?.ok === true ? { timeouts: timeouts.value } : {};
    return { kind: "ipvs-table", tables: tables.value, ...known };
  }

  /** Takes one step; answers what the kernel did not take. */
  change(change: Change): EngineEvent | undefined {
    const refusal = this.#try(change);
    if (refusal === undefined) return undefined;
    const isDelete = change.kind === "deleteService" || change.kind === "deleteDestination";
    if (isDelete && (refusal.errno === "ENOENT" || refusal.errno === "ESRCH")) return undefined;
    const kind = instead[`${change.kind} ${refusal.errno}`];
    const again = kind === undefined ? refusal : this.#try(otherKind(change, kind));
    return again === undefined ? undefined : { kind: "ipvs-refused", change, refusal: again };
  }

  /** Takes a step that is about IPVS as a whole; answers what the kernel did not take. */
  set(setting: IpvsSetting): EngineEvent | undefined {
    let refusal = this.#request((request) => encodeSetting(setting, request));
    if (setting.kind === "start-sync" && refusal?.errno === "EEXIST") {
      // An earlier run left it, perhaps with another interface.
      this.#request((request) => encodeStopSync(setting.role, request));
      refusal = this.#request((request) => encodeSetting(setting, request));
    }
    if (refusal === undefined) return undefined;
    // What does not run any more is as it was wanted.
    if (setting.kind === "stop-sync" && refusal.errno === "ESRCH") return undefined;
    return { kind: "ipvs-setting-refused", setting, refusal };
  }

  /** The counters of all services, one after the other. */
  *counters(): Generator<ServiceCounters> {
    const requests = this.#requests;
    if (requests === undefined) return;
    const family = this.#family;
    const services = requests.dump((sequence) => encodeDumpServices({ family, sequence }));
    for (const message of services.ok ? services.value : []) {
      const service = decodeService(message);
      const counters = decodeServiceCounters(message);
      if (!service.ok || counters === undefined || this.#requests === undefined) continue;
      const { id } = service.value;
      const found = requests.dump((sequence) => encodeDumpDestinations(id, { family, sequence }));
      const destinations = (found.ok ? found.value : []).flatMap((inner) => {
        const destination = decodeDestination(inner, id);
        const own = decodeDestinationCounters(inner);
        if (!destination.ok || own === undefined) return [];
        return [{ destination: destination.value, counters: own }];
      });
      yield { id, counters, destinations };
    }
  }

  [Symbol.dispose](): void {
    this.#requests?.[Symbol.dispose]();
    this.#requests = undefined;
  }

  #try(change: Change): KernelRefusal | undefined {
    return this.#request((request) =>
      "destination" in change
        ? encodeDestination(change.kind, change.service, change.destination, request)
        : encodeService(change.kind, change.service, request)
    );
  }

  #request(encode: (request: IpvsRequest) => Uint8Array): KernelRefusal | undefined {
    const requests = this.#requests;
    if (requests === undefined) return { errno: "ENOENT", message: "there is no IPVS" };
    const done = requests.request((sequence) => encode({ family: this.#family, sequence }));
    return done.ok ? undefined : done.error;
  }

  #read(): Result<Table[], KernelRefusal> {
    if (this.#requests === undefined) {
      const entered = this.#door.within(() => RouteNetlink.open(this.#libc, NETLINK.GENERIC));
      if (!entered.ok) return err({ errno: "ENOENT", message: entered.error });
      const opened = entered.value;
      if (!opened.ok) {
        return err({ errno: opened.error.name, message: renderOsError(opened.error) });
      }
      const family = opened.value.ask((sequence) => encodeGetFamily(ipvsFamily.name, sequence));
      const number = family.ok ? decodeFamily(family.value) : family;
      if (!number.ok) {
        opened.value[Symbol.dispose]();
        return family.ok ? err({ errno: "EBADMSG", message: "IPVS has no number" }) : family;
      }
      this.#requests = opened.value;
      this.#family = number.value;
    }
    const requests = this.#requests;
    const family = this.#family;
    const services = requests.dump((sequence) => encodeDumpServices({ family, sequence }));
    if (!services.ok) return services;
    return ok(services.value.flatMap((message): Table[] => {
      const service = decodeService(message);
      return service.ok ? [this.#withDestinations(requests, service.value)] : [];
    }));
  }

  #withDestinations(requests: RouteNetlink, service: IpvsService): Table {
    const { id } = service;
    const family = this.#family;
    const found = requests.dump((sequence) => encodeDumpDestinations(id, { family, sequence }));
    const messages = found.ok ? found.value : [];
    const destinations = messages.flatMap((message) => {
      const destination = decodeDestination(message, id);
      return destination.ok ? [destination.value] : [];
    });
    return { service, destinations };
  }
}

function encodeSetting(setting: IpvsSetting, request: IpvsRequest): Uint8Array {
  switch (setting.kind) {
    case "flush":
      return encodeIpvsFlush(request);
    case "set-timeouts":
      return encodeIpvsTimeouts(setting.timeouts, request);
    case "start-sync":
      return encodeStartSync(setting.role, setting.daemon, request);
    case "stop-sync":
      return encodeStopSync(setting.role, request);
    default:
      return unreachable(setting);
  }
}

function otherKind(change: Change, kind: Change["kind"]): Change {
  if ("destination" in change) {
    return { ...change, kind: kind === "setDestination" ? kind : "newDestination" };
  }
  return { ...change, kind: kind === "setService" ? kind : "newService" };
}
