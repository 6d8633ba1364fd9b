/**
 * BFD beside FRR's bfdd and keepalived: sessions come up in either role, timers change by Poll and
 * Final, silence is noticed in the negotiated time and not before, ends are told, and a virtual
 * router follows. Times are those of the frames on the wire.
 */
import assert from "node:assert/strict";
import {
  bfdIn,
  type End,
  frrName,
  frrPeer,
  type Path,
  type SeenBfd,
  sessionBlock,
  startBfdd,
  startKeepalived,
  startStandin,
  tellBfdd,
  untilFrr,
  untilStandin,
  writeSession,
} from "../support/lab/bfd.ts";
import { whyNoFrr } from "../support/lab/frr.ts";
import type { Lab, Node } from "../support/lab/lab.ts";
import { standinStateIn, whyNoLab } from "../support/lab/makes.ts";
import { protocols, renderInstance } from "../support/lab/plan.ts";
import type { Program } from "../support/lab/program.ts";
import type { Segment } from "../support/lab/segment.ts";
import { Stories } from "../support/lab/story.ts";

const skip = whyNoLab() ?? whyNoFrr();
const options = skip === undefined ? {} : { skip };
const stories = new Stories(4);

const paths: readonly (Path & { readonly name: string })[] = [
  { name: "IPv4", family: "ipv4" },
  { name: "IPv6", family: "ipv6" },
  { name: "IPv4, multihop", family: "ipv4", multihop: true },
  { name: "IPv6, multihop", family: "ipv6", multihop: true },
];
const [v4 = { family: "ipv4" }] = paths;
const usual: End = { minRx: 200, minTx: 200, multiplier: 3 };
/** So patient that a busy machine does not take it down. */
const patient: End = { ...usual, multiplier: 40 };

interface Scene {
  readonly segment: Segment;
  readonly a: Node;
  readonly b: Node;
  readonly standin: Program;
  readonly frr: Program;
}

/** standin on a, FRR on b, both up. */
async function besideFrr(lab: Lab, path: Path, own: End, other: End): Promise<Scene> {
  const { segment, a, b } = await lab.pair();
  const frr = await startBfdd(lab, b, [frrPeer(path, 2, 1, other)]);
  // A packet before it has read `passive-mode` leaves it silent for ever.
  await untilFrr(b, "configured", (session) => session["transmit-interval"] === other.minTx);
  const standin = startStandin(lab, a, sessionBlock(path, 1, 2, own));
  await untilStandin(a, "Up", ({ state, remoteState }) => state === "Up" && remoteState === "Up");
  await untilFrr(b, "up", ({ status }) => status === "up");
  return { segment, a, b, standin, frr };
}

function packets({ segment }: Scene, from: number): SeenBfd[] {
  return bfdIn(segment.capture.frames).filter((packet) => packet.from === from);
}

for (const path of paths) {
  for (const passive of ["neither", "standin", "FRR"] as const) {
    stories.tell(`FRR, ${path.name}, ${passive} passive: both come up`, async (lab) => {
      const own = { minRx: 150, minTx: 120, multiplier: 4, passive: passive === "standin" };
      const other = { minRx: 180, minTx: 210, multiplier: 3, passive: passive === "FRR" };
      const scene = await besideFrr(lab, path, own, other);
      await untilStandin(scene.a, "agreed", ({ detectionTimeMs, transmitIntervalMs }) => {
        return detectionTimeMs === 3 * 210 && transmitIntervalMs === 180;
      });
      await untilFrr(scene.b, "what standin said", (session) => {
        return session["remote-receive-interval"] === 150 &&
          session["remote-transmit-interval"] === 120 &&
          session["remote-detect-multiplier"] === 4;
      });
      const port = path.multihop === true ? 4784 : 3784;
      for (const packet of packets(scene, 1)) {
        assert.deepEqual([packet.port, packet.ttl], [port, 255]);
        assert.ok(packet.sourcePort >= 49_152, `from port ${packet.sourcePort}`);
      }
      const [first] = bfdIn(scene.segment.capture.frames);
      if (passive !== "neither") assert.equal(first?.from, passive === "standin" ? 2 : 1);
    }, options);
  }
}

stories.tell("FRR: new timers of either side are told by Poll and Final", async (lab) => {
  const scene = await besideFrr(lab, v4, patient, patient);
  const { a, b, standin } = scene;
  writeSession(a, sessionBlock(v4, 1, 2, { minRx: 300, minTx: 400, multiplier: 30 }));
  standin.signal("SIGHUP");
  await untilFrr(b, "the new timers of standin", (session) => {
    return session["remote-receive-interval"] === 300 &&
      session["remote-transmit-interval"] === 400 &&
      session["remote-detect-multiplier"] === 30;
  });
  await untilStandin(a, "in use", ({ transmitIntervalMs }) => transmitIntervalMs === 400);
  const peer = frrName(v4, 2, 1);
  const change = ["receive-interval 500", "transmit-interval 600", "detect-multiplier 20"];
  await tellBfdd(b, "configure terminal", "bfd", peer, ...change);
  await untilStandin(a, "the new timers of FRR", (status) => {
    return status.transmitIntervalMs === 500 && status.detectionTimeMs === 20 * 600;
  });
  for (const [asks, answers] of [[1, 2], [2, 1]] as const) {
    const [asked] = packets(scene, asks).filter(({ poll }) => poll).slice(-1);
    assert.ok(asked !== undefined, `node ${asks} polled`);
    const answered = packets(scene, answers).some(({ final, atMs }) => final && atMs > asked.atMs);
    assert.ok(answered, `node ${answers} answered`);
  }
  const { counters } = await untilStandin(a, "still up", ({ state }) => state === "Up");
  assert.equal(counters["wentDown"], 0);
}, options);

stories.tell("FRR dies: silence is noticed in the negotiated time", async (lab) => {
  const scene = await besideFrr(lab, v4, usual, usual);
  const { a, frr, segment } = scene;
  await untilStandin(a, "agreed", ({ detectionTimeMs }) => detectionTimeMs === 600);
  frr.kill();
  await frr.ended();
  const last = packets(scene, 2).at(-1)?.atMs ?? 0;
  const down = await lab.bell.until("standin says Down", () => {
    return bfdIn(segment.capture.frames).find(({ from, state, atMs }) => {
      return from === 1 && state === 1 && atMs > last;
    });
  });
  const tookMs = down.atMs - last;
  assert.ok(tookMs >= 600, `was down after ${tookMs} ms`);
  const { diagnostic } = await untilStandin(a, "Down", ({ state }) => state === "Down");
  assert.equal(diagnostic, "control detection time expired");
}, options);

stories.tell("FRR: either side tells that it is down on purpose", async (lab) => {
  const { a, b, standin } = await besideFrr(lab, v4, patient, patient);
  const peer = frrName(v4, 2, 1);
  await tellBfdd(b, "configure terminal", "bfd", peer, "shutdown");
  const status = await untilStandin(a, "Down", ({ state }) => state === "Down");
  assert.equal(status.remoteState, "AdminDown");
  assert.equal(status.diagnostic, "neighbor signaled session down");
  await tellBfdd(b, "configure terminal", "bfd", peer, "no shutdown");
  await untilStandin(a, "Up again", ({ state }) => state === "Up");
  await untilFrr(b, "up again", ({ status: theirs }) => theirs === "up");
  standin.signal("SIGTERM");
  await standin.ended();
  await untilFrr(b, "down at once", (session) => {
    return session.status === "down" && /admin/i.test(session["remote-diagnostic"]);
  });
}, options);

for (const path of paths.filter(({ multihop }) => multihop !== true)) {
  stories.tell(`keepalived, ${path.name}: up, and down when either dies`, async (lab) => {
    const { segment, a, b } = await lab.pair();
    const keepalived = startKeepalived(lab, b, sessionBlock(path, 2, 1, usual));
    const standin = startStandin(lab, a, sessionBlock(path, 1, 2, usual));
    const entered = (state: string): number =>
      keepalived.lines.filter((line) => line.includes(`Entering ${state} state`)).length;
    await untilStandin(a, "Up", ({ state, detectionTimeMs }) => {
      return state === "Up" && detectionTimeMs === 600;
    });
    await lab.bell.until("keepalived is up", () => entered("Up") > 0);
    const downs = entered("Down");
    standin.signal("SIGKILL");
    await standin.ended();
    await lab.bell.until("keepalived is down", () => entered("Down") > downs);
    startStandin(lab, a, sessionBlock(path, 1, 2, usual));
    await untilStandin(a, "Up again", ({ state }) => state === "Up");
    keepalived.kill();
    await keepalived.ended();
    const last = bfdIn(segment.capture.frames).findLast(({ from }) => from === 2)?.atMs ?? 0;
    await untilStandin(a, "Down", ({ state }) => state === "Down");
    const down = await lab.bell.until("standin says Down", () =>
      bfdIn(segment.capture.frames)
        .find(({ from, state, atMs }) => from === 1 && state === 1 && atMs > last));
    assert.ok(down.atMs - last >= 600);
  }, options);
}

stories.tell(
  "a master that loses its gateway hands over before adverts are missed",
  async (lab) => {
    const { segment, a, b } = await lab.pair();
    const gateway = await lab.node("gateway", 3);
    segment.join(gateway);
    await startBfdd(lab, gateway, [frrPeer(v4, 3, 1, usual), frrPeer(v4, 3, 2, usual)]);
    const protocol = { ...protocols[1], intervalMs: 2000 };
    const lines = ["track_bfd {", "    peer", "}"];
    const programs = [[a, 1, 254], [b, 2, 250]] as const;
    const [first, second] = programs.map(([node, own, priority]) => {
      const block = sessionBlock(v4, own, 3, usual);
      const router = renderInstance({ protocol, priority, lines }, { name: "VI_1" });
      return startStandin(lab, node, `${block}${router}`);
    });
    assert.ok(first !== undefined && second !== undefined);
    const stateOf = ({ lines: said }: Program): string | undefined =>
      said.flatMap((line) => standinStateIn(line) ?? []).at(-1);
    await lab.bell.until("a is master", () => {
      return stateOf(first) === "MASTER" && stateOf(second) === "BACKUP";
    });
    await untilStandin(b, "Up", ({ state }) => state === "Up");
    segment.setSplit([a, gateway], true);
    await lab.bell.until("b is master", () => {
      return stateOf(first) === "FAULT" && stateOf(second) === "MASTER";
    });
    const handed = await lab.bell.until("a has said goodbye", () => {
      const last = segment.adverts(a).at(-1);
      return last?.priority === 0 ? last : undefined;
    });
    await lab.bell.until("b speaks", () => {
      return segment.adverts(b).some(({ atMs }) => atMs > handed.atMs);
    });
  },
  options,
);
