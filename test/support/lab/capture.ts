/**
 * What is on the wire of one segment, frame by frame as it passes: tcpdump writes its capture to
 * us, we keep the frames for the story and the file for tshark, which judges at the end. Times are
 * the kernel's, so what is measured is the network and not this process.
 */
import { writeFileSync } from "node:fs";
import type { Bell } from "./bell.ts";
import { type Program, run } from "./program.ts";
import type { Namespace } from "./namespace.ts";

/** One Ethernet frame. */
export interface Frame {
  /** Milliseconds since 1970, to the microsecond. */
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

const fileHeaderSize = 24;
const recordHeaderSize = 16;

/** A running capture. */
export class Capture {
  readonly frames: Frame[] = [];
  readonly #bell: Bell;
  readonly #program: Program;
  readonly #path: string;
  readonly #parts: Uint8Array[] = [];
  #rest: Uint8Array = new Uint8Array();
  #inHeader = true;

  private constructor(bell: Bell, namespace: Namespace, link: string, path: string) {
    this.#bell = bell;
    this.#path = path;
    const argv = ["tcpdump", "-i", link, "--immediate-mode", "-U", "-w", "-"];
    this.#program = namespace.start(argv, (bytes) => this.#take(bytes));
  }

  /** Starts capturing; resolves when no frame can be missed any more. */
  static async start(
    bell: Bell,
    namespace: Namespace,
    link: string,
    path: string,
  ): Promise<Capture> {
    const capture = new Capture(bell, namespace, link, path);
    await capture.#program.line(/listening on/);
    return capture;
  }

  /** Ends the capture and answers what tshark has to say against its frames. */
  async judge(): Promise<string[]> {
    this.#program.signal("SIGTERM");
    await this.#program.ended();
    writeFileSync(this.#path, this.#parts.reduce(join, new Uint8Array()));
    return await complaintsAbout(this.#path);
  }

  #take(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#rest = join(this.#rest, bytes);
    if (this.#inHeader) {
      if (this.#rest.length < fileHeaderSize) return;
      this.#rest = this.#rest.subarray(fileHeaderSize);
      this.#inHeader = false;
    }
    while (this.#takeRecord());
    this.#bell.ring();
  }

  #takeRecord(): boolean {
    const rest = this.#rest;
    if (rest.length < recordHeaderSize) return false;
    const view = new DataView(rest.buffer, rest.byteOffset);
    const end = recordHeaderSize + view.getUint32(8, true);
    if (rest.length < end) return false;
    const atMs = view.getUint32(0, true) * 1000 + view.getUint32(4, true) / 1000;
    this.frames.push({ atMs, bytes: rest.slice(recordHeaderSize, end) });
    this.#rest = rest.subarray(end);
    return true;
  }
}

/** Malformed frames and bad checksums, one line for each; none is as it should be. */
async function complaintsAbout(path: string): Promise<string[]> {
  const statuses = ["ip", "vrrp", "icmpv6"].map((protocol) => `${protocol}.checksum.status == 0`);
  const filter = ["_ws.malformed", "_ws.expert.severity == error", ...statuses].join(" || ");
  const preferences = ["ip.check_checksum:TRUE", "vrrp.v3_checksum_as_in_v2:FALSE"];
  const options = preferences.flatMap((preference) => ["-o", preference]);
  const judged = await run(["tshark", "-n", "-r", path, ...options, "-Y", filter]);
  if (judged.code !== 0) throw new Error(`tshark failed: ${judged.stderr}`);
  return judged.stdout.split("\n").filter((line) => line !== "");
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
