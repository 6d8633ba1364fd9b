/**
 * The keywords of `webhook`, which is standin's own.
 */
import { plain, type Table } from "../keyword.ts";

/** The keywords. */
export const webhookWords: Table<unknown> = plain(`
url | <text> | required | where changes of state are posted as JSON, http or https | standin
secret_file | <path> | not signed | file with the key of the signature, in its first line | standin
events | instance|group|virtual_server|real_server… | those with smtp_alert | about whom | standin
timeout | <seconds 1..300> | 10 | how long one try may take | standin
`);
