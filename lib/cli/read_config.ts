/**
 * `standin read-config [-e] [-s] FILE [CONFIG-ID]`: what the daemon runs to have its file read
 * outside of itself. It prints the configuration in lines that only the same version understands,
 * so it is no command for people and stands in no help. `-s` saves what was read, where the
 * configuration asks for it.
 */
import { encodeLoaded, loadConfig } from "../config/mod.ts";
import { compileFor } from "../host/linux/brief.ts";
import { configEnvironment, RecordedFiles } from "../host/linux/config_files.ts";
import { exitCode } from "./exit.ts";
import { judged } from "./judged.ts";
import { print } from "./output.ts";
import { version } from "./version.ts";

/** Lines that are written at once. */
const batch = 64;

/** Reads and prints. */
export async function runReadConfig(args: readonly string[]): Promise<number> {
  const [allConfig, saves] = [args.includes("-e"), args.includes("-s")];
  const [file = "", configId] = args.filter((word) => !["-e", "-s"].includes(word));
  compileFor(file);
  const files = new RecordedFiles(configEnvironment({ allConfig, configId }));
  const loaded = loadConfig(file, files.environment);
  if (saves) files.save(loaded.model);
  const lines: string[] = [];
  for (const line of encodeLoaded(await judged(loaded, file), version)) {
    lines.push(line);
    if (lines.length === batch) print(lines.splice(0).join("\n"));
  }
  print(lines.join("\n"));
  return exitCode.ok;
}
