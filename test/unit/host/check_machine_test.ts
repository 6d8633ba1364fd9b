/**
 * Patterns and files for TLS are judged when a file is checked, by the library and the runtime that
 * a check uses, and not before there are any.
 */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judgedBy, loadConfig, needsMachine } from "../../../lib/config/mod.ts";
import { checkMachine } from "../../../lib/host/linux/check_machine.ts";
import { certificate, certificateKey } from "../../support/certificate.ts";
import { test } from "../../support/test.ts";
import { testEnvironment } from "../config/memory.ts";

const directory = mkdtempSync(join(tmpdir(), "standin-judged-"));
process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
const machine = await checkMachine();

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const cert = file("cert.pem", certificate);
const key = file("key.pem", certificateKey);
const rubbish = file("rubbish.pem", "rubbish\n");

function configuration(tls: string, url = ""): string {
  return `SSL {\n${tls}\n}\nvirtual_server 10.0.0.1 80 {\nlvs_sched rr\nlvs_method NAT\n` +
    `protocol TCP\nreal_server 10.0.1.1 80 {\nSSL_GET {\nurl {\npath /\n${url}\n}\n}\n}\n}\n`;
}

/** What is said of a file beyond what the file alone says: line, severity and code. */
function said(text: string): string[] {
  const loaded = loadConfig("f", testEnvironment({ f: text }));
  assert.deepEqual(loaded.diagnostics, []);
  return judgedBy(loaded, "f", machine).diagnostics.map(({ span, severity, code }) =>
    `${span?.line} ${severity} ${code}`
  );
}

test("a pattern that PCRE2 does not take is an error at its place, with its options", () => {
  assert.deepEqual(said(configuration("", 'regex "a(b"')), ["12 error bad-value"]);
  assert.deepEqual(said(configuration("", 'regex "a(b)"')), []);
  const class_ = 'regex "[]"';
  assert.deepEqual(said(configuration("", class_)), ["12 error bad-value"]);
  assert.deepEqual(said(configuration("", `${class_}\nregex_options allow_empty_class`)), []);
});

test("files of SSL that can not be used are a warning each", () => {
  assert.deepEqual(said(configuration(`certificate ${cert}\nkey ${key}\nca ${cert}`)), []);
  const missing = `ca ${directory}/none\ncertificate ${directory}/none\nkey ${key}`;
  assert.deepEqual(said(configuration(missing)), ["2 warning tls-file", "3 warning tls-file"]);
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const other = `certificate ${cert}\nkey ${file("other.pem", pem)}`;
  assert.deepEqual(said(configuration(other)), ["3 warning tls-file"]);
  const bad = `certificate ${rubbish}\nkey ${rubbish}`;
  assert.deepEqual(said(configuration(bad)), ["2 warning tls-file", "3 warning tls-file"]);
});

test("nothing is loaded for a file that has neither", () => {
  const needs = (text: string): boolean => {
    return needsMachine(loadConfig("f", testEnvironment({ f: text })));
  };
  assert.equal(needs(configuration("")), false);
  assert.equal(needs(configuration("", "regex a")), true);
  assert.equal(needs(configuration(`key ${key}`)), true);
  assert.equal(needs(configuration(`key ${key}`).replace("SSL_GET", "HTTP_GET")), false);
});
