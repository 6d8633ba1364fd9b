/**
 * Real servers that answer checks, and the configuration that has them checked once a second: one
 * nginx in the far namespace answers for thousands of addresses, and says how many connections and
 * requests it really had. It costs whoever checks nothing but what every server costs.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addresses, type Network } from "./network.ts";
import { waitFor } from "./wait.ts";

/** How many servers are checked in which way. */
export interface CheckedServers {
  readonly tcp: number;
  readonly http: number;
}

/** How many servers a virtual server has. */
const perService = 100;
/** Where the far namespace answers for every address. */
const serverNet = "10.90.0.0/16";
const ports = { tcp: 81, http: 80, counts: 82 } as const;

/** The virtual servers, each real server with one check of a second's pause. */
export function serversText({ tcp, http }: CheckedServers): string {
  const tcpServices = services(tcp, 0, "TCP_CHECK {\n      }", ports.tcp);
  const url = "HTTP_GET {\n        url {\n          path /\n          status_code 200\n        }\n";
  return [...tcpServices, ...services(http, tcpServices.length, `${url}      }`, ports.http)]
    .join("\n");
}

function services(servers: number, from: number, check: string, port: number): string[] {
  return Array.from({ length: Math.ceil(servers / perService) }, (_, at) => {
    const count = Math.min(perService, servers - at * perService);
    const real = Array.from(
      { length: count },
      (_, index) =>
        `  real_server 10.90.${from + at}.${index + 1} ${port} {\n` +
        `    weight 1\n    ${check}\n  }`,
    );
    return [
      `virtual_server 10.91.0.${from + at + 1} ${port} {`,
      "  delay_loop 1",
      "  connect_timeout 2",
      "  retry 3",
      "  delay_before_retry 1",
      "  lvs_sched rr",
      "  lvs_method NAT",
      "  protocol TCP",
      ...real,
      "}",
      "",
    ].join("\n");
  });
}

/** What the servers have seen since their start. */
export interface Seen {
  readonly connections: number;
  readonly requests: number;
}

/** The servers. */
export class CheckServers {
  readonly #network: Network;
  readonly #folder = mkdtempSync(join(tmpdir(), "standin-bench-"));
  readonly #child: ChildProcess;

  /** Starts them, on the other side of the cable. */
  constructor(network: Network) {
    this.#network = network;
    for (
      const [side, route] of [
        ["far", `local ${serverNet} dev lo`],
        ["near", `${serverNet} via ${addresses.far}`],
      ] as const
    ) {
      const [command = "", ...words] = network.inside(side);
      spawnSync(command, [...words, "ip", "route", "add", ...route.split(" ")]);
    }
    writeFileSync(join(this.#folder, "nginx.conf"), nginxText(this.#folder));
    const [command = "", ...words] = network.inside("far");
    const argv = [...words, "nginx", "-c", join(this.#folder, "nginx.conf")];
    this.#child = spawn(command, argv, { stdio: ["ignore", "ignore", "inherit"] });
  }

  /** Resolves when they answer. */
  async ready(): Promise<void> {
    if (await waitFor(() => this.seen(), 10_000, 50) === undefined) {
      throw new Error("Cannot start nginx");
    }
  }

  /** Asks nginx; undefined when it does not answer. */
  seen(): Seen | undefined {
    const [command = "", ...words] = this.#network.inside("far");
    const asked = [...words, "curl", "-s", `http://127.0.0.1:${ports.counts}/`];
    const { stdout } = spawnSync(command, asked, { encoding: "utf8" });
    const found = /^ *(\d+) (\d+) (\d+) *$/m.exec(stdout ?? "");
    if (found === null) return undefined;
    return { connections: Number(found[1]), requests: Number(found[3]) };
  }

  /** Ends them. */
  remove(): void {
    this.#child.kill("SIGTERM");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function nginxText(folder: string): string {
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) =>
    `${name}_temp_path ${folder}/${name};`
  );
  return `daemon off; master_process off; user root; pid ${folder}/nginx.pid; error_log stderr;
    events { worker_connections 16384; multi_accept on; }
    http {
      ${places.join(" ")}
      access_log off; keepalive_timeout 0;
      server { listen ${ports.http} backlog=4096; location / { return 200 "well\\n"; } }
      server { listen ${ports.tcp} backlog=4096; }
      server { listen 127.0.0.1:${ports.counts}; location / { stub_status; } }
    }
`;
}
