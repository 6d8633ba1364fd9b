/**
 * Which systemd a box has, as it says itself.
 */
import { spawnSync } from "node:child_process";

/** Its number; `undefined` where none is installed, or it says something else. */
export function systemdVersion(): number | undefined {
  const { stdout } = spawnSync("systemctl", ["--version"], { encoding: "utf8", timeout: 3000 });
  const number = /^systemd (\d+)/.exec(stdout ?? "")?.[1];
  return number === undefined ? undefined : Number(number);
}
