/**
 * A history in one number: two that are equal octet by octet have the same. Nobody tries to forge
 * one, so a mixer of two words of 32 bits is enough.
 */
import type { Entry, SimHost } from "../host/sim/mod.ts";

/** The digest of everything that happened: 16 hexadecimal digits. */
export function digestOf({ entries }: SimHost): string {
  const digest = new Digest();
  for (const entry of entries) digestEntry(digest, entry);
  return digest.text();
}

function digestEntry(digest: Digest, entry: Entry): void {
  digest.words(`${entry.at} ${entry.kind} ${"node" in entry ? entry.node : ""}`);
  if (entry.kind === "sent") {
    digest.words(entry.interfaceName);
    digest.octets(entry.frame);
  } else digest.words(JSON.stringify(entry, plain));
}

/** Octets are written as a list: typed arrays would be written as objects. */
function plain(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? [...value] : value;
}

class Digest {
  #first = 0x9e37_79b9;
  #second = 0x85eb_ca6b;

  words(text: string): void {
    for (let at = 0; at < text.length; at++) this.#mix(text.charCodeAt(at));
    this.#mix(0x1_0000);
  }

  octets(bytes: Uint8Array): void {
    for (const octet of bytes) this.#mix(octet);
    this.#mix(0x1_0001);
  }

  text(): string {
    return [this.#first, this.#second].map((half) => (half >>> 0).toString(16).padStart(8, "0"))
      .join("");
  }

  #mix(value: number): void {
    this.#first = Math.imul(this.#first ^ value, 0x0100_0193);
    this.#second = Math.imul(this.#second ^ value ^ (this.#first >>> 13), 0x5bd1_e995);
  }
}
