/**
 * Virtual servers in the words of nft: who gets which turn, what a service becomes, and that a
 * change names only what is different. That nft takes the texts is shown in the lab.
 */
import assert from "node:assert/strict";
import {
  destinationName,
  nftServiceOf,
  renderNft,
  renderNftChange,
  serviceFlag,
  type ServiceTable,
} from "../../../lib/balance/mod.ts";
import { bySource, byWeight, inTurn } from "../../../lib/balance/nft_share.ts";
import { type IpAddress, parseIp } from "../../../lib/base/mod.ts";
import { test } from "../../support/test.ts";

function ip(text: string): IpAddress {
  const address = parseIp(text);
  assert.ok(address !== undefined);
  return address;
}

function table(
  weights: readonly number[],
  more: Partial<ServiceTable["service"]> = {},
  host = "10.0.1.",
): ServiceTable {
  const id = { kind: "address", protocol: 6, address: ip("10.0.0.1"), port: 80 } as const;
  const settings = { scheduler: "wrr", flags: 0, timeoutSeconds: 0, netmask: 0xffff_ffff };
  const destinations = weights.map((weight, index) => {
    const limits = { upperThreshold: 0, lowerThreshold: 0 };
    return { address: ip(`${host}${index + 1}`), port: 8080, method: 0, weight, ...limits };
  });
  return {
    service: { id, ...settings, ...more },
    destinations: new Map(destinations.map((one) => [destinationName(one), one])),
  };
}

function choice(one: ServiceTable): string | undefined {
  return nftServiceOf(one).rules.at(-1)?.replaceAll(/tcp\/10\.0\.0\.1\/80\/10\.0\.1\./g, "");
}

function shares(...weights: number[]): { chain: string; weight: number }[] {
  return weights.map((weight, index) => ({ chain: "abcdef"[index] ?? "", weight }));
}

test("turns are mixed: nobody gets all of its turns at a stretch", () => {
  assert.equal(
    byWeight(shares(5, 1, 1)),
    "numgen inc mod 7 vmap { 0-1 : goto a, 2 : goto b, 3 : goto a, 4 : goto c, 5-6 : goto a }",
  );
  assert.equal(byWeight(shares(30, 30)), "numgen inc mod 2 vmap { 0 : goto a, 1 : goto b }");
  assert.equal(byWeight(shares(9)), "goto a");
});

test("weights that make a long round are drawn, and the largest ones fit into 32 bits", () => {
  assert.equal(
    byWeight(shares(1000, 999)),
    "numgen random mod 1999 vmap { 0-999 : goto a, 1000-1998 : goto b }",
  );
  const most = 2_147_483_647;
  const [, total = ""] = /mod (\d+)/.exec(byWeight(shares(most, most - 1, most, 1))) ?? [];
  assert.ok(Number(total) > most && Number(total) <= 0xffff_ffff, total);
});

test("in turn is without weights, by source is with them", () => {
  assert.equal(inTurn(shares(3, 1)), "numgen inc mod 2 vmap { 0 : goto a, 1 : goto b }");
  assert.match(
    bySource(shares(3, 1), "ip saddr"),
    /^jhash ip saddr mod 4 seed 0x[0-9a-f]+ vmap \{ 0-2 : goto a, 3 : goto b \}$/,
  );
});

test("schedulers choose; a server of weight 0 is chosen by none", () => {
  const turns = "numgen inc mod 2 vmap { 0 : goto 1/8080, 1 : goto 3/8080 }";
  assert.equal(choice(table([2, 0, 1], { scheduler: "rr" })), turns);
  assert.match(choice(table([2, 0, 1])) ?? "", /mod 3/);
  assert.equal(choice(table([1, 7, 7], { scheduler: "fo" })), "goto 2/8080");
  const port = { scheduler: "sh", flags: serviceFlag.scheduler2 };
  assert.match(choice(table([1, 1], port)) ?? "", /^jhash ip saddr \. th sport mod 2/);
  assert.equal(choice(table([0, 0])), "reject");
  assert.equal(choice(table([])), "reject");
});

test("clients are remembered by what the granularity leaves of them", () => {
  const settings = { timeoutSeconds: 50, netmask: 0xffff_ff00 };
  const { rules, servers } = nftServiceOf(table([1], settings));
  const name = "tcp/10.0.0.1/80/10.0.1.1/8080";
  assert.equal(rules[0], `ip saddr & 255.255.255.0 @${name} goto ${name}`);
  assert.deepEqual(servers.get(name), {
    rules: [
      `update @${name} { ip saddr & 255.255.255.0 timeout 50s }`,
      `counter name "${name}" meta l4proto tcp dnat ip to 10.0.1.1:8080`,
    ],
    clients: "ipv4_addr",
    flow: { maps: "ipv4_services", key: "10.0.0.1 . tcp . 80 . 10.0.1.1" },
  });
  const id = { kind: "mark", mark: 7, family: "ipv6" } as const;
  const marked = nftServiceOf(table([1], { id, timeoutSeconds: 9, netmask: 60 }, "fd00::"));
  assert.deepEqual([marked.map, marked.key, marked.chain], ["ipv6_marks", "7", "mark6/7"]);
  const [update = "", change = ""] = marked.servers.get("mark6/7/fd00__1/8080")?.rules ?? [];
  assert.match(update, /\{ ip6 saddr & ffff:ffff:ffff:fff0:: timeout 9s \}/);
  assert.match(change, /meta l4proto \{ tcp, udp, sctp \} dnat ip6 to \[fd00::1\]:8080$/);
});

test("a change names what is different and nothing else", () => {
  const state = (one: ServiceTable): ReadonlyMap<string, ReturnType<typeof nftServiceOf>> =>
    new Map([["tcp/10.0.0.1/80", nftServiceOf(one)]]);
  const [one, two] = [state(table([1, 1])), state(table([1, 2]))];
  assert.equal(renderNftChange(one, state(table([1, 1]))), "");
  const text = renderNftChange(one, two);
  assert.doesNotMatch(text, /chain \S+\/8080|counter|element/);
  assert.equal(text.match(/flush chain/g)?.length, 1);
  const sticky = renderNftChange(one, state(table([1, 1], { timeoutSeconds: 5 })));
  assert.equal(sticky.match(/set \S+ \{ type ipv4_addr/g)?.length, 2);
  const back = renderNftChange(state(table([1, 1], { timeoutSeconds: 5 })), one);
  assert.equal(back.match(/^delete set/gm)?.length, 2);
  assert.doesNotMatch(renderNft(one), /flush/);
});
