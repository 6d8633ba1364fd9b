/**
 * What happens on the segment beside adverts: another master that uses the same addresses is found
 * out by its ARP and neighbour advertisements; interfaces that no adverts leave by are announced;
 * neighbour advertisements say whether the node forwards by now; and the settings of an interface
 * that a router asks for are there and are put back. keepalived is the other master, and does the
 * same with the same file.
 */
import assert from "node:assert/strict";
import { poll } from "../support/lab/bell.ts";
import { keepalived, logEntry, standin, whyNoLab } from "../support/lab/makes.ts";
import { type RouterPlan } from "../support/lab/plan.ts";
import { Router } from "../support/lab/router.ts";
import { ask, command } from "../support/lab/standin.ts";
import { Stories } from "../support/lab/story.ts";

const skip = whyNoLab();
const options = skip === undefined ? {} : { skip };
const stories = new Stories(4);

const protocol = { name: "v3 over IPv4", version: 3, family: "ipv4", intervalMs: 1000 } as const;
/** The first takeover waits for one advert instead of three. */
const eager = ["state MASTER"];

for (const lines of [[], ["use_vmac"]]) {
  const where = lines.length === 0 ? "the interface" : "a macvlan";
  stories.tell(`another master with our addresses is told, on ${where}`, async (lab) => {
    const { a, b } = await lab.pair();
    const extra = ["virtual_ipaddress_excluded {", "    2001:db8:77::200/64", "}"];
    const plan: RouterPlan = { protocol, priority: 100, lines: [...eager, ...lines, ...extra] };
    const router = new Router(lab, a, standin, plan);
    await router.start();
    await router.untilItRules();
    const often = [...eager, "virtual_router_id 52", "garp_master_refresh 1", ...extra];
    const other = new Router(lab, b, keepalived, { ...plan, lines: often });
    await other.start();
    await other.untilItRules();
    const told = (): Record<string, unknown>[] =>
      router.program.lines.filter((line) => line.includes('"duplicate-address"')).map(logEntry);
    await lab.bell.until("both families are told", () => {
      const seen = new Set(told().map(({ address }) => address));
      return seen.has("2001:db8:77::200") && seen.has("10.77.0.100");
    });
    assert.deepEqual(
      [...new Set(told().map(({ hardwareAddress }) => hardwareAddress))],
      ["02:00:00:00:00:02"],
    );
    assert.match(String(told()[0]?.["message"]), /as another VRRP master does whose adverts/);
    const { body } = await ask(a, "/metrics");
    assert.match(body, /^standin_instance_duplicate_addresses\{[^}]*\} [23]$/m);
    assert.match((await command(a, "explain", "VI_1")).stdout, /10\.77\.0\.100 is used by 02:00/);
    // A backup that hears the master announce the addresses has nothing to say of it.
    await other.terminate();
    const from = told().length;
    const better = new Router(lab, b, keepalived, {
      ...plan,
      priority: 200,
      lines: [...eager, "garp_master_refresh 1", ...extra],
    });
    await better.start();
    await better.untilItRules();
    await router.becomes("BACKUP");
    await router.untilItHoldsNothing();
    assert.equal(told().length, from);
  }, options);
}

stories.tell(
  "what is beside adverts is done and put back as keepalived does it",
  async (lab) => {
    const { segment, a, b } = await lab.pair();
    const blue = await lab.segment("blue");
    for (const node of [a, b]) blue.join(node, "eth1");
    const counts = await Promise.all(
      ([[a, standin, 61], [b, keepalived, 62]] as const).map(async ([node, make, id]) => {
        const addresses = [`10.99.${id}.100/24`, `10.99.${id}.101/24`];
        const lines = [
          ...eager,
          `virtual_router_id ${id}`,
          "promote_secondaries",
          "garp_master_delay 0",
          "garp_master_repeat 1",
          "garp_master_refresh 1",
          "garp_extra_if all 1",
          "virtual_ipaddress_excluded {",
          `    10.78.0.${id} dev eth1`,
          `    2001:db8:77::${id}`,
          "}",
        ];
        const globals = ["disable_local_igmp"];
        const plan = { protocol, priority: 100, globals, addresses, lines };
        const router = new Router(lab, node, make, plan);
        const settings = async (): Promise<string> => {
          const names = ["conf/eth0/promote_secondaries", "igmp_link_local_mcast_reports"];
          const paths = names.map((name) => `/proc/sys/net/ipv4/${name}`);
          return (await node.namespace.run(["cat", ...paths])).stdout.replace(/\s+/g, " ").trim();
        };
        assert.equal(await settings(), "0 1");
        await router.start();
        await router.untilItRules();
        assert.equal(await settings(), "1 0");
        const announced = (): number =>
          blue.announcements().filter(({ address }) => address === `10.78.0.${id}`).length;
        await lab.bell.until(`${router} goes on announcing`, () => announced() >= 3);
        const isRouter = (): boolean | undefined =>
          segment.capture.frames.findLast(({ bytes }) =>
            bytes[20] === 58 && bytes[54] === 136 && bytes[77] === parseInt(String(id), 16)
          )?.bytes[58] === 0xa0;
        assert.equal(isRouter(), false);
        const forwarding = "/proc/sys/net/ipv6/conf/all/forwarding";
        await node.namespace.run(["sh", "-c", `echo 1 > ${forwarding}`]);
        await lab.bell.until(`${router} says that it is a router`, isRouter);
        await router.terminate();
        await poll("the settings are put back", settings, (value) => value === "0 1");
        return make === standin
          ? router.program.lines.filter((line) => line.includes('"sysctl-changed"')).length
          : 4;
      }),
    );
    assert.deepEqual(counts, [4, 4]);
  },
  options,
);
