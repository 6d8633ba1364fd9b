/**
 * The bench of the simulated host: two nodes on one segment.
 */
import assert from "node:assert/strict";
import {
  after,
  formatCommand,
  formatPrefix,
  type Instant,
  seconds,
} from "../../../lib/base/mod.ts";
import { SimHost, type SimNode } from "../../../lib/host/sim/mod.ts";
import { configuration, eth0, mac, prefix } from "../plan.ts";
import type { Bench, Side } from "./bench.ts";
import { Puppet } from "./puppet.ts";

const path = "/run/watched";

/** A new bench. */
export function simBench(): Bench {
  const host = new SimHost(1);
  const segment = host.addSegment("lan");
  function newSide(number: number): { readonly node: SimNode; readonly side: Side } {
    const node = host.addNode(`n${number}`);
    host.plug(node, "eth0", segment, mac(`02:00:00:00:00:0${number}`));
    node.kernel.add(eth0, prefix(`10.0.0.${number}/24`), false);
    const puppet = new Puppet();
    node.decides = () => puppet;
    node.start(configuration([]));
    return { node, side: sideOf(host, node, puppet) };
  }
  const [near, far] = [newSide(1), newSide(2)];
  const { node } = near;
  return {
    near: near.side,
    far: far.side,
    until(what, holds): Promise<void> {
      const end = after(host.now(), seconds(100));
      while (!holds()) assert.ok(host.step(end), `${what}: never`);
      return Promise.resolve();
    },
    setUp: (up) => host.kernelChanged(node, node.kernel.setUp("eth0", up, "carrier")),
    change(address, present): void {
      const wanted = prefix(address);
      if (present) node.kernel.add(eth0, wanted, false);
      const told = present
        ? node.kernel.addressEvent(eth0, wanted)
        : node.kernel.delete(eth0, wanted);
      assert.ok(typeof told !== "string");
      host.kernelChanged(node, told);
    },
    write(text): string {
      if (text === undefined) node.machine.files.delete(path);
      else node.machine.files.set(path, text);
      if (node.machine.watches(path)) node.feed(node.machine.contentOf(path));
      return path;
    },
    script(takes, code): string[] {
      const words = ["/script", String(takes), String(code)];
      const command = formatCommand({ kind: "run", path: "/script", words });
      node.machine.script(command, { takes, end: { kind: "exited", code } });
      return words;
    },
    close(): void {},
  };
}

function sideOf(host: SimHost, node: SimNode, puppet: Puppet): Side {
  return {
    perform(...effects): void {
      puppet.want(effects);
      node.feed({ kind: "clock" });
    },
    heard: puppet.heard,
    ifIndex: eth0,
    addresses: () => node.kernel.addresses(eth0).map(formatPrefix),
    now: () => host.now(),
    callAfter(duration): Instant {
      puppet.deadline = after(host.now(), duration);
      // A host asks for the deadline after each step.
      node.feed({ kind: "clock" });
      return puppet.deadline;
    },
  };
}
