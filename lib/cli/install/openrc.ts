/**
 * The OpenRC script, as on Alpine and Gentoo. supervise-daemon starts the daemon again when it
 * ends by itself; what it writes goes to the system's log.
 */
import { shellQuote } from "./quote.ts";
import type { ServiceManager } from "./service.ts";

function render(program: readonly string[]): string {
  const [first = "", ...rest] = program;
  const args = [...rest, "run"];
  return `#!/sbin/openrc-run
# Written by \`standin install\`, removed by \`standin uninstall\`.

description="standin: shared addresses and services (VRRP)"
description_reload="Read the configuration again"
extra_started_commands="reload"

supervisor="supervise-daemon"
command=${shellQuote(first)}
command_args=${shellQuote(args.map(shellQuote).join(" "))}
respawn_delay=1
respawn_max=0
retry="TERM/90/KILL/2"
output_logger="logger -t standin"
error_logger="logger -t standin"

depend() {
	use logger
	after net firewall
}

start_pre() {
	# The executable's runtime obeys these; the service does not.
	unset BUN_OPTIONS BUN_BE_BUN BUN_INSPECT BUN_INSPECT_PRELOAD BUN_INSPECT_CONNECT_TO
	checkpath --directory --mode 0755 /run/standin
}

reload() {
	ebegin "Reloading standin"
	# A file with errors changes nothing, and is told of.
	${program.map(shellQuote).join(" ")} reload
	eend $?
}
`;
}

/** OpenRC. */
export const openrc: ServiceManager = {
  kind: "openrc",
  name: "OpenRC",
  signs: ["/sbin/openrc-run", "/usr/sbin/openrc-run"],
  file: { path: "/etc/init.d/standin", mode: 0o755 },
  links: ["/etc/runlevels/default/standin"],
  render,
  hasManual: true,
  startCommands: ["rc-update add standin default", "rc-service standin start"],
  stopCommand: "rc-update del standin default && rc-service standin stop",
};
