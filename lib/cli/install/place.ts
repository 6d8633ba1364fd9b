/**
 * Whether a program lies where a service can rely on it: in a folder of programs, not in one that
 * is cleaned, or that somebody unpacked or built something in.
 */
import { dirname } from "node:path";

/** Where programs of a box belong. */
const folders = ["/usr/local/bin", "/usr/local/sbin", "/usr/bin", "/usr/sbin", "/bin", "/sbin"];

/** What to say about a program at such a place; `undefined` when nothing is wrong with it. */
export function doubtAbout(
  [first = "", ...rest]: readonly string[],
  searched: string | undefined,
): string | undefined {
  const folder = dirname(first);
  const isAtHome = folders.includes(folder) || folder.startsWith("/opt/");
  // A runtime's script is not copied like that.
  if (isAtHome || rest.length > 0 || searched?.split(":").includes(folder) === true) {
    return undefined;
  }
  return `The service needs ${first} for ever, and ${folder} is not in PATH; better: ` +
    `install -m 755 ${first} /usr/local/bin/standin && /usr/local/bin/standin install`;
}
