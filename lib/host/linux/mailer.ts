/**
 * Sends mails, one at a time. The protocol is nodemailer's, which is loaded with the first mail. A
 * server may be slow, refuse, cut off or never end: the loop is not held up, and a mail that takes
 * too long as a whole counts as failed.
 */
import { readFile } from "node:fs/promises";
import { inMilliseconds } from "../../base/mod.ts";
import type { EngineEvent, MachineEffect } from "../../engine/mod.ts";
import type { PartTools } from "./lazy_part.ts";

type SendMail = Extract<MachineEffect, { kind: "send-mail" }>;
type MailServer = SendMail["server"];
type MailOutcome = Extract<EngineEvent, { kind: "mail-ended" }>["outcome"];

/** Connection, greeting, login, sender, recipients, text: more than so many answers take. */
const answersOfOneMail = 10;

/** The mail of one node. */
export class Mailer {
  readonly #feed: PartTools["feed"];
  #close: () => void = () => {};

  constructor(feed: PartTools["feed"]) {
    this.#feed = feed;
  }

  /** Sends a mail; `mail-ended` comes in any case. */
  async send({ server, mail }: SendMail): Promise<void> {
    this.#feed({ kind: "mail-ended", outcome: await this.#outcomeOf(server, mail) });
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  async #outcomeOf(server: MailServer, mail: SendMail["mail"]): Promise<MailOutcome> {
    let limit: ReturnType<typeof setTimeout> | undefined;
    try {
      const { createTransport } = await import("nodemailer");
      const transport = createTransport(await optionsOf(server));
      this.#close = () => transport.close();
      const tooLong = new Promise<never>((_, reject) => {
        const limitMs = answersOfOneMail * inMilliseconds(server.timeout);
        limit = setTimeout(() => reject(new Error("the server is too slow")), limitMs);
      });
      await Promise.race([transport.sendMail({ ...mail, to: [...mail.to] }), tooLong]);
      return { kind: "sent" };
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return { kind: isForGood(error) ? "refused" : "failed", detail };
    } finally {
      clearTimeout(limit);
      this.#close();
      this.#close = () => {};
    }
  }
}

/** RFC 5321 §4.2.1: 5yz is a refusal for good, everything else may be another next time. */
function isForGood(error: unknown): boolean {
  const code = error instanceof Error && "responseCode" in error ? error.responseCode : undefined;
  return typeof code === "number" && code >= 500 && code < 600;
}

async function optionsOf(server: MailServer): Promise<Readonly<Record<string, unknown>>> {
  const { host, port, heloName, protection, login } = server;
  const timeout = inMilliseconds(server.timeout);
  return {
    host,
    port,
    secure: protection === "tls",
    ignoreTLS: protection === "off",
    requireTLS: protection === "starttls",
    tls: { rejectUnauthorized: protection !== "try" },
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    dnsTimeout: timeout,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(heloName === undefined ? {} : { name: heloName }),
    ...(login === undefined ? {} : { auth: await readLogin(login) }),
  };
}

async function readLogin(
  { user, passwordFile }: NonNullable<MailServer["login"]>,
): Promise<{ user: string; pass: string }> {
  const text = await readFile(passwordFile, "utf8");
  return { user, pass: text.split("\n")[0]?.trimEnd() ?? "" };
}
