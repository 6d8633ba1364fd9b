/**
 * Where things are when nobody says otherwise (contract).
 */
import { existsSync } from "node:fs";

/** The directory of the pid file and the control socket. */
export const defaultRunDir = "/run/standin";

/** The configuration files that are looked for, the first that exists wins. */
export const defaultConfigFiles = [
  "/etc/standin/standin.conf",
  "/etc/keepalived/keepalived.conf",
] as const;

/** The configuration file to use when none is named. */
export function defaultConfigFile(): string {
  const [own, keepalived] = defaultConfigFiles;
  return existsSync(own) ? own : keepalived;
}

/** The control socket of the daemon that uses a run directory. */
export function controlSocket(runDir: string): string {
  return `${runDir}/control.sock`;
}
