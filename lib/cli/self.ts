/**
 * How to start this program once more: the executable itself when it is compiled, else the runtime
 * with the file that it was given.
 */
import { basename } from "node:path";
import process from "node:process";

/** The command and the first arguments that come before ours. */
export function selfCommand(): { readonly command: string; readonly args: readonly string[] } {
  const script = process.argv[1] ?? "";
  const runtime = basename(process.execPath).replace(/\.exe$/, "");
  if (runtime === "deno") return { command: process.execPath, args: ["run", "-A", script] };
  if (runtime === "bun" || runtime === "node") return { command: process.execPath, args: [script] };
  return { command: process.execPath, args: [] };
}

/** The same for a daemon: where its executable stood a newer version may have been installed. */
export function runningCommand(): ReturnType<typeof selfCommand> {
  const { command, args } = selfCommand();
  return args.length === 0 ? { command: "/proc/self/exe", args } : { command, args };
}
