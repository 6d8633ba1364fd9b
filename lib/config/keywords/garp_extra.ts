/**
 * `garp_extra_if` and its older spellings: announcements on the interfaces of an instance that no
 * adverts leave by. `all` may stand before or behind the seconds; what is wrong has been told by
 * the tables when this is called.
 */
import { seconds } from "../../base/mod.ts";
import type { SharedDraft } from "../draft.ts";
import { keeping, plain, type Table } from "../keyword.ts";
import type { Statement } from "../parse.ts";
import { integer } from "../value.ts";

const mostSeconds = 86_400;

/** The rows as an instance has them. */
export const othersOfInstance: Table<SharedDraft> = keeping(
  plain(`
garp_extra_if | [all] <seconds 0..86400> | global value
  | pause between announcements on the macvlans of other addresses, or on all their interfaces
vmac_garp_intvl | [all] <seconds 0..86400> | global value | older spelling of garp_extra_if
  | 2.2.7 | garp_extra_if
`),
  (draft, statement) => keepOthers(draft, statement, 0),
);

/** The same under their names in `global_defs`. */
export const othersOfGlobal: Table<SharedDraft> = keeping(
  plain(`
vrrp_garp_extra_if | [all] <seconds 1..86400> | off
  | pause between announcements on the macvlans of other addresses, or on all their interfaces
vrrp_vmac_garp_intvl | [all] <seconds 1..86400> | off | older spelling of vrrp_garp_extra_if
  | 2.2.7 | vrrp_garp_extra_if
`),
  (draft, statement) => keepOthers(draft, statement, 1),
);

function keepOthers(draft: SharedDraft, { args }: Statement, least: number): void {
  const all = args.some(({ text }) => text === "all");
  const times = args.filter(({ text }) => text !== "all");
  const found = times.map(({ text }) => integer(least, mostSeconds).read(text));
  const last = found.at(-1);
  if (last === undefined || found.includes(undefined)) return;
  draft.garpOthers = { interval: seconds(last), all };
}
