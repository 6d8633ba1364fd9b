/**
 * Configurations in JSON files: from bytes to the same statements that keepalived.conf gives.
 */
import { err, ok, type Result } from "../base/mod.ts";
import { parseJson } from "./json/node.ts";
import { readJson } from "./json/read.ts";
import { FILE_BYTES_MAX } from "./limits.ts";
import type { Statement } from "./parse.ts";
import type { Report } from "./report.ts";

/** Whether a file holds JSON, by its name. */
export function isJsonPath(path: string): boolean {
  return /\.jsonc?$/.test(path);
}

/** The statements of a JSON file; the error says why the bytes can be no JSON at all. */
export function readJsonFile(
  file: string,
  bytes: Uint8Array,
  report: Report,
): Result<readonly Statement[], string> {
  if (bytes.length > FILE_BYTES_MAX) {
    return err(`it has ${bytes.length} bytes, expected at most ${FILE_BYTES_MAX}`);
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return err("it is not UTF-8");
  }
  const node = parseJson(file, text, report);
  return ok(node === undefined ? [] : readJson(node, report));
}
