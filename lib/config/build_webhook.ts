/**
 * From `webhook` blocks to plans. The tables have told what is wrong with a line before.
 */
import { inSeconds, seconds } from "../base/mod.ts";
import type { SubjectKind, WebhookPlan } from "../notify/mod.ts";
import { lastIn } from "./block_value.ts";
import { describe, type Statement } from "./parse.ts";
import type { Report } from "./report.ts";
import type { Words } from "./words.ts";

/** In seconds. */
const usualTimeout = 10;

const kinds: Readonly<Record<string, SubjectKind>> = {
  instance: "INSTANCE",
  group: "GROUP",
  virtual_server: "VS",
  real_server: "RS",
};

/** The webhooks of a configuration. */
export function buildWebhooks(blocks: readonly Statement[], report: Report): WebhookPlan[] {
  return blocks.flatMap((block): WebhookPlan[] => {
    const url = lastIn(block, "url");
    const [name = ""] = block.words;
    const [address = ""] = url?.words ?? [];
    if (url === undefined) return [];
    if (!isAddress(address)) {
      const message = `Cannot use url "${address}" for ${describe(block)}`;
      report.error("bad-value", url.place, `${message}: expected an address of http or https`);
      return [];
    }
    const [secretFile] = lastIn(block, "secret_file")?.words ?? [];
    const about = lastIn(block, "events")?.words.flatMap((word) => kinds[word] ?? []);
    const timeout = Number(lastIn(block, "timeout")?.words[0] ?? usualTimeout);
    return [{
      name,
      url: address,
      timeout: seconds(timeout >= 1 && timeout <= 300 ? timeout : usualTimeout),
      ...(secretFile === undefined ? {} : { secretFile }),
      ...(about === undefined ? {} : { about }),
    }];
  });
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** Webhooks in the words of the configuration; of an address, which may hold a key, the host. */
export function webhookWord(plans: readonly WebhookPlan[] = []): Words[number] {
  if (plans.length === 0) return ["webhook", "none"];
  const texts = plans.map(({ name, url, secretFile, about, timeout }) => {
    const who = about?.map(nameOf).join(" ") ?? "those with smtp_alert";
    const signed = secretFile === undefined ? "not signed" : `secret_file ${secretFile}`;
    return `${name} (${new URL(url).host}, ${signed}, events ${who}, timeout ${
      inSeconds(timeout)
    })`;
  });
  const addresses = plans.map(({ url }) => url).join(" ");
  return ["webhook", texts.join(", "), new TextEncoder().encode(addresses)];
}

function nameOf(kind: SubjectKind): string {
  return Object.keys(kinds).find((name) => kinds[name] === kind) ?? kind;
}
