/**
 * A control group (version 2), in which a daemon is started and whose processes are killed
 * together: how systemd and container runtimes end what does not end by itself.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { waitFor } from "./wait.ts";

/** One group; removed by `remove`. */
export class ControlGroup {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Makes a group; `undefined` where the kernel or the container has none to offer. */
  static make(): ControlGroup | undefined {
    const root = /^\S+ (\S+) cgroup2 /m.exec(readFileSync("/proc/mounts", "utf8"))?.[1];
    if (root === undefined) return undefined;
    const path = `${root}/si-bench-${process.pid}`;
    try {
      mkdirSync(path, { recursive: true });
    } catch {
      return undefined;
    }
    const group = new ControlGroup(path);
    if (existsSync(`${path}/cgroup.kill`)) return group;
    rmdirSync(path);
    return undefined;
  }

  /** A shell script that moves itself into the group and becomes the command it is given. */
  get wrapper(): string {
    return `echo $$ > ${this.#path}/cgroup.procs && exec "$@"`;
  }

  /** Kills everything inside at once. */
  kill(): void {
    writeFileSync(`${this.#path}/cgroup.kill`, "1");
  }

  /** Deletes the group when the last process has left it. */
  async remove(): Promise<void> {
    await waitFor(() => {
      try {
        rmdirSync(this.#path);
        return true;
      } catch {
        return undefined;
      }
    }, 1000);
  }
}
