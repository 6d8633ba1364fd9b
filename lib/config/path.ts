/**
 * The little that is needed of paths, for the paths of one system: slashes, `.` and `..`.
 */

/** The directory part of a path; empty for a bare name. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : slash === 0 ? "/" : path.slice(0, slash);
}

/** A path as it is seen from a directory. */
export function joinPath(directory: string, path: string): string {
  if (path.startsWith("/") || directory === "") return path;
  return directory.endsWith("/") ? directory + path : `${directory}/${path}`;
}

/** The path from the root, without `.`, `..` and doubled slashes. */
export function absolutePath(workingDirectory: string, path: string): string {
  const parts: string[] = [];
  for (const part of joinPath(workingDirectory, path).split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}
