/**
 * The wire, with the kernel's timestamps: tcpdump in the namespace of the daemon under test. A live
 * capture hands out every frame as soon as it was seen; a bulk capture goes to memory and is read
 * when it has ended, because at 25,000 frames a second a reader on the same two cores would be
 * part of what is measured.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Network, Side } from "./network.ts";
import { type Frame, PcapReader } from "./pcap.ts";
import { sleep } from "./wait.ts";

/** Ethernet, IPv4, and an advert with one address. */
const snapshotLength = 64;
/** KiB of memory that the kernel may fill before tcpdump has to read. */
const kernelBuffer = 32_768;
/** A bulk capture hands over at least this often; what came later would be lost at the end. */
const handOverMs = 1100;

/** A running capture. */
export interface Capture {
  /** What was seen; of a live capture up to now, of a bulk capture only after the end. */
  readonly frames: readonly Frame[];
  /** Ends it; resolves when all frames are there. Throws when the kernel dropped some. */
  end(): Promise<void>;
}

/** Starts a capture on `eth0`; resolves when it sees everything. */
export async function capture(
  network: Network,
  side: Side,
  kind: "live" | "bulk",
  filter = "arp or ip proto 112",
): Promise<Capture> {
  const folder = mkdtempSync(join(tmpdir(), "standin-bench-"));
  const path = join(folder, "frames.pcap");
  const file = kind === "bulk" ? openSync(path, "w") : undefined;
  const child = startTcpdump(network, side, file ?? "pipe", filter);
  if (file !== undefined) closeSync(file);
  const frames: Frame[] = [];
  const reader = new PcapReader((frame) => frames.push(frame));
  child.stdout?.on("data", (piece: Uint8Array) => reader.push(piece));
  const closed = new Promise((resolve) => child.on("close", resolve));
  const said = await listening(child);
  return {
    frames,
    end: async () => {
      await sleep(kind === "bulk" ? handOverMs : 20);
      child.kill("SIGINT");
      await closed;
      if (kind === "bulk") reader.push(new Uint8Array(readFileSync(path)));
      rmSync(folder, { recursive: true });
      const dropped = Number(/^(\d+) packets dropped by kernel/m.exec(said())?.[1] ?? 0);
      if (dropped > 0) throw new Error(`Cannot trust the capture: ${dropped} frames are missing`);
    },
  };
}

function startTcpdump(
  network: Network,
  side: Side,
  output: number | "pipe",
  filter: string,
): ChildProcess {
  const [command = "", ...words] = network.inside(side);
  const how = output === "pipe" ? ["--immediate-mode", "-U"] : ["-B", String(kernelBuffer)];
  const argv = [
    ...["tcpdump", "-i", "eth0", "-n", "-p", "-Z", "root", "--time-stamp-precision=nano"],
    ...["-s", String(snapshotLength), ...how, "-w", "-", filter],
  ];
  return spawn(command, [...words, ...argv], { stdio: ["ignore", output, "pipe"] });
}

/** Waits for the line with which tcpdump begins; answers what it said, up to the moment. */
function listening(child: ChildProcess): Promise<() => string> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr?.on("data", (bytes: Uint8Array) => {
      said += new TextDecoder().decode(bytes);
      if (said.includes("listening on")) resolve(() => said);
    });
    child.on("error", reject);
    child.on("close", () => reject(new Error(`Cannot capture: ${said.trim()}`)));
  });
}
