/** The words of `track_probe` that other tests do not show. */
import { seconds } from "../../../lib/base/mod.ts";
import { Story } from "../story.ts";
import { instanceOf, newWords, type Shows, type WordCase } from "./words.ts";

/** Each word with its story. */
export const probeWords: WordCase[] = [];
const word = newWords(probeWords);

function probe(lines: string): string {
  return `track_probe gw {\n${lines}\n}\n`;
}

/** The question that is asked. */
const asks: Shows = ({ trackers: [plan] }) => {
  if (plan?.kind !== "probe" || !("from" in plan.subject)) return undefined;
  return plan.subject.from;
};

word("track_probe/source", probe("ping gateway\n«source 10.0.0.1»"), asks, {
  address: { family: "ipv4", bytes: new Uint8Array([10, 0, 0, 1]) },
}, {});
word("track_probe/interface", probe("ping gateway\n«interface eth1»"), asks, {
  interfaceName: "eth1",
}, {});

const codes: Shows = ({ trackers: [plan] }) =>
  plan?.kind === "probe" && plan.subject.kind === "http" ? plan.subject.statuses : undefined;

word(
  "track_probe/status_code",
  probe("http http://10.0.0.9/\n«status_code 301 400-404»"),
  codes,
  [[301, 301], [400, 404]],
  [[200, 299]],
);

/** The priority while the gateway answers. */
const priority: Shows = (model) => {
  const story = new Story("a b");
  story.startWith("a", model);
  story.run(seconds(5));
  return story.node("a").snapshot()?.instances[0]?.effectivePriority;
};

const reversed = probe("ping gateway\nweight 10 reverse");
const forward = probe("ping gateway\nweight 10");
const group = (line: string): string =>
  `vrrp_sync_group G {\ngroup {\nVI_1\n}\ntrack_probe {\n${line}\n}\n}\n`;
const own = (line: string): string => instanceOf(`priority 100\ntrack_probe {\n${line}\n}`);
const plain = instanceOf("priority 100");

word(
  "vrrp_instance/track_probe/noreverse",
  reversed + own("gw weight 20 «noreverse»"),
  priority,
  120,
  80,
);
word(
  "vrrp_sync_group/track_probe/weight",
  forward + plain + group("gw «weight 20»"),
  priority,
  120,
  110,
);
word(
  "vrrp_sync_group/track_probe/reverse",
  forward + plain + group("gw weight 20 «reverse»"),
  priority,
  80,
  120,
);
word(
  "vrrp_sync_group/track_probe/noreverse",
  reversed + plain + group("gw weight 20 «noreverse»"),
  priority,
  120,
  80,
);
