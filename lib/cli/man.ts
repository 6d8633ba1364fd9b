/**
 * `standin man`: the manual page on standard output.
 */
import { exitCode } from "./exit.ts";
import { manualPage } from "./manual.ts";
import { print } from "./output.ts";
import { renderRoff } from "./roff.ts";

/** `standin man`. */
export function runMan(): number {
  print(renderRoff(manualPage()));
  return exitCode.ok;
}
