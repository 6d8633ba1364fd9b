/**
 * What other programs do and say: routers beside this one, firewalls, the kernel's settings.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import { release } from "node:os";
import type { Libc } from "../../../../ffi/mod.ts";
import type { BoxFacts } from "../../../doctor/mod.ts";
import { nftRunner } from "../firewall.ts";

/** Daemons that answer for virtual addresses. */
const routerNames: readonly string[] = ["keepalived", "vrrpd", "ucarp", "uvrrpd", "carp"];

/** Those that run in this network namespace; of several processes of one the first. */
export function otherRouters(): BoxFacts["routers"] {
  const here = link("/proc/thread-self/ns/net");
  const found = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    const name = read(`/proc/${pid}/comm`).trim();
    const [program = ""] = link(`/proc/${pid}/exe`).split("/").slice(-1);
    // standin is called keepalived where it takes its place.
    const isRouter = routerNames.includes(name) && routerNames.includes(program);
    if (!isRouter || link(`/proc/${pid}/ns/net`) !== here) return [];
    const parent = /^PPid:\s*(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? "";
    return [{ pid: Number(pid), parent: Number(parent), name }];
  });
  return found.filter(({ parent }) => !found.some(({ pid }) => pid === parent))
    .map(({ pid, name }) => ({ pid, name }));
}

/**
 * Whether this is a container of Docker or Podman, which put a file into each, and its network: a
 * namespace that somebody made in there is another one.
 */
export function isContainer(): boolean {
  return ["/.dockerenv", "/run/.containerenv"].some(existsSync) &&
    link("/proc/thread-self/ns/net") === link("/proc/1/ns/net");
}

/** The rules of the firewall, as far as its programs are installed. */
export function firewallRules(): Pick<BoxFacts, "nft" | "iptables"> {
  const nft = printedBy("nft", "-j", "list", "ruleset");
  const hasOld = (file: string): boolean => read(`/proc/net/${file}`).trim() !== "";
  const old = (command: string, file: string): string =>
    hasOld(file) ? printedBy(`${command}-legacy-save`) || printedBy(`${command}-save`) : "";
  const ipv4 = old("iptables", "ip_tables_names");
  const ipv6 = old("ip6tables", "ip6_tables_names");
  return {
    ...(nft === "" ? {} : { nft: parsed(nft) }),
    ...(ipv4 + ipv6 === "" ? {} : { iptables: { ipv4, ipv6 } }),
  };
}

/** Settings below `/proc/sys`; those that are not there are left out. */
export function readSettings(paths: readonly string[]): ReadonlyMap<string, string> {
  return new Map(paths.flatMap((path) => {
    const value = read(`/proc/sys/${path}`).trim();
    return value === "" ? [] : [[path, value] as const];
  }));
}

/** Whether IPVS is in the kernel, or would be loaded when it is asked for. */
export function hasIpvs(): boolean {
  return existsSync("/proc/net/ip_vs") ||
    /\/ip_vs\.ko/.test(read(`/lib/modules/${release()}/modules.dep`));
}

/** Why nothing can be said to nftables; `undefined` when something can. */
export function nftProblem(libc: Libc): string | undefined {
  return nftRunner(libc)("") || undefined;
}

/** TIME_ERROR, <linux/timex.h>: the clock is not synchronized. */
const timeError = 5;
/** At least a struct timex of any architecture; all zero asks and changes nothing. */
const timexSize = 256;

/** Whether the kernel believes its clock; `undefined` when it does not say. */
export function clockInStep(libc: Libc): boolean | undefined {
  const state = libc.libc.adjtimex(new Uint8Array(timexSize));
  return state < 0 ? undefined : state !== timeError;
}

/** Why nothing can listen on an address; `undefined` when something could. */
export function listenProblem(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve(reasonOf(error)));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

function reasonOf(error: Error): string {
  const code = "code" in error ? String(error.code) : "";
  if (code === "EADDRINUSE") return "another program listens there";
  return code === "EADDRNOTAVAIL" ? "no interface has this address" : error.message;
}

function printedBy(command: string, ...words: readonly string[]): string {
  const limits = { encoding: "utf8", timeout: 10_000, maxBuffer: 64 * 1024 * 1024 } as const;
  const { status, stdout } = spawnSync(command, words, limits);
  return status === 0 ? stdout : "";
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
