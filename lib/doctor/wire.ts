/**
 * What was heard while the doctor listened, beside what the configuration says.
 */
import { equalIp, formatDuration, formatIp, isMulticast } from "../base/mod.ts";
import { type InstancePlan, peerWith } from "../vrrp/mod.ts";
import type { Observation } from "../vrrp/observe.ts";
import type { BoxFacts, Heard } from "./facts.ts";
import type { Finding, Severity } from "./finding.ts";

/** What others said of the virtual router of an instance. */
export function examineWire(plan: InstancePlan, facts: BoxFacts): Finding[] {
  const heard = facts.heard.find(({ interfaceName }) => interfaceName === plan.interfaceName);
  if (heard === undefined) return [];
  const about = heard.adverts.filter(({ vrid, family }) =>
    vrid === plan.vrid && family === plan.family
  );
  const foreign = latestOf(about).filter(({ source }) => !isOurs(source, facts));
  return [
    ...nobodyHeard(plan, facts, about),
    ...mastersOf(plan, about),
    ...foreign.flatMap((advert) => differences(plan, advert)),
  ];
}

/** Virtual routers on an interface of which the configuration says nothing. */
export function examineOthers(
  { interfaceName, adverts, failure }: Heard,
  plans: readonly InstancePlan[],
): Finding[] {
  if (failure !== undefined) {
    const message = `Nobody could listen on ${interfaceName}: ${failure}`;
    return [finding("cannot-listen", "warning", interfaceName, message)];
  }
  const known = plans.filter((plan) => plan.interfaceName === interfaceName);
  const others = adverts.filter(({ vrid, family }) =>
    !known.some((plan) => plan.vrid === vrid && plan.family === family)
  );
  const names = new Set(
    others.map(({ vrid, family, source }) =>
      `VRID ${vrid ?? "?"} (${family}) from ${formatIp(source)}`
    ),
  );
  if (names.size === 0) return [];
  const message = `Others speak VRRP on ${interfaceName}, too: ${[...names].join(", ")}`;
  return [finding("others-speak", "note", interfaceName, message)];
}

function nobodyHeard(
  plan: InstancePlan,
  { answered, interfaces }: BoxFacts,
  about: readonly Observation[],
): Finding[] {
  if (about.length > 0) return [];
  const taken = plan.addresses.filter(({ address, device }) => {
    const isHere = interfaces.some((one) =>
      one.addresses.some((own) => equalIp(own.address, address))
    );
    return !isHere &&
      answered.some((one) =>
        one.interfaceName === (device ?? plan.interfaceName) && equalIp(one.address, address)
      );
  });
  if (taken.length > 0) {
    const texts = taken.map(({ address }) => formatIp(address)).join(", ");
    const message = `Somebody has ${texts} who does not speak VRRP here`;
    const advice = taken.map(({ address, device }) =>
      `arping -c 1 -I ${device ?? plan.interfaceName} ${formatIp(address)}`
    );
    return [finding("address-taken", "fault", plan.name, message, advice)];
  }
  const message =
    `No advert of VRID ${plan.vrid} was heard: there is no master, or it is not heard`;
  const advice = [`standin sniff ${plan.interfaceName}, here and on the other nodes`];
  return [finding("no-master", "note", plan.name, message, advice)];
}

function mastersOf(plan: InstancePlan, about: readonly Observation[]): Finding[] {
  const two = about.find(({ problems }) => problems.some((one) => one.startsWith("two masters")));
  if (two === undefined) return [];
  const masters = latestOf(about).map(({ source, priority }) =>
    `${formatIp(source)} with priority ${priority ?? "?"}`
  );
  const message = `There is more than one master of VRID ${plan.vrid}: ${masters.join(", ")}`;
  return [finding("two-masters", "fault", plan.name, message, [
    "they do not hear each other, or do not take each other's adverts: run this on each of them",
  ])];
}

function differences(plan: InstancePlan, advert: Observation): Finding[] {
  const from = formatIp(advert.source);
  const found: Finding[] = [];
  const add = (code: string, severity: Severity, message: string, advice: string[] = []): void => {
    found.push(finding(code, severity, plan.name, message, advice));
  };
  const { version, advertInterval, addresses = [], problems } = advert;
  const listed = plan.addresses.map(({ address }) => address);
  const shared = addresses.filter((one) => listed.some((own) => equalIp(own, one)));
  if (addresses.length > 0 && listed.length > 0 && shared.length === 0) {
    const theirs = addresses.map(formatIp).join(", ");
    add("vrid-taken", "fault", `VRID ${plan.vrid} belongs to ${from} already, for ${theirs}`, [
      `virtual_router_id with another number than ${plan.vrid}, on all nodes of ${plan.name}`,
    ]);
    return found;
  }
  if (version !== undefined && version !== plan.version) {
    add("version-differs", "fault", `${from} speaks version ${version}, this ${plan.version}`, [
      `vrrp_version ${version}, here or version ${plan.version} there`,
    ]);
  }
  const authentication = authenticationOf(plan);
  if (advert.authentication !== authentication) {
    const message = `Adverts from ${from} have authentication ${advert.authentication}, ` +
      `here it is ${authentication}`;
    add("authentication-differs", "fault", message, ["the same authentication { … } on all nodes"]);
  }
  if (advertInterval !== undefined && advertInterval !== plan.advertInterval) {
    const [there, here] = [advertInterval, plan.advertInterval].map(formatDuration);
    // RFC 3768 §7.1 has such adverts dropped; version 3 follows the master (RFC 9568 §6.4.2).
    const severity = plan.version === 2 ? "fault" : "warning";
    const message = `${from} sends adverts every ${there}, here it is ${here}`;
    add("interval-differs", severity, message, ["the same advert_int on all nodes"]);
  }
  if (shared.length !== addresses.length || shared.length !== listed.length) {
    const message = `${from} protects ${addresses.map(formatIp).join(", ") || "nothing"}, ` +
      `here it is ${listed.map(formatIp).join(", ") || "nothing"}`;
    add("addresses-differ", "warning", message, ["the same virtual_ipaddress { … } on all nodes"]);
  }
  const { unicast } = plan;
  const isUnicast = !isMulticast(advert.destination);
  if (unicast !== undefined && isUnicast && peerWith(unicast, advert.source) === undefined) {
    add("unknown-peer", "warning", `${from} sends adverts here and is no unicast_peer`, [
      `${from} in unicast_peer { … }`,
    ]);
  }
  const own = problems.filter((one) => /TTL|checksum|type|owner/.test(one));
  for (const problem of own) add("bad-advert", "fault", `Adverts from ${from}: ${problem}`);
  return found;
}

function authenticationOf(plan: InstancePlan): Observation["authentication"] {
  if (plan.ahKey !== undefined) return "AH";
  if (plan.password !== undefined) return "PASS";
  return plan.hmac === undefined ? "none" : "signed";
}

function latestOf(adverts: readonly Observation[]): Observation[] {
  return [...new Map(adverts.map((one) => [formatIp(one.source), one])).values()];
}

function isOurs(source: Observation["source"], { interfaces }: BoxFacts): boolean {
  return interfaces.some(({ addresses }) => addresses.some((own) => equalIp(own.address, source)));
}

function finding(
  code: string,
  severity: Severity,
  subject: string,
  message: string,
  advice: readonly string[] = [],
): Finding {
  return { code, severity, subject, message, advice };
}
