/**
 * Tales of trackers: what fails takes the role away or lowers the priority, what heals gives it
 * back.
 */
import type { Deed, Tale } from "./tale.ts";
import {
  backup,
  fault,
  instance,
  master,
  peer,
  secondLink,
  start,
  startPeer,
  step,
  v3,
} from "./tale_words.ts";

/** Whether a script finds everything in order. */
function healthy(good: boolean): Deed {
  return (stage) => stage.write("health", good ? "0" : "1");
}

/** A script that ends with the number in a file; without the file all is well. */
function script(lines: readonly string[]): string {
  const command = `/bin/sh -c 'exit $(cat DIR/health 2>/dev/null || echo 0)'`;
  return `vrrp_script health {\n    script "${command}"\n    interval 1\n${
    lines.map((line) => `    ${line}\n`).join("")
  }}\n`;
}

/** A file whose number counts. */
function file(lines: readonly string[]): string {
  return `track_file number {\n    file "DIR/number"\n    init_file 0\n${
    lines.map((line) => `    ${line}\n`).join("")
  }}\n`;
}

const lower = peer(v3, 100);
const better = { priority: 120 };

/** What brings a router of priority 120 below one of 100, and back. */
function weighed(name: string, config: string, fail: Deed, heal: Deed): Tale {
  return {
    name,
    config,
    peer: lower,
    steps: [
      step("it starts", start, master),
      step("another one stands by", startPeer),
      step("it fails", fail, backup),
      step("it heals", heal, master),
    ],
  };
}

function broken(name: string, config: string, fail: Deed, heal: Deed): Tale {
  return {
    name,
    config,
    steps: [
      step("it starts", start, master),
      step("it fails", fail, fault),
      step("it heals", heal, backup, master),
    ],
  };
}

const number = (value: number): Deed => (stage) => stage.write("number", `${value}\n`);
const link = (state: "up" | "down"): Deed => ({ node }) =>
  void node.namespace.ip(`link set dummy0 ${state}`);

/** The second link of a box. */
const dummy = [
  secondLink,
  "link set dummy1 up",
  "link set dummy0 up",
];

/** The tales of trackers. */
export const trackingTales: readonly Tale[] = [
  broken(
    "a script without weight",
    script([]) + instance(["track_script { health }", ...v3]),
    healthy(false),
    healthy(true),
  ),
  broken(
    "a script needs some failures and some successes",
    script(["fall 2", "rise 2"]) + instance(["track_script { health }", ...v3]),
    healthy(false),
    healthy(true),
  ),
  weighed(
    "a script with a negative weight",
    script(["weight -50"]) + instance(["track_script { health }", ...v3], better),
    healthy(false),
    healthy(true),
  ),
  weighed(
    "a script with a positive weight",
    script(["weight 50"]) + instance(["track_script { health }", ...v3], { priority: 80 }),
    healthy(false),
    healthy(true),
  ),
  weighed(
    "the weight stands at the instance",
    script([]) + instance(["track_script { health weight -50 }", ...v3], better),
    healthy(false),
    healthy(true),
  ),
  broken(
    "a file without weight",
    file(["weight 0"]) + instance(["track_file { number }", ...v3]),
    number(1),
    number(0),
  ),
  weighed(
    "the number in a file lowers the priority",
    file(["weight 1"]) + instance(["track_file { number }", ...v3], better),
    number(-50),
    number(0),
  ),
  {
    ...broken(
      "another interface goes down",
      instance(["track_interface { dummy0 }", ...v3]),
      link("down"),
      link("up"),
    ),
    box: dummy,
  },
  {
    ...weighed(
      "another interface has a weight",
      instance(["track_interface { dummy0 weight -50 }", ...v3], better),
      link("down"),
      link("up"),
    ),
    box: dummy,
  },
];
