/**
 * What `track_probe` asks: who the gateway is and whether it answers, whether a route is there, how
 * much room a disk has. Questions that checks of real servers ask, too, are asked as they do it.
 */
import { err, type IfIndex, isLinkLocal, ok, parseIp, type Result } from "../../base/mod.ts";
import type { ConnectionPlan, Probe } from "../../check/mod.ts";
import type { Effect, ProbeEffect } from "../../engine/mod.ts";
import type { RouteAnswer } from "../../netlink/mod.ts";
import type { AnswerSubject, RouteSubject } from "../../track/mod.ts";
import { ArpAsker } from "./arp_asker.ts";
import { DiskAsker } from "./disk_asker.ts";
import type { InterfaceNames } from "./interface_names.ts";
import type { Part, PartTools } from "./lazy_part.ts";
import { Prober } from "./probe/prober.ts";
import { Ways } from "./way.ts";

type Question = Extract<Effect, { kind: "track-probe" }>;
type Ended = (failure?: string) => void;

/** Asks for one node. */
export class Asker implements Part<ProbeEffect> {
  readonly #names: InterfaceNames;
  readonly #feed: PartTools["feed"];
  readonly #ways: Ways;
  readonly #prober: Prober;
  readonly #arp: ArpAsker;
  readonly #disks = new DiskAsker();
  readonly #open = new Set<number>();

  constructor({ libc, poller, feed }: PartTools, names: InterfaceNames) {
    this.#names = names;
    this.#feed = feed;
    this.#ways = new Ways(libc);
    this.#arp = new ArpAsker(libc, poller);
    this.#prober = new Prober({ libc, poller }, (event) => {
      if (event.kind === "probe-ended") this.#ended(event.run, event.failure);
    });
  }

  perform(effect: ProbeEffect): void {
    if (effect.kind === "track-probe") return this.#begin(effect);
    this.#open.delete(effect.run);
    this.#prober.close(effect.run);
    this.#arp.close(effect.run);
    this.#disks.close(effect.run);
  }

  close(): void {
    this.#open.clear();
    this.#prober[Symbol.dispose]();
    this.#arp[Symbol.dispose]();
    this.#ways[Symbol.dispose]();
  }

  #begin(question: Question): void {
    const { run, subject } = question;
    this.#open.add(run);
    const ended: Ended = (failure) => this.#ended(run, failure);
    switch (subject.kind) {
      case "route":
        return ended(this.#routeFailure(subject));
      case "disk":
        return this.#disks.ask(run, subject, ended);
      default: {
        const failure = this.#ask(question, subject, ended);
        return failure === undefined ? undefined : ended(failure);
      }
    }
  }

  #ended(run: number, failure?: string): void {
    if (!this.#open.delete(run)) return;
    this.#feed({ kind: "track-probe-ended", run, ...(failure === undefined ? {} : { failure }) });
  }

  #routeFailure({ prefix, interfaceName }: RouteSubject): string | undefined {
    const through = this.#through(interfaceName);
    if (!through.ok) return through.error;
    return this.#ways.has(prefix, through.value) ? undefined : "there is no such route";
  }

  /** Asks somebody; why that is not possible. */
  #ask({ run, token }: Question, subject: AnswerSubject, ended: Ended): string | undefined {
    const { from, target } = subject;
    const through = this.#through(from.interfaceName);
    if (!through.ok) return through.error;
    const way = target.kind === "gateway"
      ? this.#ways.gateway(target.family, through.value)
      : undefined;
    if (way?.ok === false) return way.error;
    const address = target.kind === "address" ? target.address : way?.value.gateway;
    if (address === undefined) return "there is no gateway";
    // A link-local address means something on its link only.
    const link = isLinkLocal(address) && way?.value.ifIndex !== undefined
      ? this.#names.nameOf(way.value.ifIndex)
      : undefined;
    const interfaceName = from.interfaceName ?? link;
    if (subject.kind === "arp") {
      const reached = this.#ways.to(address, way?.value.ifIndex ?? through.value);
      if (!reached.ok) return reached.error;
      return this.#askNeighbor(run, subject, address, reached.value, ended);
    }
    const connection: ConnectionPlan = {
      address,
      port: "port" in subject ? subject.port : subject.kind === "dns" ? 53 : 0,
      ...(from.address === undefined ? {} : { source: from.address }),
      ...(interfaceName === undefined ? {} : { interfaceName }),
    };
    this.#prober.start({ kind: "probe", run, token, probe: probeOf(subject, connection) });
    return undefined;
  }

  #askNeighbor(
    run: number,
    { from }: AnswerSubject,
    address: ConnectionPlan["address"],
    { gateway, ifIndex, source = from.address }: RouteAnswer,
    ended: Ended,
  ): string | undefined {
    if (gateway !== undefined || ifIndex === undefined) return "it is not on a link of this node";
    if (source === undefined) return "there is no address to ask from";
    this.#arp.ask(run, { ifIndex, address, source: from.address ?? source }, ended);
    return undefined;
  }

  /** The interface that the question has to leave by, if one is named. */
  #through(name: string | undefined): Result<IfIndex | undefined, string> {
    if (name === undefined) return ok(undefined);
    const index = this.#names.indexOf(name);
    return index === undefined ? err(`there is no interface ${name}`) : ok(index);
  }
}

function probeOf(
  subject: AnswerSubject,
  connection: ConnectionPlan,
): Probe {
  switch (subject.kind) {
    case "arp":
    case "ping":
      return { kind: "ping", connection };
    case "tcp":
      return { kind: "tcp", connection };
    case "dns":
      return { kind: "dns", connection, type: subject.type, name: subject.name };
    case "http": {
      const { host, path, statuses, tls } = subject;
      // A name is told to the other side; an address is none (RFC 6066 §3).
      const isName = parseIp(host.replace(/^\[|\](?::\d+)?$|:\d+$/g, "")) === undefined;
      const serverName = tls && isName ? { serverName: host } : {};
      const url = { host, path, statuses, endsTls: false, ...serverName };
      return { kind: "http", connection, version: "1.0", url, ...(tls ? { tls: {} } : {}) };
    }
  }
}
