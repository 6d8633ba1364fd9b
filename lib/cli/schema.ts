/**
 * `standin schema`: the JSON Schema of configurations in JSON, for completion in editors.
 */
import { configSchema } from "../config/schema.ts";
import { exitCode } from "./exit.ts";
import { print } from "./output.ts";

/** `standin schema`. */
export function runSchema(): number {
  print(JSON.stringify(configSchema(), null, 2));
  return exitCode.ok;
}
