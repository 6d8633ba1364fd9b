/**
 * The systemd unit. Its settings follow from what the daemon is: the crash guard has to outlive a
 * SIGKILL (KillMode), a restart has to find what the last run left (RuntimeDirectoryPreserve), and
 * is not to wait, because the node listens for a Master_Down_Interval after it (RestartSec). It is
 * hardened only as far as notify scripts and resources allow: everything that gives the service a
 * mount namespace of its own would hide the file systems that it mounts from the rest of the box.
 */
import type { ServiceManager } from "./service.ts";
import { systemdVersion } from "./systemd_version.ts";

function quote(word: string): string {
  const escaped = word.replaceAll("%", "%%").replaceAll("$", "$$$$");
  if (!/[\s"'\\]/.test(escaped)) return escaped;
  return `"${escaped.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** systemd knows the last two keys since 254, and complains of them before. */
function restart(version = 254): string {
  const [later, keys] = version < 254
    ? ["", ""]
    : [", then later each time", "RestartSteps=10\nRestartMaxDelaySec=5s\n"];
  return `# Soon, for a peer takes over in the meantime${later}.
Restart=on-failure
RestartSec=20ms
${keys}`;
}

function render(program: readonly string[], version?: number): string {
  const words = program.map(quote).join(" ");
  return `# Written by \`standin install\`, removed by \`standin uninstall\`.
# To change a setting, type \`systemctl edit standin\`; this file may be written again.
[Unit]
Description=standin: shared addresses and services (VRRP)
Documentation=man:standin(8) https://github.com/standin-ha/standin
# A file that names an interface which is not there yet can not be run (dynamic_interfaces waits).
Wants=network-online.target
After=network-online.target nss-lookup.target
# A crash loop ends at some time: then a peer keeps the addresses.
StartLimitIntervalSec=60
StartLimitBurst=30

[Service]
# It is started when it has read its file and listens; a bad file makes the start fail.
Type=notify
ExecStart=${words} run
# A file with errors changes nothing, and makes this fail; what is wrong stands in the log.
ExecReload=${words} reload
# The crash guard takes the addresses away when the daemon is killed: it must be left alive.
KillMode=process
# Resources are stopped before the role is given away.
TimeoutStopSec=90
${
    restart(version)
  }# Bad configuration, missing permission, no configuration: trying again does not help.
RestartPreventExitStatus=2 4 6
RuntimeDirectory=standin
RuntimeDirectoryPreserve=yes
OOMScoreAdjust=-500
LimitNOFILE=65536
# The executable's runtime obeys these; the service does not.
UnsetEnvironment=BUN_OPTIONS BUN_BE_BUN BUN_INSPECT BUN_INSPECT_PRELOAD BUN_INSPECT_CONNECT_TO

# Scripts inherit these limits, and may mount, load modules, change users or call sudo. Where they
# do not, a drop-in takes more away: docs/howto/systemd.md.
# Never for standin: MemoryDenyWriteExecute (its runtime compiles while it runs); ProtectSystem,
# PrivateTmp and the like (they hide mounts from the rest of the box); PrivateNetwork.
CapabilityBoundingSet=~CAP_SYS_RAWIO CAP_SYS_TIME CAP_SYS_PACCT CAP_WAKE_ALARM
CapabilityBoundingSet=~CAP_MAC_ADMIN CAP_MAC_OVERRIDE CAP_AUDIT_CONTROL
LockPersonality=yes
KeyringMode=private

[Install]
WantedBy=multi-user.target
`;
}

/** systemd, as on Debian, Ubuntu, Fedora and most others. */
export const systemd: ServiceManager = {
  kind: "systemd",
  name: "systemd",
  signs: ["/run/systemd/system", "/usr/lib/systemd/systemd", "/lib/systemd/systemd"],
  file: { path: "/etc/systemd/system/standin.service", mode: 0o644 },
  links: ["/etc/systemd/system/multi-user.target.wants/standin.service"],
  render,
  version: systemdVersion,
  hasManual: true,
  startCommands: ["systemctl daemon-reload", "systemctl enable --now standin"],
  stopCommand: "systemctl disable --now standin",
};
