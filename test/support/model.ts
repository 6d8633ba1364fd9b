/**
 * Models from the text of a configuration, for stories in which the words of the file matter.
 */
import assert from "node:assert/strict";
import { loadConfig, type Model } from "../../lib/config/mod.ts";
import { testEnvironment } from "../unit/config/memory.ts";

/** The model of a text; one instance `VI_1` on eth0 is written by `instance`. */
export function modelOf(text: string): Model {
  const { model, diagnostics } = loadConfig("test.conf", testEnvironment({ "test.conf": text }));
  const wrong = diagnostics.filter(({ severity }) => severity !== "warning");
  assert.deepEqual(wrong.map(({ message }) => message), []);
  assert.ok(model !== undefined);
  return model;
}

/** A `vrrp_instance` on eth0 with further lines. */
export function instance(
  lines: string,
  words: { name?: string; id?: number; addresses?: string } = {},
): string {
  const { name = "VI_1", id = 51, addresses = `10.0.0.${id + 49}` } = words;
  return `vrrp_instance ${name} {
    interface eth0
    version 3
    virtual_router_id ${id}
    ${lines}
    virtual_ipaddress {
      ${addresses}
    }
  }\n`;
}
