/**
 * Takes an `auth_hmac` block into the draft of its instance. Its words were held against their
 * forms before, so what is of no use here has been told; what is wrong with a key is told here.
 */
import type { HmacKey, HmacPlan } from "../vrrp/mod.ts";
import type { HmacDraft, InstanceDraft } from "./draft.ts";
import { readKey } from "./hmac_key.ts";
import type { Context } from "./keyword.ts";
import type { Statement } from "./parse.ts";

/** Reads the lines of the block. */
export function keepHmac(draft: InstanceDraft, block: Statement, context: Context): void {
  const hmac: HmacDraft = { place: block.keyword.place, keys: [] };
  draft.hmac = hmac;
  for (const { keyword, args, place } of block.children ?? []) {
    const word = args[0]?.text ?? "";
    switch (keyword.text) {
      case "key":
        takeKey(hmac.keys, { keyword, args }, context);
        break;
      case "active_key":
        if (isWithin(Number(word), 255)) hmac.activeKey = Number(word);
        break;
      case "time_window":
        if (isWithin(Number(word), 300)) hmac.windowSeconds = Number(word);
        break;
      case "anti_replay":
        hmac.antiReplay = word === "monotonic" ? "monotonic" : "time";
        break;
      case "mode":
        if (isMode(word)) hmac.mode = { value: word, place };
        break;
    }
  }
}

function takeKey(
  keys: HmacKey[],
  { keyword, args }: Pick<Statement, "keyword" | "args">,
  context: Context,
): void {
  const { report, owner, known } = context;
  const [idWord, keyWord] = args;
  const id = Number(idWord?.text);
  if (idWord === undefined || keyWord === undefined || !isWithin(id, 255)) return;
  const name = `key ${id} of auth_hmac of ${owner}`;
  if (keys.some((key) => key.id === id)) {
    const message = `Cannot use ${name} a second time: the first one counts`;
    return report.error("hmac-key", keyword.place, message);
  }
  const read = readKey(keyWord.text, keyWord.place, known.machine);
  if (!read.ok) {
    return report.error("hmac-key", keyword.place, `Cannot use ${name}: ${read.error}`);
  }
  const { octets, openFile } = read.value;
  if (openFile !== undefined) {
    const message = `${openFile}, ${name}, may be read or written by others than its owner`;
    const { place } = keyWord;
    report.add({ severity: "security", code: "open-key-file", place, message, inEffect: true });
  }
  keys.push({ id, octets });
}

function isWithin(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}

function isMode(word: string): word is HmacPlan["mode"] {
  return word === "enforce" || word === "permissive" || word === "receive-only";
}
