/**
 * The keywords of `bfd_instance`: one BFD session. Times are milliseconds with three decimals.
 */
import { type Duration, milliseconds } from "../../base/mod.ts";
import { anyHops } from "../../bfd/mod.ts";
import type { SessionDraft } from "../draft.ts";
import {
  type Argument,
  inEffect,
  nothing,
  one,
  plain,
  type Table,
  takes,
  tellRounded,
  truth,
} from "../keyword.ts";
import { address, decimalSeconds, integer } from "../value.ts";

/** The longest interval: 32 bits of microseconds. */
const longest = 4_294_967;

/** Milliseconds from `least`. */
function ms(least: number): Argument<Duration> {
  const argument = one(decimalSeconds(3, least, longest, "milliseconds"));
  return (statement, context, row): Duration | undefined => {
    const found = argument(statement, context, row);
    if (found === undefined) return undefined;
    if (!found.exact) tellRounded(statement, found.seconds, context);
    return milliseconds(found.seconds);
  };
}

const neighbor = takes<SessionDraft, NonNullable<SessionDraft["neighbor"]>["value"]>(
  one(address),
  (draft, value, place) => {
    draft.neighbor = { value, place };
  },
);

const ttl = takes<SessionDraft, number>(one(integer(1, 255)), (draft, value) => {
  draft.ttl = value;
});

/** One BFD session. */
export const sessionKeywords: Table<SessionDraft> = {
  ...inEffect<SessionDraft>(
    `
source_ip | <ip> | chosen by the kernel | local address
neighbor_ip | <ip> | required | address of the neighbour
neighbour_ip | <ip> | required | the other spelling
min_rx | <ms 1..4294967> | 10 | shortest interval to receive at
min_tx | <ms 1..4294967> | 10 | shortest interval to send at
idle_tx | <ms 1000..4294967> | 1000 | interval to send at while the session is not up
multiplier | <1..255> | 5 | missed packets until the session is down
passive | | off | wait for the neighbour to begin
ttl | <1..255> | 255 with IPv4, 64 with IPv6 | TTL that is sent
hoplimit | <1..255> | 255 with IPv4, 64 with IPv6 | other name of ttl
max_hops | <-1..255> | 0 | how much lower a received TTL may be; 255 and -1 for no limit
multihop | [on|off] | off | use port 4784 | 2.2.8
`,
    {
      neighbor_ip: neighbor,
      neighbour_ip: neighbor,
      ttl,
      hoplimit: ttl,
      source_ip: takes(one(address), (draft, value) => {
        draft.source = value;
      }),
      min_rx: takes(ms(1), (draft, value) => {
        draft.minRx = value;
      }),
      min_tx: takes(ms(1), (draft, value) => {
        draft.minTx = value;
      }),
      idle_tx: takes(ms(1000), (draft, value) => {
        draft.idleTx = value;
      }),
      multiplier: takes(one(integer(1, 255)), (draft, value) => {
        draft.multiplier = value;
      }),
      passive: takes(nothing, (draft) => {
        draft.passive = true;
      }),
      max_hops: takes(one(integer(-1, 255)), (draft, value) => {
        // keepalived keeps eight bits of it.
        draft.maxHops = value === -1 ? anyHops : value;
      }),
      multihop: takes(truth, (draft, value) => {
        draft.multihop = value;
      }),
    },
  ),
  // Who tracks the session reads these words from the block.
  ...plain(`
weight | <-253..253> [reverse] | 0 | weight where track_bfd says none
vrrp | | both | tell virtual routers only
checker | | both | tell health checkers only
`),
};
