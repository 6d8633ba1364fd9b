/**
 * A sync group on two networks against a node with the same group: when one interface of the master
 * fails, both of its virtual routers fall together and both of the other rise; when it is back,
 * both return.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import type { Lab, Node } from "../support/lab/lab.ts";
import {
  filesOf,
  keepalived,
  keepalivedStateIn,
  standin,
  standinStateIn,
  whyNoLab,
} from "../support/lab/makes.ts";
import { protocols, renderGlobals, renderInstance } from "../support/lab/plan.ts";
import { type Make, Router, type State } from "../support/lab/router.ts";
import { Stories } from "../support/lab/story.ts";

const [, overIpv4] = protocols;
const skip = whyNoLab();
const stories = new Stories(4);

const addresses = ["10.77.0.100/24", "10.78.0.100/24"] as const;
const group = `\
vrrp_sync_group G1 {
    group {
        VI_1
        VI_2
    }
}
`;

function configuration(priority: number): string {
  const [red, blue] = addresses;
  const plan = { protocol: overIpv4, priority };
  const first = renderInstance({ ...plan, addresses: [red] }, { name: "VI_1" });
  const place = { name: "VI_2", link: "eth1", vrid: 52 };
  return `${renderGlobals(3)}${group}${first}${
    renderInstance({ ...plan, addresses: [blue] }, place)
  }`;
}

/** A router with both instances, which shows the state and the address of each. */
class Twin {
  readonly router: Router;
  readonly #stateIn: (line: string, instance: string) => State | undefined;

  constructor(lab: Lab, node: Node, make: Make, priority: number) {
    this.#stateIn = make === standin ? standinStateIn : keepalivedStateIn;
    const plan = { protocol: overIpv4, priority, addresses: [addresses[0]] };
    const prepare: Make["prepare"] = async (inside, on, wanted) => {
      const words = await make.prepare(inside, on, wanted);
      writeFileSync(filesOf(on).config, configuration(priority));
      return words;
    };
    this.router = new Router(lab, node, { ...make, prepare }, plan);
  }

  /** The states of both and how many addresses the node has. */
  get show(): string {
    const { node, program } = this.router;
    const states = ["VI_1", "VI_2"].map((instance) => {
      return program.lines.flatMap((line) => this.#stateIn(line, instance) ?? []).at(-1);
    });
    const held = addresses.filter((one, at) => node.namespace.has(`eth${at}`, one)).length;
    return `${states.join(" ")} ${held}`;
  }
}

async function tellOf(lab: Lab, better: Make, lesser: Make): Promise<void> {
  const [red, blue] = [await lab.segment("red"), await lab.segment("blue")];
  const nodes = [await lab.node("a", 1), await lab.node("b", 2)] as const;
  for (const node of nodes) {
    red.join(node, "eth0");
    blue.join(node, "eth1");
  }
  const a = new Twin(lab, nodes[0], better, 200);
  const b = new Twin(lab, nodes[1], lesser, 100);
  await Promise.all([a.router.start(), b.router.start()]);
  const both = async (what: string, wanted: readonly [RegExp, string]): Promise<void> => {
    try {
      await lab.bell.until(what, () => wanted[0].test(a.show) && b.show === wanted[1]);
    } catch (error) {
      throw new Error(`a is ${a.show}, b is ${b.show}`, { cause: error });
    }
  };
  await both("a is master of both", [/^MASTER MASTER 2$/, "BACKUP BACKUP 0"]);
  blue.setCable(nodes[0], false);
  // keepalived calls the member that is only taken along BACKUP or FAULT, as it comes.
  await both("b is master of both", [/^(FAULT|BACKUP) FAULT 0$/, "MASTER MASTER 2"]);
  const risen = red.passed;
  await lab.bell.until("b speaks", () => red.adverts(nodes[1], risen).length >= 1);
  const from = red.passed;
  await lab.bell.until("b goes on", () => red.adverts(nodes[1], from).length >= 5);
  assert.deepEqual(red.adverts(nodes[0], from), [], "a is silent where its cable is plugged");
  blue.setCable(nodes[0], true);
  await both("a is master of both again", [/^MASTER MASTER 2$/, "BACKUP BACKUP 0"]);
}

for (const [better, lesser] of [[standin, keepalived], [keepalived, standin]] as const) {
  stories.tell(
    `${better.name} before ${lesser.name}: both routers of a sync group fall and rise together`,
    (lab) => tellOf(lab, better, lesser),
    skip === undefined ? {} : { skip },
  );
}
