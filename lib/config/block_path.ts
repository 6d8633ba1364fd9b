/**
 * The keywords that lead to a block, joined by slashes. A file with ten thousand servers has few
 * paths and asks for them again and again, so each is made once.
 */

const known = new Map<string, Map<string, string>>();

/** Paths that are remembered; an unknown keyword may be anything. */
const KNOWN_MAX = 4096;

/** The path of a block inside the block of another path; the root is the empty path. */
export function pathInside(path: string, keyword: string): string {
  const inner = known.get(path) ?? new Map<string, string>();
  const found = inner.get(keyword);
  if (found !== undefined) return found;
  const made = path === "" ? keyword : `${path}/${keyword}`;
  if (known.size + inner.size < KNOWN_MAX) {
    known.set(path, inner);
    inner.set(keyword, made);
  }
  return made;
}
