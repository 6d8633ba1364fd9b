/**
 * What was read before the present place of a file. keepalived looks names up while it reads: a
 * `track_script` line only finds a `vrrp_script` that stands before it. And what is not built yet
 * is told once for each kind of keyword, however often it stands there.
 */

/** Names and kinds so far. */
export class Known {
  readonly #names = new Map<string, Set<string>>();
  readonly #told = new Set<string>();

  /** Notes a named block; false when the name was taken. */
  add(block: string, name: string): boolean {
    const names = this.#names.get(block) ?? new Set();
    this.#names.set(block, names);
    if (names.has(name)) return false;
    names.add(name);
    return true;
  }

  /** Whether there is a block of the name. */
  has(block: string, name: string): boolean {
    return this.#names.get(block)?.has(name) ?? false;
  }

  /** The names of a kind of block. */
  namesOf(block: string): Iterable<string> {
    return this.#names.get(block) ?? [];
  }

  /** Whether this is the first time that the kind is spoken of. */
  first(kind: string): boolean {
    if (this.#told.has(kind)) return false;
    this.#told.add(kind);
    return true;
  }
}
