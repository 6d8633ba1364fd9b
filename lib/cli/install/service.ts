/**
 * The service managers that standin can be installed under, behind one shape: where its service
 * file goes, what stands in it, what a person types next, and which links mean that the service is
 * enabled. A service file of ours carries a mark, so that nobody else's is written over or removed.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openrc } from "./openrc.ts";
import { openwrt } from "./openwrt.ts";
import { systemd } from "./systemd.ts";

/** The service managers, by the names of their options. */
export type ServiceKind = "systemd" | "openwrt" | "openrc";

/** One service manager. Paths are absolute, within the root that is installed to. */
export interface ServiceManager {
  readonly kind: ServiceKind;
  readonly name: string;
  /** One of these exists where this manager is in charge. */
  readonly signs: readonly string[];
  readonly file: { readonly path: string; readonly mode: number };
  /** These exist while the service is enabled. */
  readonly links: readonly string[];
  /** The service file for a program, which is a path and perhaps more words. */
  readonly render: (program: readonly string[], version?: number) => string;
  /** Which version of it this box has, for `render`. */
  readonly version?: () => number | undefined;
  /** Whether boxes of this kind have man, and shells that complete. */
  readonly hasManual: boolean;
  readonly startCommands: readonly string[];
  readonly stopCommand: string;
}

/** All of them, in the order in which a box is asked for their signs. */
export const serviceManagers: readonly ServiceManager[] = [openwrt, systemd, openrc];

/** What a service file of ours contains. */
export const mark = "Written by `standin install`";

/** The service manager that is in charge below `root`; `undefined` when it is none we know. */
export function detectServiceManager(root: string): ServiceManager | undefined {
  return serviceManagers.find(({ signs }) => signs.some((sign) => existsSync(join(root, sign))));
}
