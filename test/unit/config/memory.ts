/**
 * A world in memory to read configurations in: a few files, a host named node1, three interfaces,
 * and numbers that are random only in name.
 */
import { err, ok, type Result } from "../../../lib/base/mod.ts";
import type { ConfigEnvironment, FileProblem, FileSource } from "../../../lib/config/mod.ts";

/** Files by path; directories exist as far as paths name them. */
export function memoryFiles(files: Readonly<Record<string, string | Uint8Array>>): FileSource {
  const paths = Object.keys(files);
  return {
    read(path): Result<Uint8Array, FileProblem> {
      const content = Object.hasOwn(files, path) ? files[path] : undefined;
      if (content !== undefined) {
        return ok(typeof content === "string" ? new TextEncoder().encode(content) : content);
      }
      const directory = paths.some((known) => known.startsWith(`${path}/`));
      if (directory) return err({ kind: "not-regular", detail: "it is a directory" });
      return err({ kind: "missing" });
    },
    list(directory): readonly string[] {
      const prefix = directory === "." ? "" : `${directory}/`;
      const inside = paths.filter((path) => path.startsWith(prefix));
      return [...new Set(inside.map((path) => path.slice(prefix.length).split("/")[0] ?? ""))];
    },
  };
}

/** An environment that is the same on every machine. */
export function testEnvironment(
  files: Readonly<Record<string, string | Uint8Array>>,
  changes: Partial<ConfigEnvironment> = {},
): ConfigEnvironment {
  return {
    files: memoryFiles(files),
    workingDirectory: "/etc/standin",
    hostName: "node1.example.net",
    variables: { SITE: "north" },
    random: () => 0.5,
    interfaces: ["lo", "eth0", "eth1"],
    ...changes,
  };
}
