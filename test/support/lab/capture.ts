/**
 * What is on the wire of one segment, frame by frame as it passes: tcpdump writes its capture to
 * us, we keep the frames for the story and the file for tshark, which judges at the end. Times are
 * the kernel's, so what is measured is the network and not this process.
 */
import { Buffer } from "node:buffer";
import { concatBytes } from "../../../lib/base/mod.ts";
import type { Bell } from "./bell.ts";
import type { Program } from "./program.ts";
import type { Namespace } from "./namespace.ts";
import { fileHeaderSize } from "./wire_judge.ts";

/** One Ethernet frame. */
export interface Frame {
  /** Milliseconds since 1970, to the microsecond. */
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

const recordHeaderSize = 16;

/** A running capture. */
export class Capture {
  readonly frames: Frame[] = [];
  readonly #bell: Bell;
  readonly #program: Program;
  readonly #parts: Uint8Array[] = [];
  #rest: Uint8Array = new Uint8Array();
  #inHeader = true;

  private constructor(bell: Bell, namespace: Namespace, link: string) {
    this.#bell = bell;
    const argv = ["tcpdump", "-i", link, "--immediate-mode", "-U", "-w", "-"];
    this.#program = namespace.start(argv, (bytes) => this.#take(bytes));
  }

  /** Starts capturing; resolves when no frame can be missed any more. */
  static async start(bell: Bell, namespace: Namespace, link: string): Promise<Capture> {
    const capture = new Capture(bell, namespace, link);
    await capture.#program.line(/listening on/);
    return capture;
  }

  /** Ends the capture and answers all of it as a pcap file. */
  async end(): Promise<Uint8Array> {
    this.#program.signal("SIGTERM");
    await this.#program.ended();
    return Buffer.concat(this.#parts);
  }

  #take(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#rest = concatBytes(this.#rest, bytes);
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
