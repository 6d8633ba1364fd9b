/**
 * The programs that the lab suites test against, and the Debian packages that bring them. As root
 * the missing ones are installed. Their services are kept from starting by themselves: the tests
 * start what they need, inside namespaces of their own, and a developer's machine stays as it was.
 */
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A program by one of the paths where it may lie, and its Debian package. */
export interface Peer {
  readonly package: string;
  readonly paths: readonly string[];
}

function peer(name: string, ...paths: string[]): Peer {
  return { package: name, paths };
}

const tshark = peer("tshark", "/usr/bin/tshark");
const prometheus = peer("prometheus", "/usr/bin/prometheus");
const iproute2 = peer("iproute2", "/usr/sbin/ip", "/usr/bin/ip", "/sbin/ip", "/bin/ip");

/** What the unit suite asks for a second opinion. */
export const unitPeers: readonly Peer[] = [
  tshark,
  prometheus,
  peer("busybox", "/usr/bin/busybox", "/bin/busybox"),
  peer("gcc-aarch64-linux-gnu", "/usr/bin/aarch64-linux-gnu-gcc"),
  peer("libc6-dev-arm64-cross", "/usr/aarch64-linux-gnu/include/errno.h"),
  peer("groff-base", "/usr/bin/groff"),
  peer("mandoc", "/usr/bin/mandoc"),
  peer("zsh", "/usr/bin/zsh"),
  peer("fish", "/usr/bin/fish"),
];

/** What the smoke suite runs daemons in. */
export const smokePeers: readonly Peer[] = [iproute2];

/** What the lab suite needs. */
export const labPeers: readonly Peer[] = [
  peer("keepalived", "/usr/sbin/keepalived"),
  peer("frr", "/usr/lib/frr/vrrpd"),
  peer("tcpdump", "/usr/bin/tcpdump", "/usr/sbin/tcpdump"),
  tshark,
  prometheus,
  peer("nftables", "/usr/sbin/nft"),
  iproute2,
  peer("iputils-ping", "/usr/bin/ping", "/bin/ping"),
  peer("arping", "/usr/sbin/arping", "/usr/bin/arping"),
  peer("nginx-light", "/usr/sbin/nginx"),
  peer("dnsmasq-base", "/usr/sbin/dnsmasq"),
  peer("msmtp-mta", "/usr/bin/msmtpd"),
  peer("busybox", "/usr/bin/busybox", "/bin/busybox"),
  peer("chromium", "/usr/bin/chromium"),
  peer("jq", "/usr/bin/jq"),
];

/** What the kernel suite needs besides: a kernel with IPVS and NFS that runs as a program. */
export const kernelPeers: readonly Peer[] = [
  ...labPeers,
  peer("user-mode-linux", "/usr/bin/linux.uml"),
  peer("kmod", "/usr/sbin/modprobe", "/sbin/modprobe"),
  peer("ipvsadm", "/usr/sbin/ipvsadm", "/sbin/ipvsadm"),
  peer("nfs-kernel-server", "/usr/sbin/exportfs"),
];

/** The packages of those programs that are not on this machine. */
export function missingPackages(peers: readonly Peer[]): string[] {
  return peers.filter((peer) => !peer.paths.some((path) => existsSync(path)))
    .map((peer) => peer.package);
}

/** Why a test can not run that needs programs; `undefined` where all are in PATH. */
export function missingProgram(...names: readonly string[]): string | undefined {
  const folders = `${process.env["PATH"] ?? ""}:/usr/bin:/bin`.split(":");
  const missing = names.find((name) => !folders.some((folder) => existsSync(join(folder, name))));
  return missing === undefined ? undefined : `there is no ${missing} here`;
}

const servicePolicy = "/usr/sbin/policy-rc.d";

/** Installs packages with apt-get; answers what went wrong, `undefined` when all went well. */
export function installPackages(packages: readonly string[]): string | undefined {
  const held = !existsSync(servicePolicy);
  if (held) writeFileSync(servicePolicy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    return aptGet("update") ??
      aptGet("install", "--yes", "--no-install-recommends", ...packages);
  } finally {
    if (held) rmSync(servicePolicy, { force: true });
  }
}

function aptGet(...words: string[]): string | undefined {
  const argv = ["-q", "-o", "DPkg::Lock::Timeout=120", ...words];
  const { status, error, stdout, stderr } = spawnSync("apt-get", argv, {
    encoding: "utf8",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (status === 0) return undefined;
  const last = `${stdout ?? ""}${stderr ?? ""}`.trim().split("\n").at(-1) ?? "";
  return `apt-get ${words[0]} failed: ${error?.message ?? last}`;
}
