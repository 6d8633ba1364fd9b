/**
 * From a scenario that fails to a small one that fails in the same way: fewer nodes, fewer virtual
 * routers, fewer faults, fewer lines. What ends a fault stays as long as the fault does, or a
 * network that was never mended would take the place of the failure.
 */
import type { Act, Scenario, ScenarioNode, TimedAct } from "../../lib/simulate/mod.ts";

type Judge = (scenario: Scenario) => string | undefined;

/** How often a scenario is played until nobody wants it smaller. */
const playsMax = 1500;

/** The smallest scenario found with an objection of the same kind. */
export function shrink(scenario: Scenario, objection: string, judge: Judge): Scenario {
  const kind = kindOf(objection);
  let plays = 0;
  function fails(candidate: Scenario): boolean {
    if (plays++ >= playsMax) return false;
    const found = judge(candidate);
    return found !== undefined && kindOf(found) === kind;
  }
  let best = scenario;
  for (let smaller: Scenario | undefined = best; smaller !== undefined;) {
    best = smaller;
    smaller = candidatesOf(best).find(fails);
  }
  return best;
}

/** An objection without its numbers and names. */
function kindOf(objection: string): string {
  return objection.replaceAll(/\b[a-h]\b|\b(?:lan|wan)\b|eth\d|V?\d[\d.:a-f/]*/g, "");
}

function candidatesOf(scenario: Scenario): Scenario[] {
  const { nodes, acts } = scenario;
  const fewerNodes = nodes.length < 2 ? [] : nodes.map(({ name }) => withoutNode(scenario, name));
  const blocks = [...new Set(nodes.flatMap(({ config }) => headsOf(config)))];
  const fewerBlocks = blocks.map((head) => mapConfigs(scenario, (text) => dropBlock(text, head)));
  const begun = acts.filter((act) => beginningOf(act) !== undefined);
  const half = Math.ceil(begun.length / 2);
  const groups = begun.length < 4 ? [] : [begun.slice(0, half), begun.slice(half)];
  const fewerActs = [...groups, ...begun.map((act) => [act])].map((gone) => ({
    ...scenario,
    acts: withoutEnds(acts.filter((act) => !gone.includes(act))),
  }));
  const lines = [...new Set(nodes.flatMap(({ config }) => optionalLines(config)))];
  const fewerLines = lines.map((line) =>
    mapConfigs(scenario, (text) => text.replaceAll(`${line}\n`, ""))
  );
  return [...fewerNodes, ...fewerBlocks, ...fewerActs, ...fewerLines].filter((candidate) =>
    JSON.stringify(candidate).length < JSON.stringify(scenario).length
  );
}

function withoutNode(scenario: Scenario, gone: string): Scenario {
  const { nodes, acts } = scenario;
  const touches = (act: TimedAct): boolean =>
    ("node" in act && act.node === gone) ||
    (act.kind === "cut" && (act.from === gone || act.to === gone));
  return {
    ...scenario,
    nodes: nodes.filter(({ name }) => name !== gone),
    acts: withoutEnds(acts.filter((act) => !touches(act))),
  };
}

function mapConfigs(scenario: Scenario, change: (text: string) => string): Scenario {
  const nodes = scenario.nodes.map((node): ScenarioNode => ({
    ...node,
    config: change(node.config),
  }));
  const acts = scenario.acts.map((act): TimedAct =>
    act.kind === "reload" ? { ...act, config: change(act.config) } : act
  );
  return { ...scenario, nodes, acts };
}

function headsOf(config: string): string[] {
  return config.split("\n\n").map((block) => block.trim().split(" {")[0] ?? "");
}

function dropBlock(config: string, head: string): string {
  const blocks = config.trim().split("\n\n").filter((block) => !block.startsWith(`${head} {`));
  return `${blocks.join("\n\n")}\n`;
}

/** Lines that a router may do without, and blocks that take one line each are left alone. */
function optionalLines(config: string): string[] {
  return config.split("\n").filter((line) =>
    /^ {2}[a-z]/.test(line) && !line.endsWith("{") &&
    !/^ {2}(?:interface|virtual_router_id|priority|version|advert_int|script|file|delay_loop) /
      .test(line)
  );
}

/** What an act begins that another one has to end, in words that name both. */
function beginningOf(act: Act): string | undefined {
  switch (act.kind) {
    case "start":
    case "wake":
    case "recover":
      return undefined;
    case "crash":
    case "stop":
      return `start ${act.node}`;
    case "stall":
    case "suspend":
      return `wake ${act.node}`;
    case "link":
      return act.up ? undefined : `link ${act.node} ${act.link}`;
    case "cut":
    case "disturb":
      return `recover ${act.segment}`;
    case "refuse":
      return act.errno === undefined ? undefined : `refuse ${act.node}`;
    case "answer-late":
      return act.byMs === 0 ? undefined : `answer-late ${act.node}`;
    case "script":
      return act.exit === 0 && act.takesMs !== undefined ? undefined : `script ${act.node}`;
    case "file":
      return act.text === "0\n" ? undefined : `file ${act.node}`;
    case "address":
      return act.present ? undefined : `address ${act.node} ${act.address}`;
    case "maintenance":
      return act.on ? `maintenance ${act.node}` : undefined;
    default:
      return act.kind;
  }
}

function endOf(act: Act): string | undefined {
  switch (act.kind) {
    case "start":
    case "wake":
      return `${act.kind} ${act.node}`;
    case "recover":
      return `recover ${act.segment}`;
    case "link":
      return `link ${act.node} ${act.link}`;
    case "address":
      return `address ${act.node} ${act.address}`;
    case "refuse":
    case "answer-late":
    case "script":
    case "file":
    case "maintenance":
      return `${act.kind} ${act.node}`;
    default:
      return undefined;
  }
}

/** Leaves out what ends something that does not begin any more; first starts stay. */
function withoutEnds(acts: readonly TimedAct[]): TimedAct[] {
  const begun = new Set(acts.map(beginningOf));
  const started = new Set<string>();
  return acts.filter((act) => {
    if (beginningOf(act) !== undefined) return true;
    const first = act.kind === "start" && !started.has(act.node);
    if (act.kind === "start") started.add(act.node);
    const end = endOf(act);
    return first || (end !== undefined && begun.has(end));
  });
}
