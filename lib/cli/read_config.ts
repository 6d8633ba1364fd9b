/**
 * `standin read-config [-e] FILE [CONFIG-ID]`: what the daemon runs to have its file read outside
 * of itself. It prints the configuration in lines that only the same version understands, so it is
 * no command for people and stands in no help.
 */
import { encodeLoaded, loadConfig } from "../config/mod.ts";
import { configEnvironment } from "../host/linux/config_files.ts";
import { exitCode } from "./exit.ts";
import { print } from "./output.ts";
import { version } from "./version.ts";

/** Lines that are written at once. */
const batch = 64;

/** Reads and prints. */
export function runReadConfig(args: readonly string[]): number {
  const allConfig = args[0] === "-e";
  const [file = "", configId] = allConfig ? args.slice(1) : args;
  const environment = configEnvironment({ allConfig, configId });
  const lines: string[] = [];
  for (const line of encodeLoaded(loadConfig(file, environment), version)) {
    lines.push(line);
    if (lines.length === batch) print(lines.splice(0).join("\n"));
  }
  print(lines.join("\n"));
  return exitCode.ok;
}
