/**
 * Words of `bfd_instance`, from the file to the packets on the wire and to what comes of them.
 */
import assert from "node:assert/strict";
import { formatIp, ipFromBytes, seconds } from "../../../lib/base/mod.ts";
import type { BfdSessionStatus } from "../../../lib/engine/mod.ts";
import { modelOf } from "../model.ts";
import { Story } from "../story.ts";
import { instanceOf, newWords, refused, type Shows, type WordCase } from "./words.ts";

/** The words. */
export const bfdWords: WordCase[] = [];
const word = newWords(bfdWords);

/** Node a's session, which an instance tracks. */
function session(lines: string, to = "neighbor_ip 10.0.0.2"): string {
  return `bfd_instance peer {\n${to}\n${lines}\n}\n` +
    instanceOf("priority 100\ntrack_bfd {\npeer weight 20\n}");
}

/** Both ends after a few seconds; node b's says what stands in its lines. */
function pair(lines: string, shows: (story: Story) => unknown): Shows {
  return (model) => {
    const story = new Story("a b");
    story.startWith("b", modelOf(`bfd_instance peer {\nneighbor_ip 10.0.0.1\n${lines}\n}\n`));
    story.startWith("a", model);
    story.run(seconds(5));
    return shows(story);
  };
}

function status(story: Story, name: string): BfdSessionStatus {
  const found = story.node(name).snapshot()?.bfdSessions[0];
  assert.ok(found !== undefined);
  return found;
}

/** Where packets of a node go: addresses, port and TTL. */
function packets(story: Story, name: string): string[] {
  const seen = story.host.entries.flatMap((entry) => {
    if (entry.kind !== "sent" || entry.node !== name) return [];
    const { frame } = entry;
    const six = frame[12] === 0x86;
    if (frame[six ? 20 : 23] !== 17) return [];
    const [ttl, from, length] = six ? [frame[21], 22, 16] : [frame[22], 26, 4];
    const ends = [from, from + length].map((at) => {
      const address = ipFromBytes(frame.subarray(at, at + length));
      return address === undefined ? "?" : formatIp(address);
    });
    const port = (frame[from + 2 * length + 2] ?? 0) * 256 + (frame[from + 2 * length + 3] ?? 0);
    return [`${ends.join(" > ")} port ${port} ttl ${ttl}`];
  });
  return [...new Set(seen)];
}

const usual = "10.0.0.1 > 10.0.0.2 port 3784 ttl 255";
const wire = pair("", (story) => packets(story, "a"));

word("bfd_instance/neighbor_ip", session("", "«neighbor_ip 10.0.0.2»"), wire, [usual], refused);
word("bfd_instance/neighbour_ip", session("", "«neighbour_ip 10.0.0.2»"), wire, [usual], refused);
for (const keyword of ["ttl", "hoplimit"]) {
  word(
    `bfd_instance/${keyword}`,
    session(`«${keyword} 9»`),
    wire,
    [usual.replace("255", "9")],
    [usual],
  );
}
word("bfd_instance/multihop", session("«multihop»"), wire, [usual.replace("3784", "4784")], [
  usual,
]);
word(
  "bfd_instance/source_ip",
  session("«source_ip 10.0.0.77»"),
  (model) => {
    const story = new Story("a b");
    story.address("a", "10.0.0.77/24");
    story.startWith("a", model);
    story.run(seconds(5));
    return packets(story, "a");
  },
  [usual.replace("10.0.0.1 ", "10.0.0.77 ")],
  [usual],
);

const agreed = pair("min_rx 100\nmin_tx 100", (story) => {
  const { transmitIntervalMs } = status(story, "a");
  const theirs = status(story, "b");
  return [transmitIntervalMs, theirs.transmitIntervalMs, theirs.detectionTimeMs];
});
word("bfd_instance/min_tx", session("«min_tx 400»"), agreed, [400, 100, 2000], [100, 100, 500]);
word("bfd_instance/min_rx", session("«min_rx 400»"), agreed, [100, 400, 500], [100, 100, 500]);
word("bfd_instance/multiplier", session("«multiplier 9»"), agreed, [100, 100, 900], [
  100,
  100,
  500,
]);

/** What node a says within twenty seconds to nobody. */
const alone: Shows = (model) => {
  const story = new Story("a b");
  story.startWith("a", model);
  story.run(seconds(20));
  return Math.round(status(story, "a").counters.sent / 10);
};
word("bfd_instance/idle_tx", session("«idle_tx 2000»"), alone, 1, 2);
word("bfd_instance/passive", session("«passive»"), alone, 0, 2);

const far = pair("ttl 250", (story) => status(story, "a").state);
word("bfd_instance/max_hops", session("«max_hops 5»"), far, "Up", "Down");

/** The priority of the instance that tracks the session. */
const weighs = pair("", (story) => story.node("a").snapshot()?.instances[0]?.effectivePriority);
word(
  "bfd_instance/weight",
  session("«weight 30»").replace("peer weight 20", "peer"),
  weighs,
  130,
  100,
);
word(
  "bfd_instance/vrrp",
  session("checker\n«vrrp»"),
  weighs,
  120,
  refused,
);
word("bfd_instance/checker", session("«checker»"), weighs, refused, 120);
