/**
 * Reading a large configuration: from the start of `-t` to its end, for a file with ten thousand
 * real servers and for one with a thousand virtual routers. Both programs check the same file in
 * the same namespace, and must end with the same number.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { executable, type Implementation, implementations } from "./daemon.ts";
import { Network } from "./network.ts";
import { type Row, Series } from "./row.ts";
import type { Suite } from "./suite.ts";

const repetitions = 41;

/** A hundred services of a hundred servers each, every server with a check of its own. */
function tenThousandServers(): string {
  const server = (service: number, index: number): string =>
    `    real_server 10.100.${service}.${index} 80 {\n        weight 1\n        TCP_CHECK {\n` +
    "            connect_timeout 3\n            retry 3\n            delay_before_retry 3\n" +
    "        }\n    }\n";
  return numbers(100).map((service) => {
    const servers = numbers(100).map((index) => server(service, index)).join("");
    return `virtual_server 10.1.${service}.1 80 {\n    delay_loop 6\n    lvs_sched rr\n` +
      `    lvs_method NAT\n    protocol TCP\n${servers}}\n`;
  }).join("");
}

/** A thousand routers: four groups of two hundred and fifty. */
function thousandRouters(link: string): string {
  return numbers(1000).map((index) => {
    const [group, vrid] = [Math.floor((index - 1) / 250) + 1, (index - 1) % 250 + 1];
    return `vrrp_instance VI_${index} {\n    state BACKUP\n    interface ${link}\n` +
      `    virtual_router_id ${vrid}\n    priority 100\n    advert_int 1\n` +
      `    mcast_dst_ip 224.0.1.${group}\n    virtual_ipaddress {\n` +
      `        10.${group}.${vrid}.1/24\n        10.${group}.${vrid}.2/24\n    }\n}\n`;
  }).join("");
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** The rows of large files. */
export const config: Suite = {
  name: "config",
  seconds: 30,
  run: (progress) => {
    const folder = mkdtempSync(join(tmpdir(), "standin-bench-"));
    const network = new Network();
    try {
      const rows = [
        measure("check of a file with 10,000 real servers", tenThousandServers()),
        measure("check of a file with 1,000 virtual routers", thousandRouters("eth0")),
      ];
      return Promise.resolve(rows);
    } finally {
      network.remove();
      rmSync(folder, { recursive: true });
    }

    function measure(what: string, text: string): Row {
      const file = join(folder, "large.conf");
      writeFileSync(file, text);
      const series = new Series({ what, unit: "ms" });
      for (let count = 1; count <= repetitions; count++) {
        progress(`${what}: ${count} of ${repetitions}`);
        for (const implementation of implementations) {
          series.add(implementation, check(implementation, network, file));
        }
      }
      return series.row();
    }
  },
};

/** How long `-t` took; nothing when it found something wrong. */
function check(
  implementation: Implementation,
  network: Network,
  file: string,
): number | undefined {
  const program = implementation === "standin" ? executable : "keepalived";
  const [command = "", ...words] = [...network.inside("near"), program, "-t", "-f", file];
  const began = process.hrtime.bigint();
  const { status } = spawnSync(command, words, { stdio: "ignore" });
  const elapsedMs = Number(process.hrtime.bigint() - began) / 1e6;
  return status === 0 ? elapsedMs : undefined;
}
