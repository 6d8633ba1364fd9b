/**
 * What each act of a scenario does to the virtual network.
 */
import { milliseconds, never } from "../base/mod.ts";
import { forEver, type Segment, type SimNode } from "../host/sim/mod.ts";
import { linkOf, prefixOf, type Stage } from "./play.ts";
import { type Act, describeAct, type SegmentWords } from "./scenario.ts";

/** Does it. What can not be done, such as stopping what does not run, is left out. */
export function perform(stage: Stage, act: Act): void {
  stage.host.note(describeAct(act));
  if ("segment" in act) performOnSegment(stage, act);
  else performOnNode(stage, nodeOf(stage, act.node), act);
  stage.host.disturbed();
}

type SegmentAct = Extract<Act, { readonly segment: string }>;
type NodeAct = Exclude<Act, SegmentAct>;

function performOnSegment(stage: Stage, act: SegmentAct): void {
  const segment = stage.host.segments.get(act.segment);
  if (segment === undefined) throw new Error(`There is no segment ${act.segment}`);
  if (act.kind === "cut") segment.cut(act.from, act.to);
  else if (act.kind === "recover") segment.recover();
  else disturb(segment, act);
}

function disturb(segment: Segment, words: SegmentWords): void {
  const { delayMs, jitterMs, loss, burst, duplication, reflection } = words;
  segment.disturb({
    ...(delayMs === undefined ? {} : { delay: milliseconds(delayMs) }),
    ...(jitterMs === undefined ? {} : { jitter: milliseconds(jitterMs) }),
    ...(loss === undefined ? {} : { loss }),
    ...(burst === undefined ? {} : { burst }),
    ...(duplication === undefined ? {} : { duplication }),
    ...(reflection === undefined ? {} : { reflection }),
  });
}

function performOnNode(stage: Stage, node: SimNode, act: NodeAct): void {
  switch (act.kind) {
    case "start":
      return node.running() ? undefined : node.start(stage.modelOf(node));
    case "stop":
      return node.stop();
    case "crash":
      return node.crash(act.guarded);
    case "reload": {
      const model = stage.configure(node, act.config);
      return node.running() ? node.reload(model) : undefined;
    }
    case "stall":
      return node.running() ? node.stall(true) : undefined;
    case "suspend":
      return node.running() ? node.sleep(true) : undefined;
    case "wake":
      return wake(node);
    case "link":
      return stage.host.kernelChanged(
        node,
        node.kernel.setUp(act.link, act.up, act.by ?? "carrier"),
      );
    case "address":
      return changeAddress(stage, node, act);
    case "hand-over":
      return node.feed({ kind: "hand-over", names: act.names });
    case "maintenance":
      return node.feed({ kind: "maintenance", ...(act.on ? { until: never } : {}) });
    default:
      return misbehave(node, act);
  }
}

type Misbehaviour = Extract<
  Act,
  { kind: "drift" | "step-clock" | "refuse" | "answer-late" | "script" | "file" | "server" }
>;

function misbehave(node: SimNode, act: Misbehaviour): void {
  switch (act.kind) {
    case "drift":
      return node.drift(act.ppm);
    case "step-clock":
      return node.stepWall(Math.round(act.byMs * 1000));
    case "refuse":
      return node.faults.refuse(act.operation, act.errno);
    case "answer-late":
      node.faults.answersAfter = milliseconds(act.byMs);
      return;
    case "script":
      return node.machine.script(act.command, {
        takes: act.takesMs === undefined ? forEver : milliseconds(act.takesMs),
        end: { kind: "exited", code: act.exit },
        obeys: act.stubborn !== true,
      });
    case "file":
      if (act.text === undefined) node.machine.files.delete(act.path);
      else node.machine.files.set(act.path, act.text);
      if (node.machine.watches(act.path)) node.feed(node.machine.contentOf(act.path));
      return;
    case "server":
      return void node.balancer.servers.set(act.server, act.answers);
  }
}

function wake(node: SimNode): void {
  node.sleep(false);
  if (!node.awake()) node.stall(false);
}

function changeAddress(
  stage: Stage,
  node: SimNode,
  { link, address, present }: Extract<Act, { kind: "address" }>,
): void {
  const index = linkOf(node, link);
  const prefix = prefixOf(address);
  if (!present) {
    const events = node.kernel.delete(index, prefix);
    if (typeof events !== "string") stage.host.kernelChanged(node, events);
  } else if (node.kernel.add(index, prefix, false) === undefined) {
    stage.host.kernelChanged(node, node.kernel.addressEvent(index, prefix));
  }
}

function nodeOf(stage: Stage, name: string): SimNode {
  const node = stage.host.nodes.get(name);
  if (node === undefined) throw new Error(`There is no node ${name}`);
  return node;
}
