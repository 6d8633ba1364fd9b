/**
 * The list of addresses, routes and rules that this daemon holds, kept in a file of the run
 * directory in the words of `ip -batch`, one `address del …` a line. It is written before anything
 * is added, so whoever finds the file after a crash, the guard or the next start, knows everything
 * that may be left.
 */
import { readFileSync, rmSync } from "node:fs";
import { cString, lastError, type Libc, O, type OsError } from "../../../ffi/mod.ts";
import { type RoutePlan, routeSelector, type RulePlan, ruleSelector } from "../../vrrp/mod.ts";
import { err, formatIp, type IpAddress, ok, parsePrefix, type Result } from "../../base/mod.ts";
import { RunFiles } from "./run_files.ts";

/** An address that was put on an interface. */
export interface HeldAddress {
  readonly interfaceName: string;
  readonly address: IpAddress;
  readonly prefixLength: number;
  readonly peer?: IpAddress;
}

/** The file, open for as long as the daemon lives. */
export class HeldFile {
  readonly path: string;
  /** Writes what lies beside it. */
  readonly files: RunFiles;
  readonly #libc: Libc;
  readonly #fd: number;
  readonly #lines = new Set<string>();
  readonly #settings = new Map<string, number>();

  private constructor(libc: Libc, path: string, fd: number, files: RunFiles) {
    this.#libc = libc;
    this.path = path;
    this.#fd = fd;
    this.files = files;
  }

  /**
   * Opens the file and empties it; read what an earlier run left first. `complain` hears of what
   * can not be written.
   */
  static open(
    libc: Libc,
    path: string,
    complain: (sentence: string) => void,
  ): Result<HeldFile, OsError> {
    const fd = libc.libc.open(cString(path), O.RDWR | O.CREAT | O.CLOEXEC, 0o600);
    if (fd < 0) return err(lastError(libc, `open ${path}`));
    libc.libc.ftruncate(fd, 0);
    rmSync(stopsPath(path), { force: true });
    return ok(new HeldFile(libc, path, fd, new RunFiles(complain)));
  }

  /** Notes what is about to be added, each as the line that removes it. */
  take(lines: readonly string[]): void {
    for (const line of lines) this.#lines.add(line);
    this.#write();
  }

  /** Forgets what is gone. */
  drop(lines: readonly string[]): void {
    for (const line of lines) this.#lines.delete(line);
    this.#write();
  }

  /** Notes another line of `ip -batch` that undoes something. */
  takeLine(line: string): void {
    this.#lines.add(line);
    this.#write();
  }

  /** Forgets such a line. */
  dropLine(line: string): void {
    this.#lines.delete(line);
    this.#write();
  }

  /** Notes what a setting of the kernel was; the first value counts. */
  takeSetting(path: string, value: number): void {
    if (!this.#settings.has(path)) this.#settings.set(path, value);
    this.#writeSettings();
  }

  /** Forgets a setting that is as it was. */
  dropSetting(path: string): void {
    if (this.#settings.delete(path)) this.#writeSettings();
  }

  /** Removes the file; whoever ends cleanly holds nothing any more. */
  remove(): void {
    rmSync(this.path, { force: true });
    rmSync(settingsPath(this.path), { force: true });
    rmSync(stopsPath(this.path), { force: true });
  }

  [Symbol.dispose](): void {
    this.#libc.libc.close(this.#fd);
  }

  #writeSettings(): void {
    const lines = Array.from(this.#settings, ([path, value]) => `${value} ${path}\n`);
    if (lines.length > 0) this.files.write(settingsPath(this.path), lines.join(""));
    else this.files.remove(settingsPath(this.path));
  }

  #write(): void {
    const bytes = new TextEncoder().encode([...this.#lines].join(""));
    const { libc } = this.#libc;
    const written = bytes.length === 0 ? 0 : libc.pwrite(this.#fd, bytes, bytes.length, 0);
    if (written < bytes.length) {
      const { text } = lastError(this.#libc, "pwrite");
      // What stood there is better than nothing.
      return this.files.refused(this.path, written < 0 ? text : "there is no room for all of it");
    }
    libc.ftruncate(this.#fd, bytes.length);
    this.files.written(this.path);
  }
}

/** The file beside it with settings of the kernel as they were, `VALUE PATH` a line. */
export function settingsPath(heldPath: string): string {
  return `${heldPath}.settings`;
}

/** The file beside it with what removes the firewall, in the words of `nft -f`. */
export function firewallPath(heldPath: string): string {
  return `${heldPath}.nft`;
}

/** The script beside it that stops resources. */
export function stopsPath(heldPath: string): string {
  return `${heldPath}.resources`;
}

/** What is kept of virtual servers beyond the end of the daemon, in files beside it. */
export interface BalancerPaths {
  /** Says that there is a table of nftables, by what removes it. */
  readonly nftTable: string;
  /** Says so of the tables that give marks. */
  readonly markTable: string;
  /** Results of checks. */
  readonly checks: string;
  /** What people said of servers and is to persist. */
  readonly overrides: string;
}

/** The files of virtual servers. */
export function balancerPaths(heldPath: string): BalancerPaths {
  return {
    nftTable: `${heldPath}.balance`,
    markTable: `${heldPath}.marks`,
    checks: `${heldPath}.checks`,
    overrides: `${heldPath}.servers`,
  };
}

/** The interfaces that an earlier run made and left. */
export function readHeldLinks(path: string): string[] {
  try {
    const text = readFileSync(path, "utf8");
    return Array.from(text.matchAll(/^link del (\S+)$/gm), ([, name = ""]) => name);
  } catch {
    return [];
  }
}

/** What an earlier run left; nothing when there is no such file. */
export function readHeldFile(path: string): HeldAddress[] {
  try {
    return readFileSync(path, "utf8").split("\n").flatMap((line) => parseHeld(line) ?? []);
  } catch {
    return [];
  }
}

/** The lines about routes and rules that an earlier run left. */
export function readHeldRouting(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n").filter((line) =>
      /^(?:-6 )?(?:route|rule) del /.test(line)
    );
  } catch {
    return [];
  }
}

/** The line that removes a route; the table is that of its VRF, where it has one. */
export function renderHeldRoute(plan: RoutePlan, table: number): string {
  return `route del ${routeSelector(plan, table)}\n`;
}

/**
 * The line that removes a rule. `ip -batch` only knows rules of IPv4: it stumbles over the others,
 * and whoever reads the file then gives it to `ip` line by line.
 */
export function renderHeldRule(plan: RulePlan): string {
  return `${plan.family === "ipv6" ? "-6 " : ""}rule del ${ruleSelector(plan)}\n`;
}

/** One line of the file. */
export function renderHeld({ interfaceName, address, prefixLength, peer }: HeldAddress): string {
  const place = peer === undefined
    ? `${formatIp(address)}/${prefixLength}`
    : `${formatIp(address)} peer ${formatIp(peer)}/${prefixLength}`;
  return `address del ${place} dev ${interfaceName}\n`;
}

/** Reads one line of the file; a torn one is no line. */
export function parseHeld(line: string): HeldAddress | undefined {
  const match = /^address del (\S+)(?: peer (\S+))? dev (\S+)$/.exec(line);
  if (match === null) return undefined;
  const [, own = "", other, interfaceName = ""] = match;
  const address = parsePrefix(own);
  const peer = other === undefined ? undefined : parsePrefix(other);
  if (address === undefined) return undefined;
  return peer === undefined
    ? { interfaceName, ...address }
    : { interfaceName, ...address, peer: peer.address, prefixLength: peer.prefixLength };
}
