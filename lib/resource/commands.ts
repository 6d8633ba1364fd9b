/**
 * What is run for each kind of resource. Which programs a box has is found when they are needed,
 * by the shell: the same configuration serves systemd, OpenRC, procd of OpenWrt and init scripts.
 */
import { type CommandPlan, unreachable } from "../base/mod.ts";
import { resourceName, type ResourcePlan, type ResourcesPlan } from "./plan.ts";

/** What can be run for a resource. */
export interface ResourceCommands {
  readonly start: CommandPlan;
  /** Attempts to stop it, each harder than the one before. */
  readonly stop: readonly CommandPlan[];
  /** Exit 0 while it is active. */
  readonly status?: CommandPlan;
}

/** The commands of a resource; none for what the daemon does itself. */
export function commandsOf({ subject }: ResourcePlan): ResourceCommands | undefined {
  switch (subject.kind) {
    case "filesystem": {
      const { device, directory, type, options = "defaults", busy } = subject;
      const where = [device, directory, type, options, octalEscaped(directory)];
      const stop = ["umount", ...escalation[busy]].map((word) => mounting(word, where));
      return { start: mounting("mount", where), stop, status: mounting("status", where) };
    }
    case "service": {
      const [start, stop, kill, status] = ["start", "stop", "kill", "status"].map((word) =>
        shell(serviceText, "service", [word, subject.service])
      ) as [CommandPlan, CommandPlan, CommandPlan, CommandPlan];
      return { start, stop: [stop, kill], status };
    }
    case "nfs_export": {
      const { directory, clients, options } = subject;
      const [start, stop, status] = ["start", "stop", "status"].map((word) =>
        shell(exportText, "nfs_export", [word, directory, clients, options])
      ) as [CommandPlan, CommandPlan, CommandPlan];
      return { start, stop: [stop], status };
    }
    case "script": {
      const { start, stop, status } = subject;
      return { start, stop: [stop], ...(status === undefined ? {} : { status }) };
    }
    case "address":
    case "route":
      return undefined;
    default:
      return unreachable(subject);
  }
}

/** The fence is told whose resource it is and which: `INSTANCE VI_1 "filesystem /srv"`. */
export function fenceFor(
  { kind, name }: Pick<ResourcesPlan, "kind" | "name">,
  fence: CommandPlan,
  { plan }: { readonly plan: ResourcePlan },
): CommandPlan {
  if (fence.kind !== "run") return fence;
  return { ...fence, words: [...fence.words, kind, name, resourceName(plan)] };
}

/** What follows a failed umount. */
const escalation = {
  kill: ["term", "kill", "kill"],
  lazy: ["term", "kill", "lazy"],
  wait: ["wait"],
} as const;

function mounting(word: string, where: readonly string[]): CommandPlan {
  return shell(mountText, "filesystem", [word, ...where]);
}

/** A daemon may have no PATH at all, or that of a user. */
const path = 'PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"\n';

function shell(text: string, name: string, words: readonly string[]): CommandPlan {
  return { kind: "run", path: "/bin/sh", words: ["sh", "-c", path + text, name, ...words] };
}

/** proc(5): blanks of paths stand in mounts as octal numbers. */
function octalEscaped(directory: string): string {
  return directory.replace(
    /[\s\\]/g,
    (found) => `\\${found.charCodeAt(0).toString(8).padStart(3, "0")}`,
  );
}

/**
 * What is mounted is asked of the kernel, because util-linux and BusyBox have not the same tools. A
 * file system that is not mounted is stopped. Without fuser, whoever has an open file or works
 * below is found in /proc.
 */
const mountText = `cd /
mounted() {
  while read -r device directory rest; do
    [ "$directory" = "$6" ] && return 0
  done < /proc/self/mounts
  return 1
}
users() {
  if command -v fuser > /dev/null; then fuser -k "-$1" -m "$3" > /dev/null 2>&1; return; fi
  for link in /proc/[0-9]*/cwd /proc/[0-9]*/root /proc/[0-9]*/exe /proc/[0-9]*/fd/*; do
    case "$(readlink "$link" 2> /dev/null)" in "$3"|"$3"/*)
      process="\${link#/proc/}"; kill "-$1" "\${process%%/*}" 2> /dev/null;;
    esac
  done
}
case "$1" in
mount)
  mounted "$@" && exit 0
  [ -d "$3" ] || mkdir -p "$3"
  exec mount -t "$4" -o "$5" "$2" "$3";;
status) mounted "$@" && [ -d "$3/." ]; exit;;
esac
mounted "$@" || exit 0
case "$1" in
umount) exec umount "$3";;
lazy) exec umount -l "$3";;
wait) until umount "$3"; do sleep 1; mounted "$@" || exit 0; done;;
term) users TERM "" "$3"; sleep 1; exec umount "$3";;
kill) users KILL "" "$3"; sleep 1; exec umount "$3";;
esac
`;

/** sd_booted(3); OpenRC keeps its state in /run/openrc; procd scripts have "running". */
const serviceText = `
script="/etc/init.d/$2"
if [ -d /run/systemd/system ]; then
  case "$1" in
  status) exec systemctl is-active --quiet "$2";;
  kill) systemctl kill --signal=KILL "$2"; exec systemctl stop "$2";;
  *) exec systemctl "$1" "$2";;
  esac
fi
[ "$1" = kill ] && set -- stop "$2"
if [ -d /run/openrc ] && command -v rc-service > /dev/null; then exec rc-service "$2" "$1"; fi
if [ ! -x "$script" ]; then echo "there is no service $2" >&2; exit 5; fi
[ -x /sbin/procd ] && [ "$1" = status ] && exec "$script" running
exec "$script" "$1"
`;

/** exportfs(8); what is exported stands in etab, one client a line. */
const exportText = `
tab=/var/lib/nfs/etab
rest="$3,"
failed=0
while [ -n "$rest" ]; do
  client="\${rest%%,*}"
  rest="\${rest#*,}"
  case "$1" in
  start) exportfs -o "$4" "$client:$2" || exit;;
  status) grep -qF "$2	$client(" "$tab" || exit 3;;
  stop)
    grep -qF "$2	$client(" "$tab" || continue
    exportfs -u "$client:$2" || failed=1;;
  esac
done
[ "$1" = stop ] && exportfs -f
exit "$failed"
`;
