/**
 * BFD sessions as metrics; a daemon without sessions has none of them.
 */
import type { BfdSessionStatus, Snapshot } from "../engine/mod.ts";
import type { MetricFamily, Sample } from "./exposition.ts";
import { standinMetrics as names } from "./metric_names.ts";

const states = ["AdminDown", "Down", "Init", "Up"] as const;

type Value = (session: BfdSessionStatus) => number | null;

/** Metrics with one number for each session: type, name, help, value. */
const plain: readonly (readonly ["gauge" | "counter", string, string, Value])[] = [
  [
    "gauge",
    names.bfdTransmitInterval,
    "Interval between packets that are sent",
    (session) => inSeconds(session.transmitIntervalMs),
  ],
  [
    "gauge",
    names.bfdDetectionTime,
    "Silence after which the session is down",
    (session) => inSeconds(session.detectionTimeMs),
  ],
  ["counter", names.bfdSent, "BFD packets sent", ({ counters }) => counters.sent],
  [
    "counter",
    names.bfdReceived,
    "BFD packets received and accepted",
    ({ counters }) => counters.received,
  ],
  [
    "counter",
    names.bfdDropped,
    "BFD packets of the session that were discarded",
    (session) => session.counters.dropped,
  ],
  [
    "counter",
    names.bfdWentUp,
    "Transitions of the session to Up",
    ({ counters }) => counters.wentUp,
  ],
  [
    "counter",
    names.bfdWentDown,
    "Transitions of the session from Up",
    ({ counters }) => counters.wentDown,
  ],
];

/** The metrics of all sessions. */
export function bfdFamilies({ bfdSessions, unmatchedBfdPackets }: Snapshot): MetricFamily[] {
  const { malformed, unknownSession } = unmatchedBfdPackets;
  return [
    {
      name: names.bfdState,
      help: "1 for the state that the BFD session is in, 0 for the others",
      type: "gauge",
      samples: bfdSessions.flatMap((session) =>
        states.map((state): Sample => ({
          labels: { ...labelsOf(session), state },
          value: state === session.state ? 1 : 0,
        }))
      ),
    },
    ...plain.map(([type, name, help, value]): MetricFamily => ({
      name,
      help,
      type,
      samples: bfdSessions.flatMap((session): Sample[] => {
        const found = value(session);
        return found === null ? [] : [{ labels: labelsOf(session), value: found }];
      }),
    })),
    {
      name: names.bfdUnmatched,
      help: "BFD packets that belong to no session",
      type: "counter",
      samples: [
        { labels: { cause: "malformed" }, value: malformed },
        { labels: { cause: "unknown_session" }, value: unknownSession },
      ],
    },
  ];
}

function labelsOf({ name, neighbor }: BfdSessionStatus): Record<string, string> {
  return { name, neighbor };
}

function inSeconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}
