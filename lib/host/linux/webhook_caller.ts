/**
 * Calls webhooks, by HTTP POST. The signature is that of Standard Webhooks 1.0.0: HMAC-SHA256 over
 * id, time and body, so a receiver knows who said it, and an old call is of no use to anybody. A
 * receiver may be slow, cut off or answer without end: a try takes as long as it may, nothing of
 * the answer is read, and the loop is not held up. Redirections are not followed: what is signed
 * is meant for one place.
 */
import { readFile } from "node:fs/promises";
import { hmac, inMilliseconds } from "../../base/mod.ts";
import type { EngineEvent, MachineEffect } from "../../engine/mod.ts";
import type { PartTools } from "./lazy_part.ts";

type CallWebhook = Extract<MachineEffect, { kind: "call-webhook" }>;
type Outcome = Extract<EngineEvent, { kind: "webhook-ended" }>["outcome"];

/** Answers of the 4xx kind that may be others next time: timeout, too early, too many. */
const passing: ReadonlySet<number> = new Set([408, 425, 429]);
/** Standard Webhooks: a key that begins so is base64. */
const encodedKey = "whsec_";

/** The webhooks of one node. */
export class WebhookCaller {
  readonly #feed: PartTools["feed"];
  readonly #closed = new AbortController();

  constructor(feed: PartTools["feed"]) {
    this.#feed = feed;
  }

  /** Calls one; `webhook-ended` comes in any case. */
  async call({ plan, call }: CallWebhook): Promise<void> {
    const outcome = await this.#outcomeOf(plan, call);
    this.#feed({ kind: "webhook-ended", webhook: plan.name, outcome });
  }

  [Symbol.dispose](): void {
    this.#closed.abort();
  }

  async #outcomeOf(plan: CallWebhook["plan"], call: CallWebhook["call"]): Promise<Outcome> {
    try {
      const headers = await headersOf(plan, call);
      const limit = AbortSignal.timeout(inMilliseconds(plan.timeout));
      const response = await fetch(plan.url, {
        method: "POST",
        headers,
        body: call.body,
        redirect: "manual",
        signal: AbortSignal.any([limit, this.#closed.signal]),
      });
      // Nobody reads it, however long it is.
      await response.body?.cancel();
      return judge(response.status);
    } catch (error) {
      return { kind: "failed", detail: wordsOf(error) };
    }
  }
}

function judge(status: number): Outcome {
  if (status >= 200 && status < 300) return { kind: "sent" };
  const detail = `it answers ${status}`;
  if (status >= 300 && status < 400) {
    return { kind: "refused", detail: `${detail}, and redirections are not followed` };
  }
  const isForGood = status < 500 && !passing.has(status);
  return { kind: isForGood ? "refused" : "failed", detail };
}

async function headersOf(
  { secretFile }: CallWebhook["plan"],
  { id, body }: CallWebhook["call"],
): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const headers = {
    "content-type": "application/json",
    "user-agent": "standin",
    "connection": "close",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
  };
  if (secretFile === undefined) return headers;
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  const digest = hmac("sha256", await readKey(secretFile), signed);
  return { ...headers, "webhook-signature": `v1,${Buffer.from(digest).toString("base64")}` };
}

async function readKey(path: string): Promise<Uint8Array> {
  const line = (await readFile(path, "utf8")).split("\n")[0]?.trimEnd() ?? "";
  if (!line.startsWith(encodedKey)) return new TextEncoder().encode(line);
  return new Uint8Array(Buffer.from(line.slice(encodedKey.length), "base64"));
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "it did not answer in time";
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}
