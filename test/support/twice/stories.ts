/**
 * Ten stories that are played twice, on the virtual network and by daemons in network namespaces.
 * Each is a folder as `standin simulate` takes it: a scenario and the files that it names.
 *
 * The better node is master 0.9 s after its start and sends an advert every 0.3 s from then on, so
 * what happens is timed to be in the middle between two adverts: a few milliseconds sooner or later
 * make no difference to what anybody hears.
 */
import { protocols, renderGlobals, renderInstance, type RouterPlan } from "../lab/plan.ts";

/** A scenario, and its files by name. */
export interface TwiceTold {
  readonly name: string;
  readonly scenario: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Milliseconds between two adverts. */
export const beatMs = 300;

const [, overIpv4] = protocols;
const protocol = { ...overIpv4, intervalMs: beatMs };
const [best, worst] = [250, 50];
const [red, blue] = ["10.77.0.100/24", "10.78.0.100/24"];

function instance(name: string, priority: number, more: Partial<RouterPlan> = {}): string {
  const [link, vrid] = name === "VI_2" ? ["eth1", 52] : ["eth0", 51];
  return renderInstance({ protocol, priority, addresses: [red], ...more }, { name, link, vrid });
}

function alone(priority: number, more?: Partial<RouterPlan>): string {
  return `${renderGlobals(3)}${instance("VI_1", priority, more)}`;
}

function grouped(priority: number): string {
  const group = "vrrp_sync_group G1 {\n    group {\n        VI_1\n        VI_2\n    }\n}\n";
  const second = instance("VI_2", priority, { addresses: [blue] });
  return `${renderGlobals(3)}${group}${instance("VI_1", priority)}${second}`;
}

const pair = { "a.conf": alone(best), "b.conf": alone(worst) };

/** Two nodes on one wire; where the files say so, on a second one, too. */
const beginning = `\
node a a.conf
node b b.conf
address a eth0 10.77.0.1/24
address b eth0 10.77.0.2/24
address a eth1 10.78.0.1/24
address b eth1 10.78.0.2/24
0s    start a
100ms start b
`;

function story(name: string, acts: string, files: TwiceTold["files"] = pair): TwiceTold {
  const lines = acts.split(";").map((line) => `${line.trim()}\n`);
  return { name, files, scenario: `${beginning}${lines.join("")}` };
}

/** All of them. */
export const twiceTold: readonly TwiceTold[] = [
  story("crash", "1950ms crash a; 3400ms start a; lasts 5s"),
  story("graceful stop", "1950ms stop a; 3s start a; lasts 4600ms"),
  story("one-way link", "1950ms cut eth0 a b; 3400ms heal eth0; lasts 4500ms"),
  // An advert in five intervals, of which the worse node bears 3.8.
  story("lossy link", "1950ms disturb eth0 burst 4/5; 5250ms heal eth0; lasts 6500ms"),
  story(
    "sync group with one dead card",
    "1950ms unplug a eth1; 3400ms plug a eth1; lasts 5200ms",
    { "a.conf": grouped(best), "b.conf": grouped(worst) },
  ),
  story("maintenance", "1950ms maintenance a on; 3200ms maintenance a off; lasts 5s"),
  story(
    "both restart at once",
    "1950ms stop a; 1950ms stop b; 2600ms start a; 2600ms start b; lasts 4600ms",
  ),
  story(
    "reload during failover",
    "1950ms crash a; 2400ms reload b b2.conf; 3600ms start a; lasts 5300ms",
    { ...pair, "b2.conf": alone(150, { addresses: [red, "10.77.0.101/24"] }) },
  ),
  story("stall and wake", "1950ms stall a; 3400ms wake a; lasts 4600ms"),
  story("split and heal", "1950ms split eth0 a b; 3430ms heal eth0; lasts 4600ms"),
];
