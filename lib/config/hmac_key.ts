/**
 * A key of `auth_hmac`: 32 to 64 octets, as text, as `hex:` digits or in a file of its own, which
 * is read with the configuration. What a key is stands in no message.
 */
import { err, fromHex, ok, type Result } from "../base/mod.ts";
import type { Machine } from "./known.ts";
import { directoryOf, joinPath } from "./path.ts";
import type { Place } from "./source.ts";

const octetsMin = 32;
const octetsMax = 64;
const [lineFeed, carriageReturn] = [10, 13];

/** The octets of a key. */
export interface KeyRead {
  readonly octets: Uint8Array;
  /** The file that others than its owner may read or write. */
  readonly openFile?: string;
}

/** Reads what stands in a file; what is wrong comes as the end of a sentence. */
export function readKey(text: string, place: Place, machine: Machine): Result<KeyRead, string> {
  const read = text.startsWith("file:")
    ? readKeyFile(text.slice("file:".length), place, machine)
    : text.startsWith("hex:")
    ? readHex(text.slice("hex:".length))
    : ok({ octets: new TextEncoder().encode(text) });
  if (!read.ok) return read;
  const { length } = read.value.octets;
  if (length >= octetsMin && length <= octetsMax) return read;
  return err(`it has ${length} octets, expected ${octetsMin} to ${octetsMax}`);
}

function readHex(digits: string): Result<KeyRead, string> {
  const octets = fromHex(digits);
  return octets === undefined ? err("expected pairs of hexadecimal digits") : ok({ octets });
}

function readKeyFile(path: string, place: Place, machine: Machine): Result<KeyRead, string> {
  // Another node's file: its keys are not here.
  if (machine.readKeyFile === undefined) return ok({ octets: new Uint8Array(octetsMin) });
  const directory = directoryOf(place.source.file);
  const read = machine.readKeyFile(joinPath(directory, path));
  if (!read.ok) return err(`${path}: ${read.error}`);
  const { octets, open } = read.value;
  let end = octets.length;
  while (end > 0 && (octets[end - 1] === lineFeed || octets[end - 1] === carriageReturn)) end--;
  const key = octets.slice(0, end);
  return ok(open ? { octets: key, openFile: path } : { octets: key });
}
