/**
 * `standin doctor`: it finds each fault that is planted, names what to do, and finds nothing wrong
 * with a healthy pair.
 */
import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lab, Node } from "../support/lab/lab.ts";
import { filesOf, keepalived, standin, standinCommand, whyNoLab } from "../support/lab/makes.ts";
import { protocols } from "../support/lab/plan.ts";
import { Router } from "../support/lab/router.ts";
import { Stories } from "../support/lab/story.ts";

const skip = whyNoLab();
const options = skip === undefined ? {} : { skip };
const stories = new Stories(1);
const [, protocol] = protocols;

/** A finding as scripts see it. */
interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly subject: string;
  readonly message: string;
  readonly advice: readonly string[];
}

/** The instance of a file, in the words of the configuration. */
interface Instance {
  readonly name?: string;
  readonly link?: string;
  readonly version?: 2 | 3;
  readonly vrid?: number;
  readonly seconds?: number;
  readonly addresses?: readonly string[];
  readonly lines?: readonly string[];
}

let files = 0;

function fileOf(node: Node, instance: Instance, roots: readonly string[] = []): string {
  const { link = "eth0", version = 3, vrid = 51, seconds = 0.2, lines = [] } = instance;
  const { addresses = ["10.77.0.100/24", "10.77.0.101/24"], name = "VI_1" } = instance;
  const path = join(node.directory, `doctor-${++files}.conf`);
  writeFileSync(
    path,
    [
      ...roots,
      ...(roots.some((line) => line.includes("status_listen")) ? [] : ["status_listen off"]),
      `vrrp_instance ${name} {`,
      `version ${version}`,
      `interface ${link}`,
      `virtual_router_id ${vrid}`,
      `advert_int ${seconds}`,
      ...lines,
      "virtual_ipaddress {",
      ...addresses,
      "}",
      "}",
      "",
    ].join("\n"),
  );
  return path;
}

/** What the doctor finds, and its exit code. */
async function examine(
  node: Node,
  file: string,
  listens?: "listens",
  before: readonly string[] = [],
): Promise<{ code: number | null; findings: Finding[] }> {
  const words = ["doctor", file, "--json", ...(listens === undefined ? ["--for", "0s"] : [])];
  const outcome = await node.namespace.run([...before, ...standinCommand, ...words]);
  assert.match(outcome.stdout, /^\{/, outcome.stderr);
  return { code: outcome.code, findings: JSON.parse(outcome.stdout).findings };
}

/** Among the findings is one of the code, of which the message and the advice say so much. */
function assertFound(findings: readonly Finding[], code: string, words: RegExp): void {
  const found = findings.filter((one) => one.code === code);
  const texts = found.map(({ message, advice }) => [message, ...advice].join("\n"));
  assert.ok(texts.some((text) => words.test(text)), `${code}: ${JSON.stringify(findings)}`);
}

stories.tell("the doctor finds nothing wrong with a healthy pair", async (lab) => {
  const { a, b } = await lab.pair();
  const routers = [150, 100].map((priority, index) =>
    new Router(lab, index === 0 ? a : b, standin, { protocol, priority })
  );
  for (const router of routers) await router.start();
  await routers[0]?.untilItRules();
  await routers[1]?.untilItWaits();
  for (const { node } of routers) {
    const { code, findings } = await examine(node, filesOf(node).config, "listens");
    assert.deepEqual([code, findings], [0, []]);
  }
}, options);

stories.tell("the doctor hears what is wrong on the wire", async (lab) => {
  const { a, b } = await lab.pair();
  const master = new Router(lab, a, keepalived, { protocol, priority: 150 });
  await master.start();
  await master.untilItRules();
  const cases: [string, RegExp, Instance][] = [
    ["vrid-taken", /51 belongs to 10\.77\.0\.1.*10\.77\.0\.100/, { addresses: ["10.77.0.9/24"] }],
    ["version-differs", /10\.77\.0\.1 speaks version 3, this 2/, { version: 2, seconds: 1 }],
    ["interval-differs", /every 200 ms, here it is 1 s/, { seconds: 1 }],
    ["addresses-differ", /protects 10\.77\.0\.100, 10\.77\.0\.101/, {
      addresses: ["10.77.0.100/24"],
    }],
    ["address-taken", /10\.77\.0\.100[\s\S]*arping/, { vrid: 60 }],
    ["others-speak", /VRID 51 \(ipv4\) from 10\.77\.0\.1/, { vrid: 60 }],
    ["no-master", /VRID 61[\s\S]*standin sniff eth0/, { vrid: 61, addresses: ["10.77.0.9/24"] }],
  ];
  await Promise.all(cases.map(async ([code, words, instance]) => {
    const { findings } = await examine(b, fileOf(b, instance), "listens");
    assertFound(findings, code, words);
  }));
}, options);

/** One planted fault: how the box and its file get it, and what is to be found. */
interface Planted {
  readonly code: string;
  readonly words: RegExp;
  readonly instance?: Instance;
  readonly roots?: readonly string[];
  readonly plant?: readonly string[];
  readonly cure?: readonly string[];
  /** Words before the command. */
  readonly before?: readonly string[];
}

const rule = (chain: string, words: string): string[] => [
  `nft add table inet planted`,
  `nft 'add chain inet planted ${chain} { type filter hook ${chain} priority 0; }'`,
  `nft add rule inet planted ${chain} ${words}`,
];
const noRules = ["nft delete table inet planted"];

/** What a program leaves in /run about the interface; /run is this shell's own. */
function managedBy(path: string, text: string): string[] {
  const make = `mount -t tmpfs none /run && mkdir -p ${path}`;
  const file = `${path}/$(cat /sys/class/net/eth0/ifindex)`;
  return ["sh", "-c", `${make} && printf '${text}' > ${file} && exec "$@"`, "sh"];
}

const planted: readonly Planted[] = [
  { code: "interface-missing", words: /eth7[\s\S]*there are: .*eth0/, instance: { link: "eth7" } },
  {
    code: "interface-down",
    words: /ip link set eth0 up/,
    plant: ["ip link set eth0 down"],
    cure: ["ip link set eth0 up", "ip address replace 10.77.0.1/24 dev eth0"],
  },
  {
    code: "no-multicast",
    words: /ip link set eth0 multicast on/,
    plant: ["ip link set eth0 multicast off"],
    cure: ["ip link set eth0 multicast on"],
  },
  {
    code: "no-address",
    words: /no IPv4 address/,
    plant: ["ip address delete 10.77.0.1/24 dev eth0"],
    cure: ["ip address add 10.77.0.1/24 dev eth0"],
  },
  {
    code: "ipv6-disabled",
    words: /sysctl -w net\.ipv6\.conf\.eth0\.disable_ipv6=0/,
    instance: { addresses: ["fe80::9/64"] },
    plant: ["echo 1 > /proc/sys/net/ipv6/conf/eth0/disable_ipv6"],
    cure: ["echo 0 > /proc/sys/net/ipv6/conf/eth0/disable_ipv6"],
  },
  {
    code: "source-missing",
    words: /10\.77\.0\.200/,
    instance: { lines: ["mcast_src_ip 10.77.0.200"] },
  },
  {
    code: "firewall-drops",
    words: /cannot arrive.*rule \d+ of chain inet planted input[\s\S]*nft insert rule inet planted/,
    plant: rule("input", "ip protocol 112 drop"),
    cure: noRules,
  },
  {
    code: "firewall-drops",
    words: /cannot leave.*planted output/,
    plant: rule("output", "oifname eth0 ip daddr 224.0.0.0/4 reject"),
    cure: noRules,
  },
  {
    code: "firewall-drops",
    words: /cannot arrive.*policy of chain inet planted input/,
    plant: [
      "nft add table inet planted",
      "nft 'add chain inet planted input { type filter hook input priority 0; policy drop; }'",
      "nft 'add rule inet planted input ct state vmap { established : accept }'",
      "nft add rule inet planted input tcp dport 22 accept",
    ],
    cure: noRules,
  },
  {
    code: "no-capability",
    words: /CAP_NET_RAW/,
    before: ["setpriv", "--bounding-set", "-net_raw"],
  },
  {
    code: "status-address",
    words: /198\.51\.100\.1:9568.*no interface has this address/,
    roots: ["status_listen 198.51.100.1:9568"],
  },
  {
    code: "unresolved-name",
    words: /getent hosts mail\.invalid/,
    roots: [
      "global_defs {",
      "notification_email { a@example.org }",
      "notification_email_from b@example.org",
      "smtp_server mail.invalid",
      "}",
    ],
  },
  {
    code: "no-route",
    words: /peer 198\.51\.100\.7/,
    instance: { lines: ["unicast_src_ip 10.77.0.1", "unicast_peer {", "198.51.100.7", "}"] },
  },
  {
    code: "no-gateway",
    words: /probe gateway is bad, as there is no default route: the priority is 40/,
    roots: ["track_probe gateway {", "ping gateway", "}"],
    instance: { lines: ["track_probe {", "gateway weight -60", "}"] },
  },
  {
    code: "managed-interface",
    words: /networkd[\s\S]*\/etc\/systemd\/network\/x\.d\/[\s\S]*KeepConfiguration=static/,
    before: managedBy("/run/systemd/netif/links", "ADMIN_STATE=configured\\nNETWORK_FILE=/x\\n"),
  },
  {
    code: "managed-interface",
    words: /NetworkManager[\s\S]*delete restore[\s\S]*unmanaged-devices=interface-name:eth0/,
    before: managedBy("/run/NetworkManager/devices", "[device]\\nmanaged=true\\n"),
  },
  {
    code: "no-forwarding",
    words: /sysctl -w net\.ipv4\.ip_forward=1/,
    roots: [
      "virtual_server 10.77.0.100 80 {",
      "lb_kind NAT",
      "protocol TCP",
      "real_server 10.78.0.1 80 {",
      "}",
      "}",
    ],
    plant: ["echo 0 > /proc/sys/net/ipv4/ip_forward"],
  },
];

stories.tell("the doctor finds what is planted, and nothing when it is cured", async (lab) => {
  const { segment, a } = await lab.pair();
  const run = async (lines: readonly string[]): Promise<void> => {
    const { code, stderr } = await a.namespace.run(["sh", "-e"], lines.join("\n"));
    assert.equal(code, 0, stderr);
  };
  for (const { code, words, instance = {}, roots, plant = [], cure = [], before } of planted) {
    await run(plant);
    const { code: exit, findings } = await examine(
      a,
      fileOf(a, instance, roots),
      undefined,
      before,
    );
    await run(cure);
    assertFound(findings, code, words);
    assert.equal(exit, 1);
  }
  segment.setCable(a, false);
  await lab.bell.until("the carrier is gone", () => a.namespace.table("eth0")?.carrier === false);
  assertFound((await examine(a, fileOf(a, {}))).findings, "no-carrier", /eth0 has no carrier/);
  segment.setCable(a, true);
  await lab.bell.until("the carrier is back", () => a.namespace.table("eth0")?.carrier === true);
  await findsScript(a);
  await findsRouter(lab, a);
  assert.deepEqual(await examine(a, fileOf(a, {})), { code: 0, findings: [] });
}, options);

async function findsScript(node: Node): Promise<void> {
  const script = join(node.directory, "check.sh");
  writeFileSync(script, "#!/bin/sh\n");
  chmodSync(script, 0o777);
  const roots = [
    "global_defs {",
    "enable_script_security",
    "script_user root",
    "}",
    "vrrp_script check {",
    `script ${script}`,
    "}",
  ];
  const file = fileOf(node, { lines: ["track_script {", "check", "}"] }, roots);
  const { code, findings } = await examine(node, file);
  assert.equal(code, 1);
  assert.ok(findings.some(({ message }) => message.includes(script)), JSON.stringify(findings));
}

async function findsRouter(lab: Lab, node: Node): Promise<void> {
  const router = new Router(lab, node, keepalived, { protocol, priority: 100 });
  await router.start();
  const { findings } = await examine(node, fileOf(node, {}));
  assertFound(findings, "other-router", /keepalived \(pid \d+\)/);
  await router.terminate();
}
