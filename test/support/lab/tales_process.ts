/**
 * A tale of processes that are counted: too few and too many are a fault.
 */
import { copyFileSync } from "node:fs";
import type { Program } from "./program.ts";
import type { Deed, Stage, Tale } from "./tale.ts";
import {
  backup,
  fault,
  instance,
  master,
  peer,
  start,
  step,
  v3,
  waitForPeer,
} from "./tale_words.ts";

const running = new WeakMap<Stage, Program[]>();

/** Another one of the processes that are counted. */
const oneMore: Deed = (stage) => {
  const program = stage.path("watched");
  const known = running.get(stage) ?? [];
  if (known.length === 0) copyFileSync("/bin/sleep", program);
  running.set(stage, [...known, stage.lab.start(stage.node, [program, "600"])]);
};

const oneLess: Deed = async (stage) => {
  const [first, ...rest] = running.get(stage) ?? [];
  first?.kill();
  await first?.ended();
  running.set(stage, rest);
};

/** The tales of processes; keepalived has to be told of them. */
export const processTales: readonly Tale[] = [
  {
    name: "processes, too few and too many",
    config: "vrrp_track_process watched {\n    process DIR/watched 600\n    full_command\n" +
      `    quorum_max 1\n}\n${instance(["track_process { watched }", ...v3])}`,
    toldOfProcesses: true,
    // Somebody speaks while this one does not.
    peer: peer(v3, 50),
    steps: [
      step("another one is master", waitForPeer),
      step("it starts without one", start, fault),
      step("there is one", oneMore, backup, master),
      step("there are two", oneMore, fault),
      step("there is one again", oneLess, backup, master),
    ],
  },
];
