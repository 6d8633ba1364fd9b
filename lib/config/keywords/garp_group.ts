/**
 * The keywords of `garp_group`: gaps between announcements on interfaces that share a limit. Values
 * are checked by their forms; what is wrong with them has been told when they are kept.
 */
import { type Duration, seconds } from "../../base/mod.ts";
import type { GapDraft } from "../draft.ts";
import { plain, type Table } from "../keyword.ts";
import type { Statement } from "../parse.ts";
import { decimalSeconds, isInterfaceName } from "../value.ts";

/** Gaps between gratuitous ARPs of interfaces. */
export const garpGroup: Table<unknown> = plain(`
garp_interval | <timer 0..4294.967295> | none | gap between gratuitous ARPs
gna_interval | <timer 0..4294.967295> | none | gap between neighbour advertisements
interface | <interface> | none | the interface
interfaces | {…} | none | interfaces that share one limit
`);

const interval = decimalSeconds(6, 0, 4294.967295);

/** What a `garp_group` says; keepalived: of an interface that stands twice the first counts. */
export function readGap({ children = [] }: Statement): GapDraft {
  const gap: GapDraft = { interfaces: [] };
  for (const { keyword, args: [word], children: lines = [] } of children) {
    if (keyword.text === "garp_interval") gap.garpInterval = gapOf(word?.text);
    else if (keyword.text === "gna_interval") gap.gnaInterval = gapOf(word?.text);
    else if (keyword.text === "interface" && gap.interfaces.length === 0) {
      gap.interfaces.push(...[word?.text ?? ""].filter(isInterfaceName));
    } else if (keyword.text === "interfaces") {
      const words = lines.flatMap((line) => [line.keyword, ...line.args]);
      gap.interfaces.push(...words.map(({ text }) => text).filter(isInterfaceName));
    }
  }
  return gap;
}

function gapOf(text = ""): Duration {
  return seconds(interval.read(text)?.seconds ?? 0);
}
