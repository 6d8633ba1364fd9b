/**
 * From the bytes of a file to its text, and which of its lines are too much. Text is UTF-8, and
 * bytes that are none of it are taken as Latin-1, since a comment in an old encoding is no reason
 * to refuse a file. A file that is no text at all is told apart by its control characters before
 * anything else looks at it: one remark is clearer than a thousand unknown keywords.
 */
import { err, ok, type Result } from "../base/mod.ts";
import { CONTROL_CHARACTERS_SHARE_MAX, FILE_BYTES_MAX, LINE_BYTES_MAX } from "./limits.ts";
import type { Report } from "./report.ts";
import type { SourceLine } from "./source.ts";

const encoder = new TextEncoder();

/** The text of a file; the error says why the bytes can be no configuration. */
export function decodeFile(bytes: Uint8Array): Result<string, string> {
  if (bytes.length > FILE_BYTES_MAX) {
    return err(`it has ${bytes.length} bytes, expected at most ${FILE_BYTES_MAX}`);
  }
  const text = textOf(bytes);
  const strange = controlCharacter.test(text) ? countControlCharacters(bytes) : 0;
  if (strange > bytes.length * CONTROL_CHARACTERS_SHARE_MAX) {
    return err(`it is not a text file: ${strange} of ${bytes.length} bytes are control characters`);
  }
  return ok(text);
}

/** Any but those that end lines or move on in them; by number, which is several times as quick. */
// deno-lint-ignore no-control-regex
const controlCharacter = /[\0-\x08\x0e-\x1f\x7f-\x9f]/;

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("latin1").decode(bytes);
  }
}

function countControlCharacters(bytes: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if ((byte < 0x20 && (byte < 9 || byte > 13)) || byte === 0x7f) count++;
  }
  return count;
}

/** keepalived: a line that is too long or has a NUL in it is dropped whole. */
export function acceptLine(source: SourceLine, report: Report): boolean {
  const { file, number, text } = source;
  const length = text.length > LINE_BYTES_MAX / 3 ? encoder.encode(text).length + 1 : 0;
  if (length > LINE_BYTES_MAX) {
    const shown = { file, number, text: `${text.slice(0, 80)}…` };
    const place = { source: shown, column: 1, length: 80 };
    const found = `Cannot read a line of ${length} bytes`;
    report.error("line-too-long", place, `${found}: expected at most ${LINE_BYTES_MAX}`);
    return false;
  }
  const nul = text.indexOf("\0");
  if (nul < 0) return true;
  const place = { source, column: nul + 1, length: 1 };
  report.error("nul-character", place, "Cannot read a line with a NUL character");
  return false;
}
