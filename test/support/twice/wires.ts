/**
 * The wires of a story in the lab: a bridge for each segment, all in one namespace, and the cables
 * to the nodes. Frames are kept from passing in the bridge, so that both ends see a cable that is
 * plugged in.
 */
import type { Scenario, TimedAct } from "../../../lib/simulate/mod.ts";
import type { Lab, Node } from "../lab/lab.ts";

/** An act that is done to a segment. */
export type WireAct = Extract<TimedAct, { readonly segment: string }>;

/** What a segment does to frames. */
interface Faults {
  readonly cuts: Set<string>;
  burst: readonly [lost: number, of: number] | undefined;
}

/** The segments of one story. */
export class Wires {
  readonly #box: Node;
  readonly #scenario: Scenario;
  readonly #faults = new Map<string, Faults>();

  private constructor(box: Node, scenario: Scenario) {
    this.#box = box;
    this.#scenario = scenario;
    for (const { name } of scenario.segments) {
      this.#faults.set(name, { cuts: new Set(), burst: undefined });
    }
  }

  /** Makes the bridges and plugs the nodes in. */
  static async lay(
    lab: Lab,
    scenario: Scenario,
    nodes: ReadonlyMap<string, Node>,
  ): Promise<Wires> {
    const box = await lab.node("switch", 0);
    const { segments } = scenario;
    const bridges = segments.flatMap(({ name }) => [
      `link add ${name} type bridge mcast_snooping 0`,
      `link set ${name} up`,
    ]);
    const cables = scenario.nodes.flatMap(({ name, links }) => {
      const there = nodes.get(name)?.namespace.name;
      return links.flatMap((link) => [
        `link add ${name}-${link.name} type veth peer name ${link.name} netns ${there}`,
        `link set ${name}-${link.name} master ${link.segment} up`,
      ]);
    });
    box.namespace.batch([...bridges, ...cables]);
    for (const { name, links } of scenario.nodes) {
      nodes.get(name)?.namespace.batch(links.flatMap((link) => [
        `link set ${link.name} up`,
        ...link.addresses.map((one) => {
          return `address add ${one} dev ${link.name}${one.includes(":") ? " nodad" : ""}`;
        }),
      ]));
    }
    return new Wires(box, scenario);
  }

  /** Takes a cable out, or puts it in again. */
  plug({ node, link, up }: { node: string; link: string; up: boolean }): void {
    this.#box.namespace.ip(`link set ${node}-${link} ${up ? "up" : "down"}`);
  }

  /** Does at once what is done to segments. */
  async do(acts: readonly WireAct[]): Promise<void> {
    for (const act of acts) {
      const faults = this.#faults.get(act.segment);
      if (faults === undefined) throw new Error(`There is no segment ${act.segment}`);
      if (act.kind === "cut") faults.cuts.add(`${act.from} ${act.to}`);
      else if (act.kind === "disturb") faults.burst = act.burst;
      else {
        faults.cuts.clear();
        faults.burst = undefined;
      }
    }
    const { code, stderr } = await this.#box.namespace.run(["nft", "-f", "-"], this.#rules());
    if (code !== 0) throw new Error(`nft failed: ${stderr}`);
  }

  /**
   * Every rule anew. What counts for a burst is what the daemons send: adverts and gratuitous ARP;
   * each way has a count of its own, as on the virtual network.
   */
  #rules(): string {
    const [chains, rules]: [string[], string[]] = [[], []];
    for (const { from, to, words, faults } of this.#ways()) {
      if (faults.cuts.has(words)) rules.push(`iifname "${from}" oifname "${to}" drop`);
      if (faults.burst === undefined) continue;
      const [lost, of] = faults.burst;
      const chain = `burst${chains.length}`;
      chains.push(`chain ${chain} { numgen inc mod ${of} < ${lost} drop; }`);
      for (const what of ["ip protocol 112", "ether type arp"]) {
        rules.push(`iifname "${from}" oifname "${to}" ${what} jump ${chain}`);
      }
    }
    const forward = "type filter hook forward priority 0; policy accept;";
    const table = [...chains, `chain forward { ${forward}`, ...rules, "}"].join("\n");
    const anew = "table bridge faults {}\ndelete table bridge faults\n";
    return `${anew}table bridge faults {\n${table}\n}\n`;
  }

  /** From each port of a segment to each other one. */
  *#ways(): Generator<{ from: string; to: string; words: string; faults: Faults }> {
    const ports = this.#scenario.nodes.flatMap(({ name, links }) =>
      links.map((link) => ({ node: name, port: `${name}-${link.name}`, segment: link.segment }))
    );
    for (const from of ports) {
      for (const to of ports) {
        const faults = this.#faults.get(from.segment);
        if (faults === undefined || from === to || from.segment !== to.segment) continue;
        yield { from: from.port, to: to.port, words: `${from.node} ${to.node}`, faults };
      }
    }
  }
}
