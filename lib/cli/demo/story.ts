/**
 * The story: both start, left crashes, comes back, and is stopped. Each of the last three is an
 * experiment: something is done, the virtual router finds its new master, and what the client
 * noticed is set beside what the RFC lets one expect.
 */
import {
  between,
  type Duration,
  equalIp,
  formatDuration,
  type Instant,
  instant,
  microseconds,
} from "../../base/mod.ts";
import type { Pinger } from "../../host/linux/mod.ts";
import { measureOutage, type Outage, renderMeasured } from "./measure.ts";
import {
  left as leftSetup,
  masterDownInterval,
  pingInterval,
  pingPatience,
  right as rightSetup,
  type RouterSetup,
  skewTime,
  virtualText,
} from "./setup.ts";
import type { Stage, TimedAdvert } from "./stage.ts";
import { pause } from "./wait.ts";

/** What was done, what was expected of it, and what the client noticed. */
export interface Experiment {
  readonly name: "crash" | "return" | "stop";
  readonly title: string;
  readonly expected: Duration;
  readonly outage: Outage;
}

/** The takeover after the crash, seen from the wire. */
export interface Takeover {
  /** How long before the crash left's last advert came. */
  readonly lastAdvertAge: Duration;
  /** From left's last advert to right's first one. */
  readonly silence: Duration;
  /** How long it should be: right's Master_Down_Interval. */
  readonly masterDownInterval: Duration;
}

/** What the story found out. */
export interface Findings {
  readonly experiments: readonly Experiment[];
  readonly takeover: Takeover | undefined;
}

const startTimeoutMs = 10_000;
const changeTimeoutMs = 8000;
/** Long enough to see that a state lasts, short enough to keep watching. */
const calmMs = 1000;
/** So that what belongs to the last chapter is told before the next one begins. */
const breathMs = 100;

interface Trial {
  readonly name: Experiment["name"];
  readonly title: string;
  readonly act: () => void;
  /** What is waited for, and when it has happened. */
  readonly what: string;
  readonly done: () => boolean;
  /** Computed afterwards from the instant of the deed. */
  readonly expected: (actedAt: Instant) => Duration;
}

/** Tells the whole story; `report` gets each finding as soon as there is one. */
export async function tellStory(
  stage: Stage,
  signal: AbortSignal,
  report: (findings: Findings) => void,
): Promise<void> {
  const { left, right, timeline } = stage;
  timeline.tell("story", "1. Both routers start; left has the higher priority");
  const starting = { timeoutMs: startTimeoutMs, signal };
  left.start();
  await stage.until(() => left.state !== "", { what: "left to start", ...starting });
  right.start();
  const settled = (): boolean => left.state === "MASTER" && right.state === "BACKUP";
  await stage.until(settled, { what: "left to become master", ...starting });
  await pause(breathMs, signal);
  const every = formatDuration(pingInterval);
  timeline.tell("story", `2. The client pings ${virtualText} every ${every}`);
  const pinger = stage.startClient();
  await untilAnswered(stage, pinger, signal);
  await pause(calmMs, signal);
  const experiments: Experiment[] = [];
  let takeover: Takeover | undefined;
  for (const trial of trialsOf(stage)) {
    const [experiment, actedAt] = await runTrial(stage, pinger, trial, signal);
    experiments.push(experiment);
    if (trial.name === "crash") takeover = findTakeover(stage.adverts, actedAt);
    report({ experiments, takeover });
  }
}

function trialsOf({ left, right, adverts }: Stage): Trial[] {
  return [{
    name: "crash",
    title: "left crashes (SIGKILL)",
    act: () => left.signal("SIGKILL"),
    what: "right to take over",
    done: () => right.state === "MASTER",
    expected: (actedAt) => {
      const last = lastAdvert(adverts, leftSetup, actedAt);
      const age = last === undefined ? 0 : between(last.at, actedAt);
      return microseconds(masterDownInterval(rightSetup.priority) - age);
    },
  }, {
    name: "return",
    title: "left comes back",
    act: () => left.start(),
    what: "left to take the role back",
    done: () => left.state === "MASTER" && right.state === "BACKUP",
    expected: () => microseconds(0),
  }, {
    name: "stop",
    title: "left is stopped (SIGTERM)",
    act: () => left.signal("SIGTERM"),
    what: "right to take over",
    done: () => right.state === "MASTER" && !left.running,
    expected: () => skewTime(rightSetup.priority),
  }];
}

/** Does it, waits for what comes of it, and measures. */
async function runTrial(
  stage: Stage,
  pinger: Pinger,
  { name, title, act, what, done, expected }: Trial,
  signal: AbortSignal,
): Promise<[Experiment, Instant]> {
  const { lab, timeline } = stage;
  const number = { crash: 3, return: 4, stop: 5 }[name];
  timeline.tell("story", `${number}. ${title[0]?.toUpperCase()}${title.slice(1)}`);
  const from = lab.now();
  act();
  await stage.until(done, { what, timeoutMs: changeTimeoutMs, signal });
  await untilAnswered(stage, pinger, signal);
  await pause(calmMs / 2, signal);
  // The youngest pings may still be answered.
  const to = instant(lab.now() - pingPatience);
  const outage = measureOutage(pinger.pings, { from, to }, pingPatience);
  const experiment = { name, title, expected: expected(from), outage };
  timeline.tell("client", renderVerdict(experiment));
  await pause(calmMs, signal);
  return [experiment, from];
}

/** Waits for the answer to a ping that is sent from now on. */
async function untilAnswered(stage: Stage, { pings }: Pinger, signal: AbortSignal): Promise<void> {
  const now = stage.lab.now();
  await stage.until(
    () => pings.some(({ sentAt, answeredAt }) => sentAt > now && answeredAt !== undefined),
    { what: `${virtualText} to answer`, timeoutMs: changeTimeoutMs, signal },
  );
}

function renderVerdict({ expected, outage }: Experiment): string {
  const { lost, sent, lasted } = outage;
  if (lost === 0) return `lost none of ${sent} pings`;
  const pings = lost === 1 ? "1 ping" : `${lost} pings`;
  return `lost ${pings} in ${renderMeasured(lasted)} (expected: ${renderMeasured(expected)})`;
}

/** Compares the silence on the wire with what the RFC says of it. */
function findTakeover(adverts: readonly TimedAdvert[], crashAt: Instant): Takeover | undefined {
  const last = lastAdvert(adverts, leftSetup, crashAt);
  const first = adverts.find(({ at, source }) =>
    at > crashAt && equalIp(source, rightSetup.prefix.address)
  );
  if (last === undefined || first === undefined) return undefined;
  return {
    lastAdvertAge: between(last.at, crashAt),
    silence: between(last.at, first.at),
    masterDownInterval: masterDownInterval(rightSetup.priority),
  };
}

/** The last advert of a router up to an instant. */
function lastAdvert(
  adverts: readonly TimedAdvert[],
  { prefix }: RouterSetup,
  until: Instant,
): TimedAdvert | undefined {
  return adverts.findLast(({ at, source }) => at <= until && equalIp(source, prefix.address));
}
