/**
 * What the doctor makes of facts that a laboratory cannot have: old tables of iptables, rules of
 * all shapes, clocks, authentication, two masters at once.
 */
import assert from "node:assert/strict";
import { seconds } from "../../../lib/base/mod.ts";
import { type BoxFacts, examine } from "../../../lib/doctor/mod.ts";
import type { Observation } from "../../../lib/vrrp/observe.ts";
import { instance, modelOf } from "../../support/model.ts";
import { ip, prefix } from "../../support/plan.ts";
import { test } from "../../support/test.ts";

const well: BoxFacts = {
  interfaces: [{
    name: "eth0",
    up: true,
    carrier: true,
    multicast: true,
    addresses: [prefix("10.0.0.1/24")],
  }],
  sysctls: new Map(),
  missingCapabilities: [],
  routers: [],
  unresolved: [],
  unreachable: [],
  answered: [],
  heard: [],
};

/** The findings as `severity code`, with the file's usual instance and more lines. */
function found(facts: Partial<BoxFacts>, lines = ""): string[] {
  return examine(modelOf(instance(lines)), { ...well, ...facts })
    .map(({ severity, code }) => `${severity} ${code}`);
}

/** What becomes of adverts that arrive, with a chain `input` of these expressions. */
function ruled(
  rules: readonly (readonly unknown[])[],
  rest: readonly unknown[] = [],
  policy = "accept",
): string[] {
  const place = { family: "inet", table: "filter", chain: "input" };
  const base = { ...place, name: "input", type: "filter", hook: "input", prio: 0, policy };
  const nft = {
    nftables: [
      { metainfo: {} },
      { table: { family: "inet", name: "filter" } },
      { chain: base },
      ...rules.map((expr, handle) => ({ rule: { ...place, handle, expr } })),
      ...rest,
    ],
  };
  return found({ nft });
}

const match = (left: unknown, right: unknown, op = "==") => ({ match: { op, left, right } });
const l4 = { meta: { key: "l4proto" } };
const saddr = { payload: { protocol: "ip", field: "saddr" } };
const daddr = { payload: { protocol: "ip", field: "daddr" } };
const state = { ct: { key: "state" } };
const [accept, drop] = [{ accept: null }, { drop: null }];
const drops = ["fault firewall-drops"];
const mayDrop = ["note firewall-may-drop"];
const prefixOf = (addr: string, len: number): unknown => ({ prefix: { addr, len } });

test("a healthy box", () => {
  assert.deepEqual(found({}), []);
});

test("nft: rules about VRRP and about everything else", () => {
  assert.deepEqual(ruled([[drop]]), drops);
  assert.deepEqual(ruled([[match(l4, "tcp"), drop]]), []);
  assert.deepEqual(ruled([[match(l4, 112), { counter: {} }, drop]]), drops);
  assert.deepEqual(ruled([[match(l4, "vrrp"), accept]], [], "drop"), []);
  assert.deepEqual(ruled([[match(l4, "vrrp", "!="), accept]], [], "drop"), drops);
  assert.deepEqual(ruled([[match(l4, { set: ["icmp", "vrrp"] }), accept], [drop]]), []);
  assert.deepEqual(ruled([[match({ meta: { key: "iifname" } }, "eth*"), drop]]), drops);
  assert.deepEqual(ruled([[match({ meta: { key: "iifname" } }, "ppp0"), drop]]), []);
  assert.deepEqual(
    ruled([[match(state, ["established", "related"], "in"), accept], [drop]]),
    drops,
  );
  assert.deepEqual(ruled([[match(state, "new", "in"), { reject: null }]]), drops);
  assert.deepEqual(
    ruled([[match({ payload: { protocol: "tcp", field: "dport" } }, 22), drop]]),
    [],
  );
});

test("nft: addresses of senders and groups", () => {
  assert.deepEqual(ruled([[match(saddr, prefixOf("10.0.0.0", 8)), accept]], [], "drop"), []);
  assert.deepEqual(ruled([[match(saddr, prefixOf("10.1.0.0", 16)), accept]], [], "drop"), drops);
  assert.deepEqual(ruled([[match(saddr, "10.0.0.2"), accept]], [], "drop"), mayDrop);
  assert.deepEqual(ruled([[match(daddr, "224.0.0.18"), accept]], [], "drop"), []);
  assert.deepEqual(ruled([[match(daddr, { range: ["224.0.0.0", "224.0.0.255"] }), drop]]), mayDrop);
  const set = { set: { family: "inet", table: "filter", name: "nodes", elem: ["10.0.0.2"] } };
  assert.deepEqual(ruled([[match(saddr, "@nodes"), accept]], [set], "drop"), mayDrop);
});

test("nft: other chains, maps, limits, and what only iptables understands", () => {
  const place = { family: "inet", table: "filter" };
  const chain = { chain: { ...place, name: "vrrp" } };
  const inside = (...expr: unknown[]): unknown => ({
    rule: { ...place, chain: "vrrp", handle: 9, expr },
  });
  const jump = [{ jump: { target: "vrrp" } }];
  const goto = [{ goto: { target: "vrrp" } }];
  assert.deepEqual(ruled([jump], [chain, inside(drop)]), drops);
  assert.deepEqual(ruled([jump, [accept]], [chain, inside({ return: null })], "drop"), []);
  assert.deepEqual(ruled([goto, [accept]], [chain, inside({ return: null })], "drop"), drops);
  const map = { set: [["tcp", drop], ["vrrp", { goto: { target: "vrrp" } }]] };
  assert.deepEqual(ruled([[{ vmap: { key: l4, data: map } }]], [chain, inside(drop)]), drops);
  assert.deepEqual(ruled([[{ limit: { rate: 10 } }, accept], [drop]]), mayDrop);
  assert.deepEqual(ruled([[{ xt: { type: "match" } }, drop]]), mayDrop);
  // Whoever jumps in a circle was refused by the kernel; a text may still say so.
  assert.deepEqual(ruled([jump], [chain, inside(...jump)]), []);
});

test("nft: a hook of the interface, and one of another", () => {
  const at = (dev: string): unknown => ({
    nftables: [
      { table: { family: "netdev", name: "early" } },
      {
        chain: {
          family: "netdev",
          table: "early",
          name: "in",
          type: "filter",
          hook: "ingress",
          prio: 0,
          policy: "drop",
          dev,
        },
      },
    ],
  });
  assert.deepEqual(found({ nft: at("eth0") }), drops);
  assert.deepEqual(found({ nft: at("eth1") }), []);
});

test("iptables: the old tables", () => {
  const saved = (lines: string, policy = "ACCEPT"): string[] =>
    found({
      iptables: {
        ipv4: `# comment\n*nat\n:OUTPUT DROP [0:0]\nCOMMIT\n*filter\n:INPUT ${policy} [0:0]\n` +
          `:OUTPUT ACCEPT [0:0]\n:own - [0:0]\n${lines}\nCOMMIT\n`,
        ipv6: "",
      },
    });
  assert.deepEqual(saved("-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT", "DROP"), drops);
  assert.deepEqual(saved("-A INPUT -p vrrp -j ACCEPT", "DROP"), []);
  assert.deepEqual(saved("-A INPUT -i eth+ -p 112 -j REJECT --reject-with x"), drops);
  assert.deepEqual(saved("-A INPUT ! -i eth0 -j DROP"), []);
  assert.deepEqual(saved("-A INPUT -d 224.0.0.0/8 -j own\n-A own -j DROP"), drops);
  assert.deepEqual(saved("-A INPUT -j LOG\n-A INPUT -s 10.0.0.0/24 -j ACCEPT", "DROP"), []);
  assert.deepEqual(saved('-A INPUT -m comment --comment "a b" -j DROP'), drops);
  assert.deepEqual(saved("-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT", "DROP"), drops);
  assert.deepEqual(saved("-A OUTPUT -m owner --uid-owner 5 -j DROP"), mayDrop);
});

const advert: Observation = {
  source: ip("10.0.0.2"),
  destination: ip("224.0.0.18"),
  family: "ipv4",
  vrid: 51,
  version: 3,
  priority: 100,
  advertInterval: seconds(1),
  addresses: [ip("10.0.0.100")],
  authentication: "none",
  text: "",
  problems: [],
};

function heard(adverts: readonly Partial<Observation>[], lines = ""): string[] {
  const all = adverts.map((one) => ({ ...advert, ...one }));
  return found({ heard: [{ interfaceName: "eth0", adverts: all }] }, lines);
}

test("the wire: masters that agree, that do not, and more than one", () => {
  assert.deepEqual(heard([{}]), []);
  assert.deepEqual(heard([{ source: ip("10.0.0.1"), addresses: [ip("10.0.0.9")] }]), []);
  assert.deepEqual(heard([]), ["note no-master"]);
  assert.deepEqual(heard([{ authentication: "signed" }]), ["fault authentication-differs"]);
  assert.deepEqual(heard([{ problems: ["TTL 64, not 255: …"] }]), ["fault bad-advert"]);
  const two = [{ source: ip("10.0.0.1") }, { problems: ["two masters: 10.0.0.1 …"] }];
  assert.deepEqual(heard(two), ["fault two-masters"]);
  const unicast = "unicast_src_ip 10.0.0.1\nunicast_peer {\n10.0.0.3\n}";
  const toUs = { destination: ip("10.0.0.1") };
  assert.deepEqual(heard([toUs], unicast), ["warning unknown-peer"]);
  assert.deepEqual(heard([{ ...toUs, source: ip("10.0.0.3") }], unicast), []);
});

test("the box: a clock that nobody trusts matters to signed adverts only", () => {
  const key = "auth_hmac {\nkey 1 0123456789abcdef0123456789abcdef\nactive_key 1\n}";
  assert.deepEqual(found({ clockInStep: false }), []);
  assert.deepEqual(found({ clockInStep: true }, key), []);
  assert.deepEqual(found({ clockInStep: false }, key), ["warning clock"]);
});

test("a container is told of its network, and how it gets a capability", () => {
  const inside = (kind?: string): string[] =>
    found({
      isContainer: true,
      interfaces: well.interfaces.map((one) => ({ ...one, ...(kind && { kind }) })),
    });
  assert.deepEqual(inside("veth"), ["warning container-network"]);
  assert.deepEqual([inside(), inside("macvlan")], [[], []]);
  // Of LXC, or a virtual machine; and Docker with the network of such a one.
  const interfaces = well.interfaces.map((one) => ({ ...one, kind: "veth" }));
  assert.deepEqual(found({ interfaces }), []);
  const docker0 = { ...well.interfaces[0], name: "docker0", kind: "bridge", addresses: [] };
  const shared = [...interfaces, { up: true, carrier: false, multicast: true, ...docker0 }];
  assert.deepEqual(found({ isContainer: true, interfaces: shared }), []);
  const [finding] = examine(modelOf(instance("")), {
    ...well,
    isContainer: true,
    missingCapabilities: ["CAP_NET_ADMIN (to add and remove virtual addresses)"],
  });
  assert.match(finding?.advice.join() ?? "", /--cap-add CAP_NET_ADMIN,/);
});

test("a probe of a gateway that is not there: what it does to whom", () => {
  const messages = (use: string): string[] => {
    const probe = "track_probe p {\n ping gateway\n }\n";
    const model = modelOf(probe + instance(`track_probe {\n p ${use}\n }`));
    const lost = { probe: "p", family: "ipv4", reason: "there is no default route" } as const;
    return examine(model, { ...well, missingGateways: [lost] })
      .map(({ severity, message }) => `${severity} ${message}`);
  };
  const why = "there is no default route";
  assert.deepEqual(messages("weight -60"), [
    `warning The probe p is bad, as ${why}: the priority is 40, not 100`,
  ]);
  assert.deepEqual(messages("weight 0"), [
    `fault The probe p is bad, as ${why}: the instance is in FAULT`,
  ]);
  assert.deepEqual(messages("weight 20"), []);
});

test("virtual servers that nobody can balance are a fault, with what to type", () => {
  const server = "virtual_server 10.0.0.100 80 {\nlvs_sched rr\nlvs_method NAT\n" +
    "protocol TCP\nreal_server 10.0.0.2 80 {\n}\n}\n";
  const nftProblem = "neither libnftables.so.1 nor the command nft is installed";
  const found = (facts: Partial<BoxFacts>, balancer: string): string[] =>
    examine(modelOf(`balancer ${balancer}\n${server}`), { ...well, ...facts })
      .map(({ severity, code, advice }) => `${severity} ${code} ${advice.join("; ")}`);
  const missing = "fault no-nftables apt install nftables && standin reload";
  assert.deepEqual(found({ hasIpvs: true, nftProblem }, "auto"), []);
  assert.deepEqual(found({ hasIpvs: true, nftProblem }, "nftables"), [missing]);
  const [fault, note] = found({ hasIpvs: false, nftProblem }, "auto");
  assert.match(note ?? "", /^note no-ipvs modprobe ip_vs && standin reload/);
  assert.equal(fault, missing);
});
