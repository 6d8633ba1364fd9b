/**
 * Mail on a real connection: a server that takes it, asks for a login, offers TLS, and servers that
 * are slow, refuse, cut off or are not there.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { milliseconds } from "../../../lib/base/mod.ts";
import type { EngineEvent, MachineEffect } from "../../../lib/engine/mod.ts";
import { Mailer } from "../../../lib/host/linux/mailer.ts";
import { test } from "../../support/test.ts";

type SendMail = Extract<MachineEffect, { kind: "send-mail" }>;
type Outcome = Extract<EngineEvent, { kind: "mail-ended" }>["outcome"];

const mail = {
  from: '"Node A" <ha@example.org>',
  to: ["a@example.org", "b@example.org"],
  subject: "[box] VRRP Instance VI_1 - Entering MASTER state",
  text: "VI_1: BACKUP → MASTER, start\n",
};

async function send(port: number, words: Partial<SendMail["server"]> = {}): Promise<Outcome> {
  const server: SendMail["server"] = {
    host: "127.0.0.1",
    port,
    timeout: milliseconds(2000),
    protection: "off",
    ...words,
  };
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const mailer = new Mailer((event) => {
    if (event.kind === "mail-ended") resolve(event.outcome);
  });
  void mailer.send({ kind: "send-mail", server, mail });
  return await promise;
}

/** A server of smtp-server, and what it took. */
async function withServer(
  options: SMTPServerOptions,
  body: (port: number, taken: string[]) => Promise<void>,
): Promise<void> {
  const taken: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    ...options,
    onData(stream, { envelope: { mailFrom, rcptTo } }, done): void {
      const from = mailFrom === false ? "nobody" : mailFrom.address;
      taken.push(`${from} > ${rcptTo.map(({ address }) => address)}`);
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => taken.push(text));
      stream.on("end", () => done());
    },
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  try {
    await body(portOf(server.server.address()), taken);
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Something that listens and is no mail server. */
async function withListener(
  take: (socket: Socket) => void,
  body: (port: number) => Promise<void>,
): Promise<void> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    take(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  try {
    await body(portOf(server.address()));
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

test("a server gets the mail as it is, for all recipients", async () => {
  await withServer({ disabledCommands: ["STARTTLS", "AUTH"] }, async (port, taken) => {
    assert.deepEqual(await send(port, { heloName: "box.example.org" }), { kind: "sent" });
    assert.equal(taken[0], "ha@example.org > a@example.org,b@example.org");
    const text = taken.slice(1).join("");
    assert.match(text, /^From: Node A <ha@example\.org>/m);
    assert.match(text, /^Subject: \[box\] VRRP Instance VI_1 - Entering MASTER state/m);
  });
});

test("TLS is used where it is offered, with a right certificate where that is asked", async () => {
  const seen: boolean[] = [];
  const options = {
    onMailFrom(_: unknown, session: { secure: boolean }, done: () => void): void {
      seen.push(session.secure);
      done();
    },
  };
  await withServer(options, async (port) => {
    assert.deepEqual(await send(port, { protection: "try" }), { kind: "sent" });
    assert.deepEqual(seen, [true]);
    const { kind } = await send(port, { protection: "starttls" });
    assert.equal(kind, "failed", "its certificate is nobody's");
    assert.equal(seen.length, 1);
  });
  await withServer({ disabledCommands: ["STARTTLS"] }, async (port) => {
    assert.notEqual((await send(port, { protection: "starttls" })).kind, "sent");
    assert.deepEqual(await send(port, { protection: "try" }), { kind: "sent" });
  });
});

test("a login has its password from a file, and a wrong one is refused for good", async () => {
  const directory = mkdtempSync(join(tmpdir(), "si-mail-"));
  const passwordFile = join(directory, "password");
  const login = { user: "ha", passwordFile };
  const options: SMTPServerOptions = {
    authOptional: false,
    onAuth({ username, password }, _session, done): void {
      if (username === "ha" && password === "right") done(null, { user: username });
      else done(new Error("no"));
    },
  };
  try {
    await withServer(options, async (port) => {
      writeFileSync(passwordFile, "right\nmore\n");
      assert.deepEqual(await send(port, { login, protection: "try" }), { kind: "sent" });
      writeFileSync(passwordFile, "wrong\n");
      assert.equal((await send(port, { login, protection: "try" })).kind, "refused");
      rmSync(passwordFile);
      assert.equal((await send(port, { login, protection: "try" })).kind, "failed");
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test("a recipient that is refused for good is not tried again, one for now is", async () => {
  for (const [responseCode, kind] of [[550, "refused"], [451, "failed"]] as const) {
    const onRcptTo = (_: unknown, __: unknown, done: (error: Error) => void): void =>
      done(Object.assign(new Error("no"), { responseCode }));
    await withServer({ onRcptTo, disabledCommands: ["STARTTLS"] }, async (port, taken) => {
      assert.equal((await send(port)).kind, kind);
      assert.deepEqual(taken, []);
    });
  }
});

test("a server that says nothing, cuts off, talks without end or is not there fails", async () => {
  const short = { timeout: milliseconds(100) };
  await withListener(() => {}, async (port) => {
    assert.equal((await send(port, short)).kind, "failed");
  });
  await withListener((socket) => socket.end("220 hello\r\n"), async (port) => {
    assert.equal((await send(port, short)).kind, "failed");
  });
  const endless = (socket: Socket): void => {
    const timer = setInterval(() => socket.write("220-more\r\n"), 20);
    socket.on("close", () => clearInterval(timer));
  };
  await withListener(endless, async (port) => {
    assert.equal((await send(port, short)).kind, "failed");
  });
  assert.equal((await send(1, short)).kind, "failed");
});
