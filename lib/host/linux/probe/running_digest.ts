/**
 * MD5 as it runs, by the runtime. Loaded by those who compare a digest.
 */
import { createHash } from "node:crypto";
import type { RunningDigest } from "../../../check/mod.ts";

/** A new MD5. */
export function runningMd5(): RunningDigest {
  const hash = createHash("md5");
  return {
    update: (bytes) => void hash.update(bytes),
    finish: () => hash.digest("hex"),
  };
}
