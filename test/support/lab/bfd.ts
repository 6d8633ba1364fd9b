/**
 * The two ends of a BFD session on node 1 and node 2 of a segment: standin, keepalived or FRR's
 * bfdd, each with what it says of the session, and the packets on the wire.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { poll } from "./bell.ts";
import type { Frame } from "./capture.ts";
import { prepareFrr } from "./frr.ts";
import type { Lab, Node } from "./lab.ts";
import { filesOf, keepalivedWords, standinWords } from "./makes.ts";
import type { Program } from "./program.ts";
import { ask } from "./standin.ts";

/** How both ends reach each other. */
export interface Path {
  readonly family: "ipv4" | "ipv6";
  readonly multihop?: boolean;
}

/** One end as a story wants it; intervals in milliseconds. */
export interface End {
  readonly minRx: number;
  readonly minTx: number;
  readonly multiplier: number;
  readonly passive?: boolean;
}

/** What standin says of a session. */
export interface SessionStatus {
  readonly state: string;
  readonly remoteState: string;
  readonly diagnostic: string | null;
  readonly remoteDiagnostic: string | null;
  readonly transmitIntervalMs: number | null;
  readonly detectionTimeMs: number | null;
  readonly counters: Readonly<Record<string, number>>;
}

/** What FRR says of a session, as far as stories look. */
export interface FrrSession {
  readonly status: string;
  readonly diagnostic: string;
  readonly "transmit-interval": number;
  readonly "remote-diagnostic": string;
  readonly "remote-receive-interval": number;
  readonly "remote-transmit-interval": number;
  readonly "remote-detect-multiplier": number;
}

/** The address of a node on the first segment. */
function bfdAddress({ family }: Path, number: number): string {
  return family === "ipv4" ? `10.77.0.${number}` : `2001:db8:77::${number}`;
}

/** The block of a session from one node to another, for standin and keepalived. */
export function sessionBlock(path: Path, own: number, other: number, end: End): string {
  const lines = [
    `neighbor_ip ${bfdAddress(path, other)}`,
    `source_ip ${bfdAddress(path, own)}`,
    `min_rx ${end.minRx}`,
    `min_tx ${end.minTx}`,
    `multiplier ${end.multiplier}`,
    ...(path.family === "ipv6" ? ["ttl 255"] : []),
    ...(path.multihop === true ? ["multihop"] : []),
    ...(end.passive === true ? ["passive"] : []),
  ];
  return `bfd_instance peer {\n${lines.map((line) => `    ${line}\n`).join("")}}\n`;
}

const globals = "@standin status_listen off\n";

/** Writes the file of standin or keepalived. */
export function writeSession(node: Node, block: string): void {
  writeFileSync(filesOf(node).config, `${globals}${block}`);
}

/** Starts standin with blocks. */
export function startStandin(lab: Lab, node: Node, block: string): Program {
  writeSession(node, block);
  return lab.start(node, standinWords(node));
}

/** Starts keepalived, of which only the BFD process has something to do. */
export function startKeepalived(lab: Lab, node: Node, block: string): Program {
  writeSession(node, block);
  return lab.start(node, [...keepalivedWords(node), "-b", join(node.directory, "bfd.pid")]);
}

/** Starts bfdd with peers, each in the words of FRR. */
export async function startBfdd(lab: Lab, node: Node, peers: readonly string[]): Promise<Program> {
  const config = `bfd\n${peers.join("")}!\n`;
  return lab.start(node, await prepareFrr(lab, node, "bfdd", config));
}

/** A peer in the words of FRR. */
export function frrPeer(path: Path, own: number, other: number, end: End): string {
  const lines = [
    frrName(path, own, other),
    ` receive-interval ${end.minRx}`,
    ` transmit-interval ${end.minTx}`,
    ` detect-multiplier ${end.multiplier}`,
    ...(end.passive === true ? [" passive-mode"] : []),
    "!",
  ];
  return lines.map((line) => ` ${line}\n`).join("");
}

/** The line that names a peer. */
export function frrName(path: Path, own: number, other: number): string {
  const kind = path.multihop === true ? "multihop " : "";
  const link = path.multihop === true ? "" : " interface eth0";
  return `peer ${bfdAddress(path, other)} ${kind}local-address ${bfdAddress(path, own)}${link}`;
}

/** Gives bfdd commands. */
export async function tellBfdd(node: Node, ...commands: readonly string[]): Promise<string> {
  const socket = ["--vty_socket", join(node.directory, "frr")];
  const words = commands.flatMap((command) => ["-c", command]);
  const { stdout } = await node.namespace.run(["vtysh", ...socket, "-d", "bfdd", ...words]);
  return stdout;
}

/** Waits until bfdd's only session is as wanted. */
export async function untilFrr(
  node: Node,
  what: string,
  pleases: (session: FrrSession) => boolean,
): Promise<void> {
  const look = async (): Promise<FrrSession | undefined> => {
    const text = await tellBfdd(node, "show bfd peers json");
    if (!text.trimStart().startsWith("[")) return undefined;
    const sessions: readonly FrrSession[] = JSON.parse(text);
    return sessions[0];
  };
  await poll(`FRR: ${what}`, look, (session) => session !== undefined && pleases(session));
}

/** Waits until standin's only session is as wanted, and answers it. */
export async function untilStandin(
  node: Node,
  what: string,
  pleases: (session: SessionStatus) => boolean,
): Promise<SessionStatus> {
  const found = await poll(`standin: ${what}`, () => sessionOf(node), (session) => {
    return session !== undefined && pleases(session);
  });
  if (found === undefined) throw new Error("There is no session");
  return found;
}

async function sessionOf(node: Node): Promise<SessionStatus | undefined> {
  try {
    const status: { readonly bfdSessions: readonly SessionStatus[] } = JSON.parse(
      (await ask(node, "/status")).body,
    );
    return status.bfdSessions[0];
  } catch {
    return undefined; // It does not listen yet.
  }
}

/** A BFD Control packet on the wire. */
export interface SeenBfd {
  readonly atMs: number;
  /** The last octet of the sender's address, its number. */
  readonly from: number;
  /** 0 AdminDown, 1 Down, 2 Init, 3 Up. */
  readonly state: number;
  readonly poll: boolean;
  readonly final: boolean;
  readonly port: number;
  readonly ttl: number;
  readonly sourcePort: number;
}

/** The packets in frames. */
export function bfdIn(frames: readonly Frame[]): SeenBfd[] {
  return frames.flatMap(({ atMs, bytes }): SeenBfd[] => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const type = view.getUint16(12);
    const [length, ttlAt, protocolAt, sourceEnd] = type === 0x0800
      ? [20, 22, 23, 29]
      : type === 0x86dd
      ? [40, 21, 20, 37]
      : [0, 0, 0, 0];
    const udp = 14 + length;
    if (length === 0 || bytes[protocolAt] !== 17 || bytes.length < udp + 32) return [];
    const port = view.getUint16(udp + 2);
    if (port !== 3784 && port !== 4784) return [];
    const flags = bytes[udp + 9] ?? 0;
    return [{
      atMs,
      from: bytes[sourceEnd] ?? 0,
      state: flags >> 6,
      poll: (flags & 0x20) !== 0,
      final: (flags & 0x10) !== 0,
      port,
      ttl: bytes[ttlAt] ?? 0,
      sourcePort: view.getUint16(udp),
    }];
  });
}
