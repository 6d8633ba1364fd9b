/**
 * Gathers what the doctor wants to know: it reads, listens and asks, and changes nothing.
 */
import { lookup } from "node:dns/promises";
import { existsSync } from "node:fs";
import { isIP } from "node:net";
import { openLibc } from "../../../../ffi/mod.ts";
import { type Duration, formatIp, inMilliseconds, type IpAddress } from "../../../base/mod.ts";
import type { Model } from "../../../config/mod.ts";
import type { BoxFacts } from "../../../doctor/mod.ts";
import { missingCapabilities } from "../capability.ts";
import { Ways } from "../way.ts";
import { type ListedInterface, listInterfaces } from "./interfaces.ts";
import { askForAddresses, listenOn } from "./listening.ts";
import {
  clockInStep,
  firewallRules,
  hasIpvs,
  isContainer,
  listenProblem,
  nftProblem,
  otherRouters,
  readSettings,
} from "./programs.ts";

/** How the box is examined. */
export interface Examination {
  /** How long to listen; 0 for not at all. */
  readonly listens: Duration;
  /** The control socket of the daemon that may run here. */
  readonly controlPath: string;
}

/** Everything about this box that the configuration is concerned with. */
export async function gatherFacts(
  model: Model,
  { listens, controlPath }: Examination,
): Promise<BoxFacts> {
  const libc = await openLibc();
  const interfaces = listInterfaces(libc);
  const used = new Set(model.instances.map(({ interfaceName }) => interfaceName));
  const places = interfaces.filter(({ name, up }) => used.has(name) && up);
  const missing = missingCapabilities();
  const ended = new Promise<void>((resolve) => setTimeout(resolve, inMilliseconds(listens)));
  const [heard, answered, unresolved, statusProblem] = await Promise.all([
    listens === 0 ? [] : listenOn(places.map(({ name }) => name), ended),
    listens === 0 || missing.length > 0
      ? []
      : askForAddresses(libc, model.instances, places, ended),
    unresolvedNames(model),
    statusProblemOf(model, controlPath),
  ]);
  const inStep = clockInStep(libc);
  const noNft = model.virtualServers.length === 0 ? undefined : nftProblem(libc);
  return {
    interfaces,
    isContainer: isContainer(),
    sysctls: readSettings([
      "net/ipv4/ip_forward",
      "net/ipv6/conf/all/forwarding",
      ...[...used].map((name) => `net/ipv6/conf/${name}/disable_ipv6`),
    ]),
    ...firewallRules(),
    missingCapabilities: missing,
    ...(inStep === undefined ? {} : { clockInStep: inStep }),
    routers: otherRouters(),
    hasIpvs: hasIpvs(),
    ...(noNft === undefined ? {} : { nftProblem: noNft }),
    ...(statusProblem === undefined ? {} : { statusProblem }),
    unresolved,
    unreachable: unreachablePeers(new Ways(libc), model),
    missingGateways: missingGateways(new Ways(libc), model, interfaces),
    answered,
    heard,
  };
}

/** A daemon of ours that runs already has the address, as it should. */
async function statusProblemOf(
  { global: { statusListen } }: Model,
  controlPath: string,
): Promise<string | undefined> {
  if (statusListen === undefined || existsSync(controlPath)) return undefined;
  return await listenProblem(statusListen.address, statusListen.port);
}

async function unresolvedNames({ global }: Model): Promise<BoxFacts["unresolved"]> {
  const hosts = [
    global.mail?.server.host ?? "",
    ...(global.webhooks ?? []).map(({ url }) => new URL(url).hostname.replace(/^\[|\]$/g, "")),
  ];
  const names = [...new Set(hosts)].filter((host) => host !== "" && isIP(host) === 0);
  const asked = await Promise.all(names.map(async (name) => {
    try {
      await lookup(name);
      return undefined;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
      return { name, reason: code === "ENOTFOUND" ? "nobody knows it" : code };
    }
  }));
  return asked.filter((one) => one !== undefined);
}

function missingGateways(
  ways: Ways,
  { trackers }: Model,
  interfaces: readonly ListedInterface[],
): NonNullable<BoxFacts["missingGateways"]> {
  const found = trackers.flatMap((tracker) => {
    if (tracker.kind !== "probe" || !("target" in tracker.subject)) return [];
    const { name: probe, subject: { target, from: { interfaceName } } } = tracker;
    if (target.kind !== "gateway") return [];
    const through = interfaces.find(({ name }) => name === interfaceName)?.ifIndex;
    const way = ways.gateway(target.family, through);
    return way.ok ? [] : [{ probe, family: target.family, reason: way.error }];
  });
  ways[Symbol.dispose]();
  return found;
}

function unreachablePeers(
  ways: Ways,
  { instances }: Model,
): BoxFacts["unreachable"] {
  const found = new Map<string, { address: IpAddress; reason: string }>();
  for (const { unicast } of instances) {
    // A VRF has tables of its own. Nothing is said of the interface: through a given one the
    // kernel takes everybody for a neighbour.
    for (const { address } of unicast?.vrf === undefined ? unicast?.peers ?? [] : []) {
      const way = ways.to(address);
      if (!way.ok) found.set(formatIp(address), { address, reason: way.error });
    }
  }
  ways[Symbol.dispose]();
  return [...found.values()];
}
