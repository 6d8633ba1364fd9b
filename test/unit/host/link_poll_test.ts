/** Links as interfaces tell when they are asked, beside what the kernel says of their carrier. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { openLibc } from "../../../ffi/mod.ts";
import { LinkPoll } from "../../../lib/host/linux/link_poll.ts";
import type { LinkMethod } from "../../../lib/track/mod.ts";
import { test } from "../../support/test.ts";

const libc = await openLibc();

/** Interfaces that are up, and whether they have a carrier. */
function carriers(): Map<string, boolean> {
  return new Map(
    readdirSync("/sys/class/net").flatMap((name): [string, boolean][] => {
      try {
        return [[name, readFileSync(`/sys/class/net/${name}/carrier`, "utf8").trim() === "1"]];
      } catch {
        return [];
      }
    }),
  );
}

for (const method of ["mii", "ethtool", "ioctl"] satisfies LinkMethod[]) {
  test(`an interface that is asked by ${method} has the link that the kernel knows of`, () => {
    const heard = new Map<string, boolean>();
    const poll = new LinkPoll({
      libc,
      feed: (event) => {
        if (event.kind === "link-beat") heard.set(event.interfaceName, event.up);
      },
    });
    const known = carriers();
    try {
      poll.poll([...known.keys(), "si-none"].map((name) => ({ name, method })));
    } finally {
      poll[Symbol.dispose]();
    }
    assert.deepEqual(heard, known);
  });
}
