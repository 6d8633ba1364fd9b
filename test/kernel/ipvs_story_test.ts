/**
 * A story of virtual servers that is played to standin and to keepalived at the same time, with the
 * same file: after every step both have the same table of IPVS.
 */
import assert from "node:assert/strict";
import {
  type BalancerMake,
  configure,
  ipvsModules,
  keepalivedBalancer,
  standinBalancer,
  startBalancer,
  Table,
} from "../support/kernel/ipvs.ts";
import { KernelSuite } from "../support/kernel/suite.ts";
import type { Lab, Node } from "../support/lab/lab.ts";
import type { Program } from "../support/lab/program.ts";
import { scriptWords } from "../support/lab/standin.ts";

const suite = new KernelSuite(import.meta.url, ipvsModules);

const check = "TCP_CHECK {\nconnect_timeout 2\nretry 1\ndelay_before_retry 0.2\nwarmup 0\n}";

function server(number: number, ...lines: readonly string[]): string {
  return `real_server 10.9.0.${number} 80 {\n${[...lines, check].join("\n")}\n}`;
}

function service(head: string, ...lines: readonly string[]): string {
  const protocol = head.startsWith("fwmark") ? "" : "protocol TCP\n";
  return `virtual_server ${head} {\n${protocol}delay_loop 0.5\n${lines.join("\n")}\n}\n`;
}

const sorry = "sorry_server 10.9.0.99 80";
const group = "virtual_server_group G {\n10.1.0.3-4 80\n}\n";

const settings = `global_defs {
  lvs_timeouts tcp 100 tcpfin 20 udp 50
  lvs_sync_daemon eth0 id 7 maxlen 1000 port 8888 ttl 3 group 224.0.0.99
}
`;

const before = settings + group +
  service(
    "10.1.0.1 80",
    "lvs_sched wrr\nlvs_method NAT\nquorum 2",
    sorry,
    server(11, "weight 2"),
    server(12),
    server(13),
  ) +
  service(
    "10.1.0.2 80",
    "lvs_sched rr\nlvs_method DR\ninhibit_on_failure",
    server(11),
    server(12),
  ) +
  service("group G", "lvs_sched rr\nlvs_method TUN", server(13));

/** Another scheduler, weight and server, one server less, a service more and one less. */
const after = settings.replace("tcpfin 20", "tcpfin 70") + group.replace("3-4", "4-5") +
  service(
    "10.1.0.1 80",
    "lvs_sched wlc\nlvs_method NAT\nquorum 2\npersistence_timeout 60",
    sorry,
    server(11, "weight 5"),
    server(12, "lvs_method DR"),
    server(14, "uthreshold 9"),
  ) +
  service("group G", "lvs_sched rr\nlvs_method TUN", server(13)) +
  service("fwmark 6", "lvs_sched lc\nlvs_method NAT", server(12));

/** Another quorum, sorry server, flags, granularity, tunnels and limits. */
const third = settings + group.replace("3-4", "4-5") +
  service(
    "10.1.0.1 80",
    "lvs_sched sh\nsh-port\nlvs_method NAT\nquorum 3\nhysteresis 1",
    "persistence_timeout 60\npersistence_granularity 255.255.255.0",
    "sorry_server 10.9.0.98 80\nsorry_server_inhibit",
    server(11, "weight 7"),
    server(12, "lvs_method DR"),
    server(14, "uthreshold 5\nlthreshold 2"),
  ) +
  service("group G", "lvs_sched rr\nlvs_method TUN type gre csum", server(13)) +
  service("fwmark 6", "lvs_sched lc\nlvs_method NAT\ninhibit_on_failure", server(12));

/** A table in few words: services with the last part of each server and its weight. */
function brief(lines: readonly string[]): string {
  const services = new Map<string, string[]>();
  for (const line of lines) {
    const [, name = ""] = /^-A -[tuf] (\S+)/.exec(line) ?? [];
    if (name !== "") services.set(name, []);
  }
  for (const line of lines) {
    const found = /^-a -[tuf] (\S+) -r [\d.]+\.(\d+):\d+ .*-w (\d+)/.exec(line);
    if (found !== null) services.get(found[1] ?? "")?.push(`${found[2]}*${found[3]}`);
  }
  return [...services].map(([name, found]) => `${name} ${found.sort().join(" ")}`.trim()).join(
    ", ",
  );
}

/** A node whose servers answer as long as it has their addresses. */
async function nodeWithServers(lab: Lab, label: string, number: number): Promise<Node> {
  const node = await lab.node(label, number);
  node.namespace.batch([
    "link add eth0 type dummy",
    "address add 10.6.0.1/24 dev eth0",
    "link set eth0 up",
    "route add unreachable default",
  ]);
  for (const last of [11, 12, 13, 14]) setServer(node, last, true);
  // A service that is none of ours.
  await node.namespace.run(["ipvsadm", "-A", "-t", "10.7.7.7:80", "-s", "rr"]);
  const listener = lab.start(node, [...scriptWords("traffic.ts"), "server", label, "80"]);
  await listener.line(/serves/);
  return node;
}

function setServer({ namespace }: Node, last: number, up: boolean): void {
  namespace.ip(`route ${up ? "add" : "del"} local 10.9.0.${last} dev lo`);
}

const rest = "10.1.0.3:80 13*1, 10.1.0.4:80 13*1";
const whole = `10.1.0.1:80 11*2 12*1 13*1, 10.1.0.2:80 11*1 12*1, ${rest}`;
const changed = "10.1.0.1:80 11*5 12*1 14*1, 10.1.0.4:80 13*1, 10.1.0.5:80 13*1, 6 12*1";

/** A step: what is done to both, and the table that comes of it. */
interface Step {
  readonly what: string;
  readonly act: (side: Side) => Promise<void> | void;
  readonly table: string;
}

function step(what: string, act: Step["act"], table: string): Step {
  return { what, act, table };
}

const steps: readonly Step[] = [
  step("start", (side) => side.start(before), whole),
  step(
    "a server fails",
    (side) => side.set(12, false),
    `10.1.0.1:80 11*2 13*1, 10.1.0.2:80 11*1 12*0, ${rest}`,
  ),
  step(
    "the quorum is lost",
    (side) => side.set(11, false),
    `10.1.0.1:80 99*1, 10.1.0.2:80 11*0 12*0, ${rest}`,
  ),
  step(
    "the quorum is gained",
    (side) => side.set(12, true),
    `10.1.0.1:80 12*1 13*1, 10.1.0.2:80 11*0 12*1, ${rest}`,
  ),
  step("the other server is back", (side) => side.set(11, true), whole),
  step(
    "the server of a group fails",
    (side) => side.set(13, false),
    "10.1.0.1:80 11*2 12*1, 10.1.0.2:80 11*1 12*1, 10.1.0.3:80, 10.1.0.4:80",
  ),
  step(
    "a reload with other services, servers and settings",
    (side) => side.reload(after),
    changed.replaceAll(" 13*1", ""),
  ),
  step("a server comes back after the reload", (side) => side.set(13, true), changed),
  step("a crash", (side) => side.crash(), changed),
  step("the start after the crash", (side) => side.start(after), changed),
  step("a server fails after it", (side) => side.set(14, false), changed.replace(" 14*1", "")),
  step(
    "a reload while a server is down",
    (side) => side.reload(third),
    "10.1.0.1:80 11*7 12*1 98*0, 10.1.0.4:80 13*1, 10.1.0.5:80 13*1, 6 12*1",
  ),
  step(
    "servers fail until the quorum is lost",
    (side) => [11, 12].forEach((last) => side.set(last, false)),
    "10.1.0.1:80 98*1, 10.1.0.4:80 13*1, 10.1.0.5:80 13*1, 6 12*0",
  ),
  step(
    "too few come back for the hysteresis",
    (side) => [12, 14].forEach((last) => side.set(last, true)),
    "10.1.0.1:80 98*1, 10.1.0.4:80 13*1, 10.1.0.5:80 13*1, 6 12*1",
  ),
  step(
    "enough come back",
    (side) => side.set(11, true),
    "10.1.0.1:80 11*7 12*1 14*1 98*0, 10.1.0.4:80 13*1, 10.1.0.5:80 13*1, 6 12*1",
  ),
  step("stop", (side) => side.stop(), ""),
];

/** One of the daemons, on a node of its own. */
class Side {
  readonly #lab: Lab;
  readonly #node: Node;
  readonly #make: BalancerMake;
  readonly #table: Table;
  #program: Program | undefined;

  constructor(lab: Lab, node: Node, make: BalancerMake) {
    this.#lab = lab;
    this.#node = node;
    this.#make = make;
    this.#table = new Table(lab, node);
  }

  async start(text: string): Promise<void> {
    configure(this.#node, text);
    this.#program = startBalancer(this.#lab, this.#node, this.#make);
    await this.#program.line(/is running, pid|Startup complete/);
  }

  set(last: number, up: boolean): void {
    setServer(this.#node, last, up);
  }

  reload(text: string): void {
    configure(this.#node, text);
    this.#program?.signal("SIGHUP");
  }

  async crash(): Promise<void> {
    this.#program?.kill();
    await this.#program?.ended();
  }

  async stop(): Promise<void> {
    this.#program?.signal("SIGTERM");
    await this.#program?.ended();
  }

  /** Timeouts and sync daemons. */
  settings(): Promise<string> {
    return this.#table.settings();
  }

  /** Waits for a table in few words, and answers the whole one. */
  async has(what: string, wanted: string): Promise<string[]> {
    const order = inOrder(`10.7.7.7:80${wanted === "" ? "" : `, ${wanted}`}`);
    return await this.#table.until(`${what}: ${order}`, (lines) => inOrder(brief(lines)) === order);
  }
}

function inOrder(services: string): string {
  return services.split(", ").sort().join(", ");
}

suite.tell(
  `after each of ${steps.length} steps standin and keepalived have the same table`,
  async (lab) => {
    const makes = [standinBalancer, keepalivedBalancer];
    const sides = await Promise.all(makes.map(async (make, index) => {
      return new Side(lab, await nodeWithServers(lab, make.name, index + 1), make);
    }));
    for (const { what, act, table } of steps) {
      await Promise.all(sides.map(act));
      const [ours, theirs] = await Promise.all(sides.map((side) => side.has(what, table)));
      assert.deepEqual(ours, theirs, what);
      const [set = "", wanted] = await Promise.all(sides.map((side) => side.settings()));
      assert.equal(set, wanted, what);
      assert.equal(/: 100 [27]0 50\n[^]*syncid=7/.test(set), table !== "", what);
    }
  },
);
