/**
 * The procd script of OpenWrt: procd starts the daemon, collects what it writes for logread, and
 * starts it again when it ends by itself. OpenWrt's packages start at 50 and later; the network is
 * at 20, keepalived's own script at 70.
 */
import { shellQuote } from "./quote.ts";
import type { ServiceManager } from "./service.ts";

function render(program: readonly string[]): string {
  const words = program.map(shellQuote).join(" ");
  return `#!/bin/sh /etc/rc.common
# Written by \`standin install\`, removed by \`standin uninstall\`.

START=70
STOP=30
USE_PROCD=1

start_service() {
	# The executable's runtime obeys these; the service does not.
	unset BUN_OPTIONS BUN_BE_BUN BUN_INSPECT BUN_INSPECT_PRELOAD BUN_INSPECT_CONNECT_TO
	mkdir -p /run/standin
	procd_open_instance
	procd_set_param command ${words} run
	# Start again a second after every end, for ever.
	procd_set_param respawn 3600 1 0
	procd_set_param term_timeout 90
	procd_set_param stdout 1
	procd_set_param stderr 1
	procd_close_instance
}

reload_service() {
	# A file with errors changes nothing, and is told of.
	${words} reload
}
`;
}

/** OpenWrt's procd. */
export const openwrt: ServiceManager = {
  kind: "openwrt",
  name: "OpenWrt's procd",
  signs: ["/etc/openwrt_release"],
  file: { path: "/etc/init.d/standin", mode: 0o755 },
  links: ["/etc/rc.d/S70standin"],
  render,
  hasManual: false,
  startCommands: ["/etc/init.d/standin enable", "/etc/init.d/standin start"],
  stopCommand: "/etc/init.d/standin disable && /etc/init.d/standin stop",
};
