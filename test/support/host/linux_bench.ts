/**
 * The bench of the Linux host: two hosts in one process, in a network namespace of its own, on the
 * two ends of a cable. Both ends are in one namespace: that packets come from an address of the
 * machine itself is a mistake to the kernel, unless it is told to accept it.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Libc, openLibc } from "../../../ffi/mod.ts";
import { after, ifIndex, inSeconds, type Instant } from "../../../lib/base/mod.ts";
import { HeldFile } from "../../../lib/host/linux/held_file.ts";
import { LinuxHost } from "../../../lib/host/linux/linux_host.ts";
import type { Bench, Side } from "./bench.ts";
import { Puppet } from "./puppet.ts";

const limitMs = 30_000;
const pauseMs = 5;

function runIp(words: string): string {
  return execFileSync("ip", words.split(" "), { encoding: "utf8" });
}

/** Makes the cable; the namespace has to be new. */
export function prepareNamespace(): void {
  for (const name of ["all", "default"]) {
    writeFileSync(`/proc/sys/net/ipv6/conf/${name}/disable_ipv6`, "1");
    writeFileSync(`/proc/sys/net/ipv4/conf/${name}/accept_local`, "1");
    writeFileSync(`/proc/sys/net/ipv4/conf/${name}/rp_filter`, "0");
  }
  runIp("link set lo up");
  runIp("link add eth0 type veth peer name far0");
  runIp("address add 10.0.0.1/24 dev eth0");
  runIp("address add 10.0.0.2/24 dev far0");
  runIp("link set eth0 up");
  runIp("link set far0 up");
}

/** A new bench on the cable. */
export async function linuxBench(): Promise<Bench> {
  const libc = await openLibc();
  const directory = mkdtempSync(join(tmpdir(), "standin-host-"));
  const [near, far] = [newSide(libc, directory, "eth0"), newSide(libc, directory, "far0")];
  let scripts = 0;
  return {
    near: near.side,
    far: far.side,
    async until(what, holds): Promise<void> {
      for (let waited = 0; !holds(); waited += pauseMs) {
        if (waited > limitMs) throw new Error(`${what}: not after ${limitMs} ms`);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    },
    setUp: (up) => void runIp(`link set eth0 ${up ? "up" : "down"}`),
    change: (address, present) =>
      void runIp(`address ${present ? "add" : "delete"} ${address} dev eth0`),
    write(text): string {
      const path = join(directory, "watched");
      if (text === undefined) rmSync(path);
      else writeFileSync(path, text);
      return path;
    },
    script(takes, exit): string[] {
      const path = join(directory, `script-${++scripts}`);
      writeFileSync(path, `#!/bin/sh\nsleep ${inSeconds(takes)}\nexit ${exit}\n`, { mode: 0o755 });
      return [path];
    },
    close(): void {
      near.host.close();
      far.host.close();
      rmSync(directory, { recursive: true });
    },
  };
}

function newSide(
  libc: Libc,
  directory: string,
  link: string,
): { readonly host: LinuxHost; readonly side: Side } {
  const held = HeldFile.open(libc, join(directory, `${link}-held`), () => {});
  if (!held.ok) throw new Error(`Cannot hold addresses in ${directory}`);
  const puppet = new Puppet();
  const host = new LinuxHost(libc, {
    held: held.value,
    tell: () => {},
    onStopped: () => {},
    decider: puppet,
  });
  host.readTables();
  const [index] = runIp(`-o link show dev ${link}`).split(":");
  return {
    host,
    side: {
      perform(...effects): void {
        puppet.want(effects);
        host.feed({ kind: "clock" });
      },
      heard: puppet.heard,
      ifIndex: ifIndex(Number(index)),
      addresses: () =>
        Array.from(
          runIp(`-o -4 address show dev ${link}`).matchAll(/inet (\S+)/g),
          (found) => found[1] ?? "",
        ),
      now: () => host.now(),
      callAfter(duration): Instant {
        puppet.deadline = after(host.now(), duration);
        host.feed({ kind: "clock" });
        return puppet.deadline;
      },
    },
  };
}
