/** Plays a page: what its reader does, done on the boxes of its scene. */
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { poll } from "../lab/bell.ts";
import type { Lab } from "../lab/lab.ts";
import { Box, type Typed } from "./box.ts";
import { fits } from "./expected.ts";
import { openWorld } from "./open_world.ts";
import { type Command, isMake, type Step, stepsOf } from "./page.ts";
import type { Scene } from "./scenes.ts";
import { boxesVariable, standIns, standInScript } from "./stand_ins.ts";

/** What goes on until somebody ends it. */
const goesOn: readonly RegExp[] = [
  /^standin (run\b|sniff [\w.]+$|.*--(watch|follow)\b)/,
  /^(journalctl .*-f\b|ssh -L|docker compose logs -f)/,
];

/** Who only asks, or is refused as long as it is too early, may ask again. */
const asks: readonly RegExp[] = [
  /^standin (sniff --for|status|explain|events|check|plan|doctor|replay|failover)\b/,
  /^(curl -s|ip |cat |sort |journalctl|ping |pidof |systemctl is|logread )/,
  /^docker compose exec standin standin status/,
];

/** How long the answer may be another one. */
const patienceMs = 20_000;

/** Does everything on a page; the error says on which line it went wrong. */
export async function play(lab: Lab, name: string, text: string, scene: Scene): Promise<void> {
  const boxes = await openBoxes(lab, scene);
  for (const step of [...stepsBefore(scene), ...stepsOf(text, scene.nodes)]) {
    try {
      const labels = step.nodes.length > 0 ? step.nodes : scene.nodes;
      await Promise.all(labels.map((label) => follow(boxes, label, step, scene)));
    } catch (error) {
      const line = step.kind === "type" ? step.command.line : step.line;
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${name}, line ${line}: ${reason}`);
    }
  }
}

async function openBoxes(lab: Lab, scene: Scene): Promise<Map<string, Box>> {
  const world = await openWorld(lab, scene);
  const all = join(lab.directory, "boxes");
  mkdirSync(all);
  const environment = { ...world.environment, [boxesVariable]: all };
  const boxes = await Promise.all(world.nodes.map(async (node): Promise<[string, Box]> => {
    const box = await Box.open(lab, node, environment);
    symlinkSync(box.path("/"), join(all, node.label));
    box.write("/etc/hosts", world.hosts);
    for (const program of Object.keys(standIns)) {
      box.write(`/usr/local/sbin/${program}`, standInScript(program));
    }
    const bare = scene.bare?.includes(node.label) ?? false;
    if (!bare) box.write("/usr/local/bin/standin", world.standinScript);
    return [node.label, box];
  }));
  return new Map(boxes);
}

/** What the scene says is there already. */
function stepsBefore({ files = {}, before = {} }: Scene): Step[] {
  const writes = Object.entries(files).map(([path, text]): Step => {
    return { kind: "write", nodes: [], path, text, line: 0 };
  });
  const types = Object.entries(before).flatMap(([label, commands]) =>
    commands.map((text): Step => {
      return { kind: "type", nodes: [label], command: { text, exits: [0], line: 0 } };
    })
  );
  return [...writes, ...types];
}

async function follow(
  boxes: ReadonlyMap<string, Box>,
  label: string,
  step: Step,
  { answers = {} }: Scene,
): Promise<void> {
  const box = boxes.get(label);
  if (box === undefined) throw new Error(`there is no node ${label}`);
  if (step.kind === "write") box.write(step.path, step.text);
  else if (step.kind === "interrupt") await box.interrupt();
  else if (isOne(goesOn, step.command)) await watch(box, step.command);
  else if (!isMake(step.command)) {
    const usual = Object.entries(answers).find(([start]) => step.command.text.startsWith(start));
    await ask(box, step.command, step.command.answers ?? usual?.[1]);
  }
}

function isOne(kinds: readonly RegExp[], { text }: Command): boolean {
  const typed = text.replace(/\s+#.*/, "");
  return kinds.some((kind) => kind.test(typed));
}

/** Starts what goes on, and waits until it says what the page shows, or that it works. */
async function watch(box: Box, { text, expected }: Command): Promise<void> {
  await box.start(text);
  const works = text.startsWith("standin run") ? /is running, pid/ : /\S/;
  const shown = (seen: string): boolean => {
    return expected === undefined ? works.test(seen) : fits(expected, seen, true);
  };
  const seen = await poll(text, () => box.seen, shown, patienceMs).catch(() => undefined);
  if (seen === undefined || !await box.goesOn()) {
    throw new Error(`not what the page shows:\n${expected ?? "…"}\n${text}\nprinted:\n${box.seen}`);
  }
}

/** Types a command; who only asks is asked again until the answer is that of the page. */
async function ask(box: Box, command: Command, answers: string | undefined): Promise<void> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const complaint = objection(command, await box.type(command.text, answers));
    if (complaint === undefined) return;
    if (!isOne(asks, command) || performance.now() > until) throw new Error(complaint);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** What is wrong about how a command ended. */
function objection(
  { text, exits, expected }: Command,
  { code, printed }: Typed,
): string | undefined {
  const shown = `${text}\nprinted:\n${printed}`;
  if (!exits.includes(code)) return `exit ${code} of ${shown}`;
  if (expected === undefined || fits(expected, printed)) return undefined;
  return `not what the page shows:\n${expected}\n${shown}`;
}
