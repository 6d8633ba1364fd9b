/**
 * Where the reader of a page stands: which boxes there are, and what is there before the first
 * command. Everything else comes from the page. All boxes are on 192.0.2.0/24 at `eth0`, with
 * their addresses from 192.0.2.11 in the order of the scene; behind 192.0.2.1, their gateway, is
 * the rest of the world (`world.ts`).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../lab/program.ts";

/** The boxes of a page. */
export interface Scene {
  /** The first is the one whose commands are of no other. */
  readonly nodes: readonly string[];
  /** Boxes on which the page itself installs the executable. */
  readonly bare?: readonly string[];
  /** Whether what it installs is the executable itself, not a line that starts it. */
  readonly wholeRelease?: true;
  /** Files that another page tells of, by their paths in every box. */
  readonly files?: Readonly<Record<string, string>>;
  /** What a person answers to a command, where the page does not show it. */
  readonly answers?: Readonly<Record<string, string>>;
  /** Commands that the page takes for done, by node. */
  readonly before?: Readonly<Record<string, readonly string[]>>;
}

function read(path: string): string {
  return readFileSync(join(repository, path), "utf8");
}

/** One of a pair, for pages that are about something else. */
function pairFile(priority: number): string {
  return `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority ${priority}
    virtual_ipaddress {
        192.0.2.100/24
    }
}
`;
}

const pairFiles = { "/root/near.conf": pairFile(150), "/root/far.conf": pairFile(100) };

/** As that of OpenWrt's package, without the making of its file. */
const keepalivedScript = `#!/bin/sh /etc/rc.common
START=70
USE_PROCD=1
start_service() {
	procd_open_instance
	procd_set_param command keepalived -n -f /tmp/keepalived.conf
	procd_close_instance
}
`;

/** The pages with commands. */
export const scenes: Readonly<Record<string, Scene>> = {
  "README.md": {
    nodes: ["near", "far"],
    bare: ["near"],
    wholeRelease: true,
    answers: { "standin init": "eth0\n192.0.2.12\n192.0.2.100\n\n\n" },
    files: { "/root/far.conf": `global_defs {\nvrrp_version 3\n}\n${pairFile(100)}` },
    before: { far: ["standin run -f far.conf"] },
  },
  "docs/replay.md": {
    nodes: ["near"],
    files: { ...pairFiles, "/root/far.jsonl": read("test/unit/recording/far.jsonl") },
  },
  "docs/monitoring/README.md": {
    nodes: ["near"],
    files: Object.fromEntries(
      ["alerts.yml", "alerts_test.yml", "alerts_hours_test.yml"].map((name) => {
        return [`/root/${name}`, read(`docs/monitoring/${name}`)];
      }),
    ),
  },
  "docs/tutorial.md": { nodes: ["near", "far"], bare: ["near", "far"] },
  "docs/howto/cloud.md": { nodes: ["near", "far"] },
  "docs/howto/docker.md": {
    nodes: ["near", "far"],
    files: {
      ...pairFiles,
      "/root/standin/standin.conf": pairFile(150),
      "/root/docs/howto/docker/Dockerfile": read("docs/howto/docker/Dockerfile"),
    },
    before: {
      near: ["mkdir dist && cp /usr/local/bin/standin dist"],
      far: ["standin run -f far.conf"],
    },
  },
  "docs/howto/openwrt.md": {
    nodes: ["near"],
    bare: ["near"],
    files: {
      "/etc/openwrt_release": "",
      "/etc/init.d/keepalived": keepalivedScript,
      "/tmp/keepalived.conf": pairFile(150),
    },
    before: {
      near: [
        // Its /usr/bin is the machine's.
        "export PREFIX=/usr/local/bin",
        "ln -s /usr/local/sbin/rc.common /etc/rc.common",
      ],
    },
  },
  "docs/howto/systemd.md": { nodes: ["near"] },
  "docs/migrating.md": { nodes: ["near", "far"], bare: ["near", "far"] },
  "docs/simulate.md": { nodes: ["near"], files: pairFiles },
};
