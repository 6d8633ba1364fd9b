/**
 * How to start the daemon of this box: by its service where there is one, else by hand.
 */
import { existsSync, lstatSync } from "node:fs";
import { join } from "node:path";
import { serviceManagers } from "./install/service.ts";
import { controlSocket, defaultRunDir } from "./paths.ts";

/** What to type so that somebody answers at a socket. */
export function startCommand(socket: string, root = "/"): string {
  const usual = "standin run";
  if (socket !== controlSocket(defaultRunDir)) return usual;
  const manager = serviceManagers.find(({ file }) => existsSync(join(root, file.path)));
  return manager?.startCommands.at(-1) ?? usual;
}

/** Whether the service starts with the box. */
export function isEnabled(root = "/"): boolean {
  return serviceManagers.some(({ links }) =>
    links.some((link) => lstatSync(join(root, link), { throwIfNoEntry: false }) !== undefined)
  );
}
