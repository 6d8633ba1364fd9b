/**
 * The kernel tells of processes in its first network namespace only, and keepalived asks in its
 * own. So that it can be a judge in a lab, its socket for that is opened where the tests run, by a
 * few lines of C that the loader puts before the C library's. standin needs nothing: where it is
 * not told it counts.
 */
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import {
  openLibc,
  processConnectorAddress,
  processConnectorListen,
  SOCK,
  Socket,
} from "../../../ffi/mod.ts";

/** <linux/socket.h>, <linux/netlink.h> */
const [AF_NETLINK, NETLINK_CONNECTOR] = [16, 11];

const source = `\
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
int socket(int domain, int type, int protocol) {
  int (*real)(int, int, int) = (int (*)(int, int, int))dlsym(RTLD_NEXT, "socket");
  if (domain != ${AF_NETLINK} || protocol != ${NETLINK_CONNECTOR}) {
    return real(domain, type, protocol);
  }
  int here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  int there = open(getenv("NETWORK_OF_TESTS"), O_RDONLY | O_CLOEXEC);
  setns(there, CLONE_NEWNET);
  int made = real(domain, type, protocol);
  setns(here, CLONE_NEWNET);
  close(here);
  close(there);
  return made;
}
`;

/** Why keepalived can not be told of processes here; `undefined` when it can. */
export async function whyNoConnector(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return "needs root";
  if (spawnSync("cc", ["--version"]).status !== 0) return "needs a C compiler";
  const opened = Socket.open(await openLibc(), AF_NETLINK, SOCK.DGRAM, NETLINK_CONNECTOR);
  if (!opened.ok) return "needs a kernel that tells of processes";
  using socket = opened.value;
  const bound = socket.bind(processConnectorAddress(1));
  const asked = bound.ok
    ? socket.sendTo(processConnectorListen(true), processConnectorAddress(0))
    : bound;
  return asked.ok ? undefined : "needs a kernel that tells of processes, in the first network";
}

/** Words before a command that shall be told of processes; what they need is in the directory. */
export function toldOfProcesses(directory: string): string[] {
  const [code, library] = [join(directory, "socket.c"), join(directory, "socket.so")];
  if (!existsSync(library)) {
    writeFileSync(code, source);
    const { status, stderr } = spawnSync("cc", ["-shared", "-fPIC", "-o", library, code, "-ldl"]);
    if (status !== 0) throw new Error(`cc: ${stderr}`);
  }
  return ["env", `LD_PRELOAD=${library}`, `NETWORK_OF_TESTS=/proc/${process.pid}/ns/net`];
}
