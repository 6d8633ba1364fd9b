/**
 * Instances that came from one mould are read once: the draft of the others is that of the first
 * with a name, a number and addresses of their own. So it is with instances about which there is
 * nothing to say and of which no block is looked into later, because then nobody needs to know
 * where it stands what they have in common.
 */
import type { InstanceDraft } from "./draft.ts";
import { type Context, rowFor } from "./keyword.ts";
import { instanceKeywords, takeAddress } from "./keywords/vrrp_instance.ts";
import { ownSetting } from "./mould.ts";
import type { Statement } from "./parse.ts";

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
    const { likeness } = block;
    const model = likeness && this.#models.get(likeness.model);
    if (model === undefined) return undefined;
    const { place } = block;
    const draft: InstanceDraft = {
      ...model,
      ...own,
      place,
      addresses: [],
      twin: { of: model, whole },
    };
    for (const line of likeness?.own ?? []) {
      if (line.name !== ownSetting) takeAddress(draft, line, context);
      else {
        const row = rowFor(instanceKeywords, line);
        if (row !== undefined) row.apply?.(draft, line, context, row);
      }
    }
    return draft;
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
