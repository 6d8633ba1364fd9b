/**
 * The same file gives the same table of IPVS, whoever reads it: standin beside Debian's keepalived,
 * each in a network namespace of its own, both asked by `ipvsadm -Sn`. And clients really reach
 * servers, whichever way packets go.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import {
  type BalancerMake,
  configure,
  ipvsModules,
  keepalivedBalancer,
  standinBalancer,
  startBalancer,
  Table,
} from "../support/kernel/ipvs.ts";
import { configurations } from "../support/kernel/ipvs_configurations.ts";
import { KernelSuite } from "../support/kernel/suite.ts";
import { BalanceLab } from "../support/lab/balance.ts";
import { poll } from "../support/lab/bell.ts";
import type { Lab } from "../support/lab/lab.ts";
import { filesOf } from "../support/lab/makes.ts";
import { markConfiguration } from "../support/lab/marks.ts";
import { ask } from "../support/lab/standin.ts";

const suite = new KernelSuite(import.meta.url, [...ipvsModules, "ipip"]);

/** Services are added in the order of the file: when this one is there, all others are. */
const last =
  "virtual_server fwmark 9999 {\nlvs_sched rr\nlvs_method NAT\nreal_server 10.9.9.9 80 {\n}\n}\n";
const isThere = (lines: readonly string[]): boolean =>
  lines.some((line) => line.startsWith("-a -f 9999 "));

/** Numbers from here on stand for the configurations. */
const firstNumber = 121;

/** The lines of a table that are about a number. */
function about(lines: readonly string[], number: number): string[] {
  const own = new RegExp(`[ .:]1?${number}[ .:]`);
  return lines.filter((line) => own.test(line));
}

/** The table that a daemon makes of a file. */
async function tableBy(lab: Lab, make: BalancerMake, text: string): Promise<string[]> {
  const node = await lab.node(make.name, 1);
  configure(node, text);
  const program = startBalancer(lab, node, make);
  const lines = await new Table(lab, node).until(`${make.name} has read the file`, isThere);
  program.kill();
  return lines;
}

suite.tell(`${configurations.length} configurations give the table of keepalived`, async (lab) => {
  const texts = configurations.map(({ text }, at) =>
    text.replaceAll("@", String(firstNumber + at))
  );
  const text = texts.join("") + last;
  const [wanted = [], found = []] = await Promise.all(
    [keepalivedBalancer, standinBalancer].map((make) => tableBy(lab, make, text)),
  );
  const differ = configurations.flatMap(({ name }, at) => {
    const number = firstNumber + at;
    const [want, have] = [about(wanted, number), about(found, number)];
    const same = want.length > 0 && want.join("\n") === have.join("\n");
    if (same) return [];
    return [
      [`${name}:`, ...want.map((line) => `- ${line}`), ...have.map((line) => `+ ${line}`)].join(
        "\n",
      ),
    ];
  });
  assert.equal(differ.join("\n"), "");
  assert.deepEqual(found, wanted);
});

suite.tell("groups are services by mark (nftables_ipvs), in another namespace", async (lab) => {
  const marked = "virtual_server_group D {\n10.3.5.2\n10.3.5.3 443\nfwmark 77\n}\n" +
    "virtual_server group D {\nprotocol SCTP\nlvs_sched rr\nlvs_method NAT\n" +
    "real_server 10.9.0.5 80 {\n}\n}\n";
  const text = markConfiguration + marked;
  const far = async (make: BalancerMake): Promise<string[]> => {
    const [near, there] = [await lab.node(make.name, 1), await lab.node(`${make.name}-far`, 2)];
    configure(near, `net_namespace_ipvs ${there.namespace.name}\n${text}${last}`);
    const program = startBalancer(lab, near, make);
    const lines = await new Table(lab, there).until(`${make.name} has read the file`, isThere);
    assert.deepEqual(await new Table(lab, near).lines(), []);
    program.kill();
    return lines;
  };
  const [wanted, found] = await Promise.all([keepalivedBalancer, standinBalancer].map(far));
  assert.ok(wanted?.includes("-A -f 1003 -6 -s rr"));
  assert.deepEqual(found, wanted);
});

/** The ways to a server, each with the address of its service. */
const ways = [
  ["NAT", "10.80.0.100"],
  ["DR", "10.80.0.101"],
  ["TUN", "10.80.0.102"],
  ["NAT", "fd00:90::100"],
] as const;
const hosts = ways.map(([, host]) => host);

/** A service for each way, with two servers; NAT of IPv4 changes the port, too. */
function allWays(weight: number): string {
  const checked = "TCP_CHECK {\nconnect_timeout 2\nretry 0\nwarmup 0\n}";
  const blocks = ways.map(([way, host]) => {
    const servers = [1, 2].map((number) => {
      const address = host.includes(":") ? `fd00:8${number}::1 80` : `10.8${number}.0.1 80`;
      const place = host === "10.80.0.100" ? address.replace(/80$/, "81") : address;
      return `real_server ${place} {\nweight ${number === 1 ? weight : 1}\n${checked}\n}`;
    });
    const head = `virtual_server ${host} 80 {\nprotocol TCP\ndelay_loop 0.5\n`;
    return `${head}lvs_sched wrr\nlvs_method ${way}\n${servers.join("\n")}\n}\n`;
  });
  return `@standin status_listen off\n${blocks.join("")}`;
}

/** Answers of servers that were reached directly or by a tunnel pass the balancer, too. */
function letThrough(scene: BalanceLab): void {
  const loose = Object.fromEntries(
    ["accept_local", "rp_filter"].flatMap((setting) =>
      ["all", "default", "n80", "n81", "n82"].map((scope) => [
        `ipv4/conf/${scope}/${setting}`,
        setting === "rp_filter" ? "0" : "1",
      ])
    ),
  );
  scene.box.namespace.sysctl(loose);
  for (const number of [1, 2]) {
    const { namespace } = scene.serverNode(number);
    namespace.batch([
      "address add 10.80.0.101/32 dev lo",
      "link set tunl0 up",
      "address add 10.80.0.102/32 dev tunl0",
    ]);
    const scopes = ["all", "tunl0", "eth0"].map((scope) => [`ipv4/conf/${scope}/rp_filter`, "0"]);
    namespace.sysctl(Object.fromEntries(scopes));
  }
}

/** The part of the status that the kernel counts. */
interface Counted {
  readonly statistics: { readonly connections: number };
  readonly realServers: readonly { readonly statistics: { readonly connections: number } }[];
}

/** Waits until the status says how many connections each service and server had. */
async function counts({ box }: BalanceLab, wanted: unknown): Promise<void> {
  const look = async (): Promise<unknown> => {
    const status = JSON.parse((await ask(box, "/status")).body);
    return status.virtualServers.map((one: Counted) => [
      one.statistics.connections,
      one.realServers.map((server) => server.statistics.connections),
    ]);
  };
  // The kernel adds its counters up every two seconds.
  const same = (found: unknown): boolean => JSON.stringify(found) === JSON.stringify(wanted);
  await poll("the connections are counted", look, same, 60_000, 250);
}

/** Asks each address for twelve connections; answers who took how many. */
async function reached(scene: BalanceLab): Promise<Readonly<Record<string, number>>[]> {
  const found = [];
  for (const host of hosts) {
    const { by, failed } = await scene.client({ verb: "tcp", host, port: 80, count: 12 });
    assert.equal(failed, 0, host);
    found.push(by);
  }
  return found;
}

suite.tell(
  "clients reach servers by NAT, directly and by tunnels, and stay with them",
  async (lab) => {
    const scene = await BalanceLab.open(lab);
    const table = new Table(lab, scene.box);
    letThrough(scene);
    const daemon = await scene.start(allWays(1));
    await table.until("both servers", (lines) => lines.length === 12);
    const even = { 1: 6, 2: 6 };
    assert.deepEqual(await reached(scene), [{ "1:81": 6, "2:81": 6 }, even, even, even]);
    await counts(scene, hosts.map(() => [12, [6, 6]]));
    const holders: string[] = [];
    for (const host of hosts) {
      const { by } = await scene.client({ verb: "hold", name: host, host, port: 80 });
      holders.push(...Object.keys(by));
    }
    const stays = async (what: string): Promise<void> => {
      const now: string[] = [];
      for (const name of hosts) {
        now.push(...Object.keys((await scene.client({ verb: "echo", name })).by));
      }
      assert.deepEqual(now, holders, what);
    };
    writeFileSync(filesOf(scene.box).config, allWays(5));
    daemon.signal("SIGHUP");
    const weighted = await table.until(
      "the new weight",
      (lines) => lines.filter((line) => / -w 5\b/.test(line)).length === 4,
    );
    await stays("after a reload");
    assert.deepEqual((await reached(scene))[0], { "1:81": 10, "2:81": 2 });
    daemon.kill();
    await daemon.ended();
    await stays("while no daemon runs");
    await scene.start(allWays(5));
    await stays("after a crash and a restart");
    assert.deepEqual(await table.lines(), weighted);
    scene.killServer(2);
    await table.until("server 2 has left", (lines) => lines.length === 8);
    assert.deepEqual(await reached(scene), [{ "1:81": 12 }, ...[1, 2, 3].map(() => ({ 1: 12 }))]);
  },
);
