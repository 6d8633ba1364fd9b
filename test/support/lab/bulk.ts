/**
 * Thousands of adverts a second, none of which may be missed: tcpdump writes the first octets of
 * each frame to a file, through a large buffer, and the file is read at the end. The capture of a
 * segment hands every frame over as it comes, and may have to leave some out when the machine is
 * busy; for a story about gaps that would be a gap.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PcapReader } from "../../bench/pcap.ts";
import type { Node } from "./lab.ts";

/** An advert, as far as gaps are concerned. */
export interface Beat {
  readonly vrid: number;
  readonly atMs: number;
  readonly priority: number;
}

/** All that passed. */
export interface Bulk {
  readonly adverts: readonly Beat[];
  /** How many ARP packets. */
  readonly arps: number;
}

/** What the kernel still holds at the end is handed over at least so often. */
const handOverMs = 1200;

/** Watches what a node sends and hears on eth0; the answer ends it. */
export async function watchInBulk({ namespace, directory }: Node): Promise<() => Promise<Bulk>> {
  const path = join(directory, "bulk.pcap");
  const words = ["tcpdump", "-i", "eth0", "-n", "-Z", "root", "-s", "64", "-B", "16384"];
  const tail = ["--time-stamp-precision=nano", "-w", path, "arp or ip proto 112"];
  const program = namespace.start([...words, ...tail]);
  await program.line(/listening on/);
  return async () => {
    await new Promise((resolve) => setTimeout(resolve, handOverMs));
    program.signal("SIGINT");
    await program.ended();
    const complete = program.lines.some((line) => line.startsWith("0 packets dropped"));
    if (!complete) throw new Error(`tcpdump missed some: ${program.lines.join("; ")}`);
    const adverts: Beat[] = [];
    let arps = 0;
    const reader = new PcapReader((frame) => {
      if (frame.kind === "arp") arps++;
      else adverts.push({ ...frame, atMs: frame.at / 1000 });
    });
    reader.push(new Uint8Array(readFileSync(path)));
    return { adverts, arps };
  };
}
