/**
 * What the demo says before and after: who is on the stage, a table of what was expected and what
 * was measured, and where to go from here. The same findings as JSON, for programs.
 */
import { type Duration, formatDuration, inMilliseconds, type Instant } from "../../base/mod.ts";
import { renderTable } from "../table.ts";
import { version } from "../version.ts";
import { renderMeasured } from "./measure.ts";
import {
  advertInterval,
  left,
  masterDownInterval,
  pingInterval,
  right,
  type RouterSetup,
  skewTime,
  virtualText,
} from "./setup.ts";
import { addressOf } from "./stage.ts";
import type { Experiment, Findings, Takeover } from "./story.ts";
import type { Entry } from "./timeline.ts";

/** What is shown, and who plays. */
export function renderIntroduction(): string {
  const rhythm = formatDuration(advertInterval);
  const [high, low] = [left.priority, right.priority];
  return `\
A real failover, on a network of its own inside this machine. Two daemons, left
(priority ${high}) and right (${low}), share the address ${virtualText}; the master says
every ${rhythm} that it is alive. A client pings the address while left crashes,
comes back, and is stopped. It takes about 12 s; Ctrl-C ends it at any time.

  left  ${addressOf(left)} ───┐
                      ├─── client pings ${virtualText}
  right ${addressOf(right)} ───┘`;
}

/** The table, and what stands behind its numbers. */
export function renderSummary({ experiments, takeover }: Findings, colours: boolean): string {
  const right = { align: "right" } as const;
  const table = renderTable({
    headings: [
      { text: "WHAT HAPPENED" },
      { text: "EXPECTED OUTAGE", ...right },
      { text: "MEASURED", ...right },
      { text: "LOST PINGS", ...right },
    ],
    rows: experiments.map(({ title, expected, outage }) => ({
      cells: [
        { text: title },
        { text: renderMeasured(expected), ...right },
        { text: renderMeasured(outage.lasted), ...right },
        { text: `${outage.lost} of ${outage.sent}`, ...right },
      ],
      below: [],
    })),
    shrinkable: [0],
    columns: 80,
    colours,
  });
  return [table, ...(takeover === undefined ? [] : ["", renderTakeover(takeover)])].join("\n");
}

function renderTakeover({ lastAdvertAge, silence, masterDownInterval }: Takeover): string {
  const limit = milliseconds(masterDownInterval);
  const skew = milliseconds(skewTime(right.priority));
  return `\
The crash came ${
    milliseconds(lastAdvertAge)
  } after left's last advert. Right waits for three adverts
and a skew that depends on its priority (Master_Down_Interval): ${limit}.
Its own first advert came ${milliseconds(silence)} after left's last one.
A router that stops says so, then only the skew is waited for: ${skew}.`;
}

/** Durations that are compared with each other are shown in one unit. */
function milliseconds(duration: Duration): string {
  return `${inMilliseconds(duration).toFixed(1)} ms`;
}

/** What was only built here is put to its place first. */
function source(program: string): string {
  return program.startsWith("dist/")
    ? `,\n    after install -m 755 ${program} /usr/local/bin/`
    : "";
}

/** What to do next. */
export function renderNext(program: string): string {
  return `\
Next:
  ${program} check FILE   what standin thinks of your keepalived.conf
  ${program} install      make it a service of this machine${source(program)}
  ${program} demo --stay  keep both routers up and ask them yourself`;
}

/** How to ask the routers while they stay, and crash one; nothing of it needs a namespace. */
export function renderStay(program: string, runDirs: readonly string[]): string {
  const [first = "", second = ""] = runDirs;
  return `\
Both routers stay until Ctrl-C. From another terminal:
  ${program} status --run-dir ${first}
  ${program} status --run-dir ${second}
  curl -s --unix-socket ${first}/control.sock http://standin/status
  kill -9 $(cat ${first}/standin.pid)`;
}

/** The document of `--json`. */
export function toDocument(
  findings: Findings,
  timeline: { readonly entries: readonly Entry[]; readonly start: Instant },
  error: string | undefined,
): unknown {
  const { experiments, takeover } = findings;
  return {
    version,
    takeover: takeover !== undefined,
    ...(error === undefined ? {} : { error }),
    setup: {
      virtualAddress: virtualText,
      advertIntervalMs: inMilliseconds(advertInterval),
      pingIntervalMs: inMilliseconds(pingInterval),
      routers: [left, right].map(describeRouter),
    },
    measurements: experiments.map(describeExperiment),
    ...(takeover === undefined ? {} : { wire: describeTakeover(takeover) }),
    events: timeline.entries.toSorted((a, b) => a.at - b.at).map(({ at, who, text }) => ({
      atMs: (at - timeline.start) / 1000,
      who,
      text,
    })),
  };
}

function describeRouter(router: RouterSetup): unknown {
  const { name, priority } = router;
  return {
    name,
    address: addressOf(router),
    priority,
    masterDownIntervalMs: inMilliseconds(masterDownInterval(priority)),
  };
}

function describeExperiment({ name, expected, outage }: Experiment): unknown {
  return {
    event: name,
    expectedMs: inMilliseconds(expected),
    outageMs: inMilliseconds(outage.lasted),
    sentPings: outage.sent,
    lostPings: outage.lost,
  };
}

function describeTakeover({ lastAdvertAge, silence, masterDownInterval }: Takeover): unknown {
  return {
    lastAdvertBeforeCrashMs: inMilliseconds(lastAdvertAge),
    firstAdvertAfterLastMs: inMilliseconds(silence),
    masterDownIntervalMs: inMilliseconds(masterDownInterval),
  };
}
