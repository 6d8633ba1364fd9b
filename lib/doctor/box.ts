/**
 * What is wrong about the box as a whole: the kernel, other programs, names, the clock.
 */
import { formatIp } from "../base/mod.ts";
import type { Model } from "../config/mod.ts";
import { forwarding } from "../netlink/mod.ts";
import type { BoxFacts } from "./facts.ts";
import type { Finding, Severity } from "./finding.ts";

/** Examines the box for a configuration. */
export function examineBox(model: Model, facts: BoxFacts): Finding[] {
  const found: Finding[] = [];
  const add = (
    code: string,
    severity: Severity,
    message: string,
    ...advice: readonly string[]
  ): void => void found.push({ code, severity, subject: "this box", message, advice });
  for (const missing of facts.missingCapabilities) {
    add(
      "no-capability",
      "fault",
      `Here is no ${missing}`,
      facts.isContainer === true
        ? `docker run --cap-add ${missing.split(" ", 1)[0]}, or cap_add in the compose file`
        : "run it as root, or as a service that has it",
    );
  }
  for (const { pid, name } of facts.routers) {
    const message = `${name} (pid ${pid}) runs here, too, and would answer for the same addresses`;
    add("other-router", "fault", message, `systemctl disable --now ${name}`, `kill ${pid}`);
  }
  if (facts.statusProblem !== undefined) {
    const place = model.global.statusListen;
    const at = place === undefined ? "" : ` ${place.address}:${place.port}`;
    add(
      "status-address",
      "warning",
      `The status endpoint cannot listen on${at}: ${facts.statusProblem}`,
      "@standin status_listen ADDRESS:PORT, or status_listen off",
    );
  }
  for (const { name, reason } of facts.unresolved) {
    add(
      "unresolved-name",
      "warning",
      `${name} cannot be resolved: ${reason}`,
      `getent hosts ${name}`,
    );
  }
  for (const { address, reason } of facts.unreachable) {
    const text = formatIp(address);
    add(
      "no-route",
      "fault",
      `No route leads to the peer ${text}: ${reason}`,
      `ip route get ${text}`,
    );
  }
  if (facts.clockInStep === false && model.instances.some(({ hmac }) => hmac !== undefined)) {
    add(
      "clock",
      "warning",
      "The kernel does not trust its clock, and signed adverts that are too old are refused",
      "timedatectl set-ntp true",
    );
  }
  return [...found, ...examineBalancer(model, facts)];
}

function examineBalancer({ virtualServers, global }: Model, facts: BoxFacts): Finding[] {
  if (virtualServers.length === 0) return [];
  const found: Finding[] = [];
  const subject = "virtual servers";
  if (facts.hasIpvs === false && global.balancer !== "nftables") {
    found.push({
      code: "no-ipvs",
      severity: global.balancer === "ipvs" ? "fault" : "note",
      subject,
      message: global.balancer === "ipvs"
        ? "The kernel has no IPVS"
        : "The kernel has no IPVS, so virtual servers are in nftables",
      advice: [
        "modprobe ip_vs && standin reload, to have them in IPVS",
        "or @standin balancer nftables, to have them there",
      ],
    });
  }
  const inNftables = global.balancer === "nftables" ||
    (facts.hasIpvs === false && global.balancer !== "ipvs");
  if (inNftables && facts.nftProblem !== undefined) {
    found.push({
      code: "no-nftables",
      severity: "fault",
      subject,
      message: `Nobody is led to the servers: ${facts.nftProblem}`,
      advice: ["apt install nftables && standin reload"],
    });
  }
  for (const [family, name] of [["ipv4", "ip_forward"], ["ipv6", "conf/all/forwarding"]] as const) {
    const translated = virtualServers.some(({ servers }) =>
      servers.some(({ forwarding: { method }, address }) =>
        method === forwarding.masquerade && address.family === family
      )
    );
    const path = `net/${family}/${name}`;
    if (!translated || facts.sysctls.get(path) !== "0") continue;
    found.push({
      code: "no-forwarding",
      severity: "fault",
      subject,
      message: `The kernel forwards no ${
        family === "ipv4" ? "IPv4" : "IPv6"
      } to servers behind NAT`,
      advice: [`sysctl -w ${path.replaceAll("/", ".")}=1`],
    });
  }
  return found;
}
