/**
 * What the runtime can do for commands that end soon; no more of the FFI is loaded for it.
 */
import { statSync } from "node:fs";
import { compileReluctantly } from "../../../ffi/bun_brief.ts";

/** In octets: some thousands of servers, for which it is worth while to compile. */
const LARGE = 1_000_000;

/** Has the runtime compile no more than the reading of a file is worth. */
export function compileFor(path: string): void {
  compileReluctantly(sizeOf(path) < LARGE ? 100 : 8);
}

/** Zero where there is none; whoever reads the file tells why. */
function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
