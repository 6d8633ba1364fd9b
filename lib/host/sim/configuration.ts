/**
 * Configurations of simulated nodes: the text of the files goes through the reader of the daemon,
 * in a world in which these files, this host's name and these interfaces are all there is.
 */
import { err, ok, type Result } from "../../base/mod.ts";
import {
  type ConfigEnvironment,
  type FileProblem,
  loadConfig,
  type Loaded,
} from "../../config/mod.ts";

/** A node that a file is read for. */
export interface Reading {
  readonly hostName: string;
  /** Absent: whatever the file speaks of is there. */
  readonly interfaces?: readonly string[];
  /** Files that the first one includes, by their paths. */
  readonly includes?: Readonly<Record<string, string>>;
}

/** The path that a simulated daemon reads. */
const simulatedPath = "/etc/standin/standin.conf";

/** Reads the text of a configuration as a daemon on that node would. */
export function readConfiguration(text: string, reading: Reading): Loaded {
  return loadConfig(simulatedPath, environmentOf(text, reading));
}

function environmentOf(text: string, reading: Reading): ConfigEnvironment {
  const { hostName, interfaces, includes = {} } = reading;
  const files: ReadonlyMap<string, string> = new Map([
    ...Object.entries(includes),
    [simulatedPath, text],
  ]);
  return {
    files: {
      read(path): Result<Uint8Array, FileProblem> {
        const content = files.get(path);
        return content === undefined ? err({ kind: "missing" }) : ok(encoder.encode(content));
      },
      list(directory): readonly string[] {
        const inside = [...files.keys()].filter((path) => path.startsWith(`${directory}/`));
        const names = inside.map((path) => path.slice(directory.length + 1).split("/")[0] ?? "");
        return [...new Set(names)];
      },
    },
    workingDirectory: "/etc/standin",
    hostName,
    interfaces,
    variables: {},
    random: () => 0.5,
  };
}

const encoder = new TextEncoder();
