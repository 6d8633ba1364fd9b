/**
 * A configuration with what this machine says of it; what judges is loaded where there is something
 * to judge.
 */
import { judgedBy, type Loaded, needsMachine } from "../config/mod.ts";

/** The same, or with further remarks. */
export async function judged<L extends Loaded>(loaded: L, path: string): Promise<L> {
  if (!needsMachine(loaded)) return loaded;
  const { checkMachine } = await import("../host/linux/check_machine.ts");
  return judgedBy(loaded, path, await checkMachine());
}
