/**
 * The arrows between the rooms, as docs draw them: a table of who may import whom, the doors
 * through which a room is entered, and which packages and built-in modules each may use. To allow a
 * new arrow, add it here, where a reviewer sees it.
 */
import { posix } from "node:path";
import type { Source } from "./tidy_scan.ts";
import { importsOf } from "./tidy_scan.ts";
import type { Finding } from "./tidy.ts";

/** The rooms that decide: no clock, no randomness, no I/O. */
export const coreRooms: readonly string[] = [
  "lib/base",
  "lib/wire",
  "lib/netlink",
  "lib/vrrp",
  "lib/bfd",
  "lib/track",
  "lib/check",
  "lib/balance",
  "lib/resource",
  "lib/notify",
  "lib/config",
  "lib/engine",
  "lib/recording",
  "lib/doctor",
];

/** What a host needs to carry out effects: their words come from the rooms that ask for them. */
const effects = rooms("base", "wire", "netlink", "vrrp", "track", "check", "config", "engine");

const deciding = ["vrrp", "bfd", "track", "check", "balance", "resource", "notify"];

/** Room → the rooms that it may import. The words of lib/base everyone uses. */
export const arrows: Readonly<Record<string, readonly string[]>> = {
  "main.ts": rooms("cli", "host", "host/linux"),
  "lib/base": [],
  "lib/wire": rooms("base"),
  "lib/netlink": rooms("base"),
  "lib/vrrp": rooms("base", "wire"),
  "lib/bfd": rooms("base", "wire"),
  "lib/track": rooms("base"),
  "lib/check": rooms("base", "wire"),
  "lib/balance": rooms("base", "netlink"),
  "lib/resource": rooms("base"),
  "lib/notify": rooms("base"),
  "lib/config": rooms("base", ...deciding),
  "lib/engine": rooms("base", "wire", "netlink", "config", ...deciding),
  "lib/recording": rooms("base", "wire", "vrrp", "config", "engine"),
  "lib/dump": rooms("base", "vrrp", "notify", "config", "engine"),
  "lib/doctor": rooms("base", "netlink", "vrrp", "track", "config"),
  "lib/host": effects,
  "lib/host/linux": [...effects, ...rooms("doctor", "dump", "recording", "host"), "ffi"],
  "lib/host/sim": [...effects, "lib/host"],
  "lib/simulate": rooms("base", "vrrp", "config", "engine", "host/sim"),
  "lib/status": rooms("base", "vrrp", "track", "engine"),
  "lib/cli": rooms(
    "base",
    "check",
    "config",
    "doctor",
    "engine",
    "host",
    "host/linux",
    "host/sim",
    "recording",
    "simulate",
    "status",
  ),
  "ffi": rooms("base"),
};

/**
 * Files beside mod.ts that other rooms may import: config_files.ts and brief.ts load no FFI, mod.ts
 * does; check_machine.ts loads no daemon; what examines or listens, and the rules of lint, are not
 * for the daemon to load.
 */
const doors: readonly string[] = [
  "lib/host/port.ts",
  "lib/host/linux/brief.ts",
  "lib/host/linux/config_files.ts",
  "lib/host/linux/check_machine.ts",
  "lib/host/linux/examination/mod.ts",
  "lib/host/linux/sniffer.ts",
  "lib/vrrp/observe.ts",
  "lib/config/lint/mod.ts",
  "ffi/bun_brief.ts",
  ...["format", "convert", "schema", "reference"].map((name) => `lib/config/${name}.ts`),
];

/** Core files that load a pure built-in module only when it is needed: what they load it with. */
const loads: Readonly<Record<string, string>> = { "lib/base/hmac.ts": "node:process" };

/** Packages, by the rooms that may use them. */
const packages: Readonly<Record<string, readonly string[]>> = {
  "zod": rooms("config", "status"),
  "dns-packet": rooms("wire"),
  "hono": rooms("status"),
  "@optique/core": rooms("cli"),
  "@optique/run": rooms("cli"),
  "nodemailer": rooms("host/linux"),
};

function rooms(...names: string[]): string[] {
  return names.map((name) => `lib/${name}`);
}

/** The room of a file; `undefined` for tests, which may look behind every door. */
export function roomOf(path: string): string | undefined {
  if (path === "main.ts") return path;
  const folders = path.split("/").slice(0, -1);
  for (let length = folders.length; length > 0; length -= 1) {
    const room = folders.slice(0, length).join("/");
    if (room in arrows) return room;
  }
  return folders[0] === "lib" ? folders.slice(0, 2).join("/") : undefined;
}

/** Arrows that the table does not have, rooms entered by a window, packages in the wrong room. */
export function checkArrows(source: Source): Finding[] {
  const room = roomOf(source.path);
  if (room === undefined) return [];
  const allowed = arrows[room];
  if (allowed === undefined) {
    return [{ path: source.path, line: 1, message: `${room} is not in the table of rooms` }];
  }
  const findings: Finding[] = [];
  for (const { specifier, line } of importsOf(source)) {
    if (specifier === loads[source.path]) continue;
    const message = specifier.startsWith(".")
      ? objectToRoom(room, allowed, posix.join(posix.dirname(source.path), specifier))
      : objectToPackage(room, specifier);
    if (message !== undefined) findings.push({ path: source.path, line, message });
  }
  return findings;
}

function objectToRoom(
  room: string,
  allowed: readonly string[],
  target: string,
): string | undefined {
  const other = roomOf(target);
  if (other === room) return undefined;
  if (other === undefined) {
    return target.endsWith(".ts") ? `${room} may not import ${target}` : undefined;
  }
  if (!allowed.includes(other)) return `${room} may not import ${other}`;
  if (target === `${other}/mod.ts` || doors.includes(target)) return undefined;
  return `${other} is entered through its mod.ts, not through ${target}`;
}

function objectToPackage(room: string, specifier: string): string | undefined {
  if (specifier.startsWith("node:")) {
    if (!coreRooms.includes(room) || specifier === "node:crypto") return undefined;
    return `${room} does no I/O and may not import ${specifier}`;
  }
  if (specifier.startsWith("bun:")) return undefined;
  const name = specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
  if (packages[name]?.includes(room) === true) return undefined;
  return `${room} may not import the package ${name}`;
}
