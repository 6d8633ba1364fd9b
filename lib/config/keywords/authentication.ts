/**
 * The keywords of the blocks of a `vrrp_instance` that say whom it talks to and how they prove who
 * they are, as data.
 */
import type { InstanceDraft } from "../draft.ts";
import { plain, type Table } from "../keyword.ts";
import type { Statement } from "../parse.ts";

/** The keywords of `authentication`. */
export const authenticationKeywords: Table<unknown> = plain(`
auth_type | PASS|AH | none | how adverts are authenticated
auth_pass | <text> | none | the password, of which eight octets count
`);

/** The keywords of `auth_hmac`. */
export const hmacKeywords: Table<unknown> = plain(`
key | <id 1..255> <key> | none | a key of 32 to 64 octets: text, hex:… or file:… | 2.4.0
active_key | <id 1..255> | required | the key that signs | 2.4.0
time_window | <seconds 1..300> | three times advert_int, from 5 to 300
  | how old an advert may be | 2.4.0
anti_replay | time|monotonic | time | how old adverts are recognised | 2.4.0
mode | enforce|permissive|receive-only | enforce | what happens to adverts without a signature
  | 2.4.0
`);

/** Takes the type and the password of an `authentication` block. */
export function keepAuthentication(draft: InstanceDraft, block: Statement): void {
  const wordOf = (name: string): string | undefined =>
    block.children?.findLast(({ keyword }) => keyword.text === name)?.args[0]?.text;
  const type = wordOf("auth_type");
  const password = wordOf("auth_pass");
  if ((type !== "AH" && type !== "PASS") || password === undefined) return;
  draft.authType = type;
  draft.password = { value: password, place: block.place };
}
