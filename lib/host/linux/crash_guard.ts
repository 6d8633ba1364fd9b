/**
 * The crash guard: a shell that waits on a pipe from the daemon and removes the held addresses, the
 * interfaces and the firewall that were made, stops resources, and puts settings of the kernel
 * back, when the pipe ends without a word, which is how it looks when the daemon was killed. First
 * it notes which process that was; the age of the note says when (`daemon_before.ts` reads it). It
 * costs one small process and no second runtime. It does not fire on a clean stop (it is told), it
 * does not outlive the daemon, and when it is killed itself it is started again.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { startChild } from "./child_start.ts";
import type { RunFiles } from "./run_files.ts";

/**
 * The guard leaves the daemon's control group where it can: whoever kills the whole group would
 * otherwise kill the guard before it can act. `ip -batch` removes hundreds of addresses in one
 * process; BusyBox has no such option, there each line is a call.
 */
const script = `
trap '' HUP INT TERM
PATH="$PATH:/usr/sbin:/sbin"
for group in /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/unified/cgroup.procs; do
  { echo 0 > "$group"; } 2>/dev/null
done
read -r word && exit 0
echo "$2" 2>/dev/null > "$1.death"
[ -s "$1" ] && {
while read -r value path; do echo "$value" > "$path"; done < "$1.settings" 2>/dev/null
ip -force -batch "$1" 2>/dev/null || while read -r words; do ip $words 2>/dev/null; done < "$1"
[ -s "$1.nft" ] && nft -f "$1.nft" 2>/dev/null
rm -f "$1.settings" "$1.nft"
}
[ -s "$1.resources" ] && /bin/sh "$1.resources" && rm -f "$1.resources"
`;

/** What the guard is called in the process list. */
const guardName = "standin-guard";
/** A guard that ends sooner than this after its start is not started again at once. */
const shortestLifeMs = 1000;

/** The guard of one daemon. */
export class CrashGuard {
  readonly #heldPath: string;
  readonly #pidPath: string;
  readonly #files: RunFiles;
  #child: ChildProcess | undefined;
  #startedAt = 0;
  #ended = false;

  /** Starts the guard over the list of held addresses. */
  constructor(heldPath: string, pidPath: string, files: RunFiles) {
    this.#heldPath = heldPath;
    this.#pidPath = pidPath;
    this.#files = files;
    this.#start();
  }

  /** Tells the guard that all is well; it ends. */
  disarm(): void {
    this.#ended = true;
    this.#child?.stdin?.end("ends\n");
    this.#files.remove(this.#pidPath);
  }

  #start(): void {
    this.#startedAt = Date.now();
    const child = startChild(() =>
      spawn("/bin/sh", ["-c", script, guardName, this.#heldPath, `${process.pid}`], {
        stdio: ["pipe", "ignore", "ignore"],
        detached: true,
        cwd: "/",
      })
    );
    this.#child = child;
    if (child.pid !== undefined) this.#files.write(this.#pidPath, `${child.pid}\n`);
    child.stdin?.on("error", () => {});
    child.on("error", () => {});
    child.on("exit", () => this.#restart());
  }

  #restart(): void {
    if (this.#ended) return;
    const lived = Date.now() - this.#startedAt;
    if (lived >= shortestLifeMs) this.#start();
    else setTimeout(() => this.#ended || this.#start(), shortestLifeMs - lived).unref();
  }
}

/**
 * Ends a guard that an earlier daemon left: it may be about to remove addresses that the new daemon
 * is going to add. What it would have done is then done by the new daemon itself.
 */
export function endStaleGuard(pidPath: string): void {
  try {
    const pid = Number(readFileSync(pidPath, "utf8"));
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    if (pid > 1 && command.includes(guardName)) process.kill(-pid, "SIGKILL");
  } catch {
    // There is none.
  }
}
