/**
 * Instances that came from one mould are read once: the draft of the others is that of the first
 * with a name, a number and addresses of their own. So it is with instances about which there is
 * nothing to say and of which no block is looked into later, because then nobody needs to know
 * where it stands what they have in common.
 */
import { parsePrefix } from "../base/mod.ts";
import { planOf } from "./address.ts";
import type { AddressDraft, InstanceDraft } from "./draft.ts";
import type { Context } from "./keyword.ts";
import { takeAddress } from "./keywords/vrrp_instance.ts";
import type { Statement } from "./parse.ts";
import type { Place } from "./source.ts";
import type { Likeness } from "./statement.ts";

/** The instances of one configuration so far. */
export class Twins {
  /** Drafts that others can be made of, by their blocks. */
  readonly #models = new Map<Statement, InstanceDraft>();

  /** Takes down that there was nothing to say about an instance. */
  noteRight(block: Statement, draft: InstanceDraft): void {
    if (isSimple(draft)) this.#models.set(block, draft);
  }

  /** The draft of an instance that is like another; nothing when it has to be read. */
  draftOf(
    block: Statement,
    own: Pick<InstanceDraft, "name" | "trackersBefore">,
    context: Context,
    whole: () => InstanceDraft,
  ): InstanceDraft | undefined {
    const { likeness, place } = block;
    if (likeness === undefined) return undefined;
    const model = this.#models.get(likeness.model);
    if (model === undefined) return undefined;
    const { name, trackersBefore } = own;
    const addresses: AddressDraft[] = [];
    const twin = { of: model, whole };
    const draft: InstanceDraft = { ...model, name, trackersBefore, place, addresses, twin };
    for (let at = 1; at < likeness.own.length; at++) takeOwn(draft, likeness, at, context);
    return draft;
  }
}

/** Where a value stands is seldom asked for: lines are made when they are. */
function takeOwn(draft: InstanceDraft, likeness: Likeness, at: number, context: Context): void {
  const own = likeness.own[at];
  const word = likeness.word(at);
  // The pattern takes no numbers but those that can be.
  if (own?.kind === "setting") draft.vrid = new RouterId(Number(word), likeness, at);
  else {
    const isAlone = own?.phrase.words.length === 0;
    const prefix = isAlone ? parsePrefix(word) : undefined;
    if (prefix !== undefined) draft.addresses.push(new Address(planOf(prefix), likeness, at));
    else takeAddress(draft, likeness.line(at), context);
  }
}

/** A number that was said on a line of its own. */
class RouterId {
  readonly value: number;
  readonly #likeness: Likeness;
  readonly #at: number;

  constructor(value: number, likeness: Likeness, at: number) {
    this.value = value;
    this.#likeness = likeness;
    this.#at = at;
  }

  get place(): Place {
    return this.#likeness.line(this.#at).place;
  }
}

/** An address that was. */
class Address implements AddressDraft {
  readonly plan: AddressDraft["plan"];
  readonly #likeness: Likeness;
  readonly #at: number;

  constructor(plan: AddressDraft["plan"], likeness: Likeness, at: number) {
    this.plan = plan;
    this.#likeness = likeness;
    this.#at = at;
  }

  get place(): Place {
    return this.#likeness.line(this.#at).place;
  }
}

/** Whether all that it says is its own affair, and its number makes no difference to it. */
function isSimple(draft: InstanceDraft): boolean {
  const { unicast, tracks, blocks, addresses, excludedAddresses } = draft;
  return unicast.peers.length + tracks.length + blocks.length + excludedAddresses.length === 0 &&
    draft.virtualLink === undefined && draft.macvlansForAddresses === undefined &&
    draft.hmac === undefined && draft.witness === undefined && draft.notify === undefined &&
    draft.resources === undefined && draft.syncInterface === undefined &&
    draft.linkPolling === undefined && !addresses.some(({ onMacvlan }) => onMacvlan);
}
