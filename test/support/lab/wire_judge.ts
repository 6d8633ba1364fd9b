/**
 * What tshark objects to on the wire. To start takes it longer than to read the frames of a story,
 * so it is asked about the captures of many stories at once, and about each alone only when it
 * objects to something.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { concatBytes } from "../../../lib/base/mod.ts";
import { run } from "./program.ts";

/** The octets of a pcap file before its first frame. */
export const fileHeaderSize = 24;

/** Captures that are judged together. */
const togetherMax = 12;
/** How long one waits for others. */
const patienceMs = 15_000;

interface Case {
  /** A pcap file. */
  readonly capture: Uint8Array;
  readonly answer: PromiseWithResolvers<string[]>;
}

let waiting: Case[] = [];
let limit: ReturnType<typeof setTimeout> | undefined;

/** Malformed frames and bad checksums of a pcap file, one line for each. */
export function complaintsAbout(capture: Uint8Array): Promise<string[]> {
  const answer = Promise.withResolvers<string[]>();
  waiting.push({ capture, answer });
  if (waiting.length >= togetherMax) judgeNow();
  else limit ??= setTimeout(judgeNow, patienceMs);
  return answer.promise;
}

/** Nobody else is to come. */
export function judgeNow(): void {
  clearTimeout(limit);
  limit = undefined;
  const cases = waiting;
  waiting = [];
  judgeTogether(cases).catch((error: unknown) => {
    for (const { answer } of cases) answer.reject(error);
  });
}

async function judgeTogether(cases: readonly Case[]): Promise<void> {
  const [first, ...others] = cases;
  if (first === undefined) return;
  const rest = others.map(({ capture }) => capture.subarray(fileHeaderSize));
  const complaints = await judge(concatBytes(first.capture, ...rest));
  for (const { capture, answer } of cases) {
    answer.resolve(
      complaints.length === 0 || rest.length === 0 ? complaints : await judge(capture),
    );
  }
}

async function judge(capture: Uint8Array): Promise<string[]> {
  const statuses = ["ip", "vrrp", "icmpv6"].map((protocol) => `${protocol}.checksum.status == 0`);
  const filter = ["_ws.malformed", "_ws.expert.severity == error", ...statuses].join(" || ");
  const preferences = ["ip.check_checksum:TRUE", "vrrp.v3_checksum_as_in_v2:FALSE"];
  const options = preferences.flatMap((preference) => ["-o", preference]);
  const directory = mkdtempSync(join(tmpdir(), "si-wire-"));
  try {
    const path = join(directory, "wire.pcap");
    writeFileSync(path, capture);
    const judged = await run(["tshark", "-n", "-r", path, ...options, "-Y", filter]);
    if (judged.code !== 0) throw new Error(`tshark failed: ${judged.stderr}`);
    return judged.stdout.split("\n").filter((line) => line !== "");
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
