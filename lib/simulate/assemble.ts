/**
 * From the files of nodes to nodes of a scenario: which links they need is what their
 * configurations speak of; links of one name are on one wire, and addresses are those that the
 * configurations take for granted, unless somebody says otherwise.
 */
import { formatIp, type IpAddress } from "../base/mod.ts";
import type { Model } from "../config/mod.ts";
import { readConfiguration } from "../host/sim/mod.ts";
import type { InstancePlan } from "../vrrp/mod.ts";
import type { ScenarioLink, ScenarioNode, ScenarioSegment } from "./scenario.ts";
import type { Script } from "./script.ts";

/** A node and its file. */
export interface NodeFile {
  readonly name: string;
  readonly config: string;
}

/** Nodes, and the wires between them. */
export interface Assembled {
  readonly nodes: readonly ScenarioNode[];
  readonly segments: readonly ScenarioSegment[];
  /** What is wrong with the files, a sentence each. */
  readonly problems: readonly string[];
}

/** A wire is never quite without delay. */
const delayMs = 0.1;

/** Puts the nodes on their wires. */
export function assemble(
  files: readonly NodeFile[],
  { addresses, wires }: Pick<Script, "addresses" | "wires">,
): Assembled {
  const problems: string[] = [];
  const models = files.map(({ name, config }): Model | undefined => {
    const { model, diagnostics } = readConfiguration(config, { hostName: name });
    for (const { severity, message, span } of diagnostics) {
      if (severity === "warning") continue;
      problems.push(`${name}${span === undefined ? "" : `, line ${span.line}`}: ${message}`);
    }
    return model;
  });
  const segments = new Set<string>();
  const nodes = files.map(({ name, config }, index): ScenarioNode => {
    const links = linkNames(models[index]).map((link): ScenarioLink => {
      const wire = wires.find(([, node, other]) => node === name && other === link);
      const segment = wire?.[0] ?? link;
      segments.add(segment);
      const said = addresses.filter(([node, other]) => node === name && other === link);
      const usual = usualAddresses(models, index, link);
      return {
        name: link,
        segment,
        addresses: said.length === 0 ? usual : said.map(([, , a]) => a),
      };
    });
    return { name, config, links };
  });
  return { nodes, problems, segments: Array.from(segments, (name) => ({ name, delayMs })) };
}

/** Nodes called as their files call them (`router_id`), where that tells all of them apart. */
export function calledByRouterId(files: readonly NodeFile[]): readonly NodeFile[] {
  const called = files.map(({ name, config }) => {
    const { model } = readConfiguration(config, { hostName: name });
    return { name: model?.global.routerId ?? name, config };
  });
  return new Set(called.map(({ name }) => name)).size === files.length ? called : files;
}

function linkNames(model: Model | undefined): string[] {
  if (model === undefined) return [];
  const tracked = model.tracking.flatMap(({ uses }) =>
    uses.flatMap(({ kind, name }) => kind === "interface" ? [name] : [])
  );
  const ours = model.instances.flatMap((
    { interfaceName, addresses, excludedAddresses, routes },
  ) => [
    interfaceName,
    ...[...addresses, ...excludedAddresses, ...routes].flatMap(({ device }) => device ?? []),
  ]);
  const names = new Set([...ours, ...tracked, ...model.links.map(({ name }) => name)]);
  return [...names].filter((name) => name !== "" && name !== "lo");
}

/** What the configuration says that this node sends from; else a free address of the link. */
function usualAddresses(
  models: readonly (Model | undefined)[],
  index: number,
  link: string,
): string[] {
  const here = (models[index]?.instances ?? []).filter((one) => one.interfaceName === link);
  const own = here.flatMap((plan) => ownAddress(plan, models, index) ?? []);
  const number = index + 1;
  const texts = new Set(own.map((one) => `${formatIp(one)}/${one.family === "ipv4" ? 24 : 64}`));
  const has = (family: string): boolean => own.some((one) => one.family === family);
  if (!has("ipv4")) texts.add(`192.0.2.${number}/24`);
  return [...texts, `fe80::${number}/64`];
}

function ownAddress(
  { name, sourceAddress, unicast }: InstancePlan,
  models: readonly (Model | undefined)[],
  index: number,
): IpAddress | undefined {
  if (sourceAddress !== undefined || unicast === undefined) return sourceAddress;
  // With unicast this node is whom the others name and it does not.
  const mine = new Set(unicast.peers.map(({ address }) => formatIp(address)));
  for (const [other, model] of models.entries()) {
    const plan = model?.instances.find((one) => one.name === name);
    if (other === index || plan?.unicast === undefined) continue;
    const found = plan.unicast.peers.find(({ address }) => !mine.has(formatIp(address)));
    if (found !== undefined) return found.address;
  }
  return undefined;
}
