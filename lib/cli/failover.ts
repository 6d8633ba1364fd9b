/**
 * `standin failover`: an instance or a sync group gives the master role away, and the command says
 * who took it.
 */
import { suggest } from "../base/mod.ts";
import type { InstanceStatus } from "../engine/mod.ts";
import { askAndWait, complainAbout } from "./control.ts";
import { exitCode } from "./exit.ts";
import { errorText, isRecord, texts } from "./json.ts";
import { complain, print } from "./output.ts";
import { defaultRunDir } from "./paths.ts";
import { waitingFor } from "./progress.ts";
import { askSnapshot } from "./snapshot.ts";

/** What can be said about a failover. */
export interface FailoverArguments {
  readonly name: string;
  readonly runDir: string | undefined;
  readonly json: boolean;
}

/** Somebody takes the role within a few advert intervals, or nobody does. */
const patienceMs = 30_000;
const lookMs = 100;

/** `standin failover`. */
export async function runFailover({ name, runDir, json }: FailoverArguments): Promise<number> {
  const before = await askSnapshot(runDir);
  if (!before.ok) return before.error;
  const { instances, syncGroups } = before.value;
  const known = [...instances, ...syncGroups].map((one) => one.name);
  if (!known.includes(name)) {
    const hint = suggest(name, known) ?? '"standin status" lists all';
    complain(`standin failover: there is no instance or sync group "${name}" (${hint})`);
    return exitCode.failed;
  }
  const asked = await askAndWait(runDir ?? defaultRunDir, "POST", "/failover", { name });
  if (!asked.ok) return complainAbout(asked.error);
  const { status, body } = asked.value;
  if (!isRecord(body) || status !== 200) {
    complain(`standin: the daemon did not hand over: ${errorText(status, body)}`);
    return exitCode.failed;
  }
  const handedOver = texts(body["handedOver"]);
  if (handedOver.length === 0) {
    complain(`standin failover: ${name} is not MASTER here, there is nothing to hand over`);
    return exitCode.failed;
  }
  return await waitingFor("waiting for another router", waitForMasters(handedOver, runDir, json));
}

async function waitForMasters(
  names: readonly string[],
  runDir: string | undefined,
  json: boolean,
): Promise<number> {
  let giveUpAt = Date.now() + patienceMs;
  while (true) {
    const asked = await askSnapshot(runDir);
    if (!asked.ok) return asked.error;
    const ours = asked.value.instances.filter(({ name }) => names.includes(name));
    // Resources are stopped before the role goes, each within its limits.
    const leaves = asked.value.resources.some(({ leaving }) => leaving === "hand-over");
    if (leaves) giveUpAt = Date.now() + patienceMs;
    const settled = !leaves &&
      ours.every(({ state, master }) => state === "MASTER" || master !== null);
    if (settled || Date.now() > giveUpAt) {
      const results = ours.map(({ name, state, master }) => ({ name, state, master }));
      if (json) print(JSON.stringify(results, null, 2));
      else for (const instance of ours) print(describe(instance));
      return ours.some(({ state }) => state === "MASTER") ? exitCode.failed : exitCode.ok;
    }
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

function describe({ name, state, master }: InstanceStatus): string {
  if (state === "MASTER") return `${name}: nobody took the role, this node is MASTER again`;
  if (master === null) return `${name}: handed over, nobody has taken the role yet`;
  return `${name}: ${master.address} is master now, with priority ${master.priority}`;
}
