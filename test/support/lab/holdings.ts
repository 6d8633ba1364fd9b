/**
 * A pair whose master has a file system, a page on it, an address and nginx, in this order, each of
 * which needs the one before. What a node has is asked of its kernel: which of its processes see
 * the mount, which of them is nginx, what the web server answers.
 */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { poll } from "./bell.ts";
import type { Lab, Node } from "./lab.ts";
import { filesOf, logEntry, standinStateIn, standinWords } from "./makes.ts";
import type { Program } from "./program.ts";
import { fetchInside } from "./standin.ts";

/** What a holder may have, in order, by the words of its file. */
const kinds = ["filesystem", "script", "address", "service"] as const;

/** One node with what belongs to its role. */
export class Holder {
  readonly node: Node;
  readonly #lab: Lab;
  #program: Program | undefined;

  /** What it has as master, in order. */
  readonly order: readonly string[] = kinds;

  constructor(lab: Lab, node: Node) {
    this.#lab = lab;
    this.node = node;
  }

  /** The daemon. */
  get program(): Program {
    if (this.#program === undefined) throw new Error(`${this.node.label} was not started`);
    return this.#program;
  }

  /** Where the file system is mounted. */
  get directory(): string {
    return join(this.node.directory, "srv");
  }

  /** Starts the daemon in a mount namespace of its own, with the configuration of nginx there. */
  async start(priority: number): Promise<void> {
    const { directory, label } = this.node;
    const page = join(directory, "page");
    const nginx = join(directory, "nginx.conf");
    mkdirSync(this.directory, { recursive: true });
    writeFileSync(page, pageScript(this.directory, label));
    chmodSync(page, 0o755);
    writeFileSync(nginx, nginxConfiguration(directory, this.directory));
    writeFileSync(filesOf(this.node).config, this.#configuration(priority, page));
    const apart = 'mount -t tmpfs tmpfs /run && mount --bind "$1" /etc/nginx/nginx.conf && ' +
      'shift && exec "$@"';
    const words = ["sh", "-c", apart, "sh", nginx, ...standinWords(this.node)];
    this.#program = this.#lab.start(this.node, words);
    await this.program.line(/is running, pid/);
  }

  /** The state that it said last. */
  get state(): string | undefined {
    return this.program.lines.flatMap((line) => standinStateIn(line) ?? []).at(-1);
  }

  /** What is there of its resources, in order. */
  get has(): string[] {
    const mounted = this.#pids().some((pid) => {
      return fileOf(pid, "mounts").includes(` ${this.directory} `);
    });
    const served = this.pidsOf("nginx").length > 0;
    const address = this.node.namespace.has("eth0", "10.77.0.100/24");
    const found = {
      filesystem: mounted,
      script: mounted,
      address,
      service: served,
    };
    return kinds.filter((kind) => found[kind]);
  }

  /** Its processes of a name. */
  pidsOf(name: string): number[] {
    return this.#pids().filter((pid) => fileOf(pid, "comm").trim() === name);
  }

  #pids(): number[] {
    const words = ["netns", "pids", this.node.namespace.name];
    const { stdout } = spawnSync("ip", words, { encoding: "utf8" });
    return stdout.split("\n").filter((line) => line !== "").map(Number);
  }

  /** Everything that was started (`+`) and stopped (`-`) since a line of its log, in order. */
  changesSince(line: number): string[] {
    return this.program.lines.slice(line).flatMap((text) => {
      if (!text.includes('"resource-changed"')) return [];
      const { state, resource } = logEntry(text);
      const [kind = ""] = String(resource).split(" ");
      return [`${state === "active" ? "+" : "-"}${kind}`];
    });
  }

  /** Waits until it has everything, and its page can be read. */
  async untilItServes(): Promise<void> {
    await poll(`${this.node.label} has everything`, () => this.has, (has) => {
      return has.length === this.order.length;
    });
    await poll(`${this.node.label} serves`, () => this.#page(), (text) => {
      return text.trim() === this.node.label;
    });
  }

  /** Waits until it has nothing. */
  async untilItRests(): Promise<void> {
    await poll(`${this.node.label} has nothing`, () => this.has, (has) => has.length === 0);
  }

  #configuration(priority: number, page: string): string {
    const { directory } = this;
    const script = ["start", "stop", "status"].map((word) => `"${page} ${word}"`).join(" ");
    const resources = [
      "resources {",
      "  interval 1",
      "  retry 0",
      "  hold_off 2",
      `  filesystem tmpfs ${directory} tmpfs size=1m`,
      `  script ${script}`,
      "  address",
      "  service nginx",
      "}",
    ].map((line) => `    @standin ${line}\n`).join("");
    return `global_defs {
    router_id lab
    script_user root
    vrrp_garp_master_delay 0
}
@standin status_listen off
vrrp_script gateway {
    script "/usr/bin/ping -c 1 -W 1 10.77.0.9"
    interval 1
    timeout 3
}
vrrp_instance VI_1 {
    state BACKUP
    interface eth0
    virtual_router_id 51
    version 3
    priority ${priority}
    nopreempt
    advert_int 0.2
    down_timer_adverts 5
    track_script {
        gateway
    }
    virtual_ipaddress {
        10.77.0.100/24
    }
${resources}}
`;
  }

  async #page(): Promise<string> {
    try {
      return (await fetchInside(this.node, "http://10.77.0.100/")).body;
    } catch {
      return "";
    }
  }
}

function fileOf(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return ""; // It has just ended.
  }
}

/** The page stands on the file system and names the node; a journal keeps the order. */
function pageScript(directory: string, label: string): string {
  return `#!/bin/sh
page=${directory}/index.html
case "$1" in
start) grep -q ' ${directory} ' /proc/self/mounts && echo ${label} > $page;;
stop) rm -f $page;;
status) test -f $page;;
esac
`;
}

function nginxConfiguration(directory: string, root: string): string {
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => {
    return `    ${name}_temp_path ${directory}/${name};\n`;
  }).join("");
  return `user root;
worker_processes 1;
pid /run/nginx.pid;
error_log ${directory}/error.log;
events {
}
http {
${places}    access_log off;
    server {
        listen 80;
        root ${root};
    }
}
`;
}
