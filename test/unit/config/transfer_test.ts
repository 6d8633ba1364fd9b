/** A configuration on its way between two processes: nothing is lost, and halves are noticed. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { equalPlain } from "../../../lib/base/mod.ts";
import {
  diffModels,
  encodeLoaded,
  loadConfig,
  type Model,
  type Received,
  Receiver,
} from "../../../lib/config/mod.ts";
import { test } from "../../support/test.ts";
import { testEnvironment } from "./memory.ts";

function load(text: string): Received {
  return loadConfig("test.conf", testEnvironment({ "test.conf": text }));
}

function router(name: string, id: number, more = ""): string {
  return `vrrp_instance ${name} {\ninterface eth0\nvirtual_router_id ${id}\n${more}\n` +
    `virtual_ipaddress {\n10.0.0.${id}/24\nfe80::${id}/64\n}\n}\n`;
}

const plain = load(router("A", 1) + router("B", 2) + "vrrp_sync_group G { group { A B } }\n");
const previous: Model | undefined = plain.model;

function receive(lines: Iterable<string>, version = "1"): Received | undefined {
  assert.ok(previous !== undefined);
  const receiver = new Receiver(version, previous);
  for (const line of lines) receiver.take(line);
  return receiver.finish();
}

test("every golden configuration arrives as it was sent", () => {
  const directory = new URL("golden/", import.meta.url);
  for (const name of readdirSync(directory)) {
    const sent = load(readFileSync(new URL(name, directory), "utf8").split(/^-{79}\n/m)[0] ?? "");
    const received = receive(encodeLoaded(sent, "1"));
    assert.ok(received !== undefined, name);
    assert.ok(equalPlain(received.model, sent.model), name);
    assert.ok(equalPlain(received.diagnostics, sent.diagnostics), name);
  }
});

test("parts that did not change are the objects of the previous model", () => {
  const sent = load(router("A", 1, "priority 150") + router("B", 2) + router("C", 3));
  const received = receive(encodeLoaded(sent, "1"))?.model;
  assert.ok(received !== undefined && previous !== undefined);
  const [a, b, c] = received.instances;
  assert.equal(b, previous.instances[1]);
  assert.ok(a !== previous.instances[0] && c?.name === "C");
  assert.equal(
    diffModels(previous, received).length,
    diffModels(previous, sent.model ?? received)
      .length,
  );
});

test("another version, a missing end and lines without sense are not taken for a whole", () => {
  const lines = [...encodeLoaded(plain, "1")];
  assert.ok(receive(lines) !== undefined);
  assert.equal(receive(lines, "2"), undefined);
  assert.equal(receive(lines.slice(0, -1)), undefined);
  assert.equal(
    receive(["nonsense", "[]", "null", '{"part":7,"item":1}', '{"end":true}']),
    undefined,
  );
  assert.equal(receive(lines.filter((line) => !line.includes('"instances"'))), undefined);
});
