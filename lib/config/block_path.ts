/**
 * The keywords that lead to a block, joined by slashes. A file with ten thousand servers has few
 * paths and asks for them again and again, so each is made once.
 */

const known = new Map<string, Map<string, string>>();

/** Paths that are remembered; an unknown keyword may be anything. */
const KNOWN_MAX = 1024;

let count = 0;

/** The path of a block inside the block of another path; the root is the empty path. */
export function pathInside(path: string, keyword: string): string {
  const inner = known.get(path);
  const found = inner?.get(keyword);
  if (found !== undefined) return found;
  const made = path === "" ? keyword : `${path}/${keyword}`;
  if (count++ >= KNOWN_MAX) return made;
  if (inner === undefined) known.set(path, new Map([[keyword, made]]));
  else inner.set(keyword, made);
  return made;
}
