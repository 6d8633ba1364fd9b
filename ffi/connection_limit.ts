/**
 * A limit on the connections of a server that takes every one that comes: once a second they are
 * counted, and those beyond the limit are shut. The server finds their ends and closes them, so
 * nobody closes a descriptor that is somebody else's by then. Who asks quickly gets his answer also
 * while others sit on all the places.
 */
import { readdirSync } from "node:fs";
import { viewOf } from "../lib/base/mod.ts";
import { AF } from "./constants.ts";
import type { LibcFunctions } from "./symbols.ts";

const periodMs = 1000;
/** <sys/socket.h>: SHUT_RDWR */
const bothWays = 2;
/** sizeof(struct sockaddr_storage) */
const addressSize = 128;

/** Keeps the limit until the answer is called. */
export function limitConnections(libc: LibcFunctions, port: number, most: number): () => void {
  const timer = setInterval(() => {
    const open = descriptors();
    if (open.length <= most) return;
    const ours = open.filter((fd) => isConnection(libc, fd, port));
    for (const fd of ours.slice(most)) libc.shutdown(fd, bothWays);
  }, periodMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** All that are open, the lowest first. */
function descriptors(): number[] {
  return readdirSync("/proc/self/fd").map(Number).sort((a, b) => a - b);
}

/** Whether somebody is connected to our port there. */
function isConnection(libc: LibcFunctions, fd: number, port: number): boolean {
  const [address, length] = [new Uint8Array(addressSize), new Uint8Array(4)];
  const ask = (question: typeof libc.getsockname): boolean => {
    viewOf(length).setUint32(0, addressSize, true);
    return question(fd, address, length) === 0;
  };
  if (!ask(libc.getpeername) || !ask(libc.getsockname)) return false;
  const view = viewOf(address);
  const family = view.getUint16(0, true);
  // The port has the same place in both (<netinet/in.h>).
  return (family === AF.INET || family === AF.INET6) && view.getUint16(2) === port;
}
