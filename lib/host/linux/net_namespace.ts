/**
 * Entering a network namespace. A namespace belongs to a thread, and a runtime has several; so the
 * first thread enters and then runs the program anew, with the words that it was started with. What
 * begins then is in the namespace with every thread that it will ever have.
 */
import { readFileSync } from "node:fs";
import {
  CLONE,
  cString,
  lastError,
  type Libc,
  O,
  renderOsError,
  replaceProcess,
} from "../../../ffi/mod.ts";
import { err, ok, type Result } from "../../base/mod.ts";
import { isNetNamespace, netNamespacePath } from "./config_files.ts";

/** Set for the program that is run anew: whoever finds it and is elsewhere does not try again. */
const marker = "STANDIN_NET_NAMESPACE";

/** Goes on inside; comes back when it is there already, or with a sentence about what failed. */
export function enterNetNamespace(libc: Libc, name: string): Result<void, string> {
  const before = process.env[marker];
  delete process.env[marker];
  if (isNetNamespace(name)) return ok(undefined);
  const path = netNamespacePath(name);
  const failed = (why: string): Result<void, string> => err(`Cannot enter ${path}: ${why}`);
  if (before === name) return failed("the program was run anew and is not there");
  const fd = libc.libc.open(cString(path), O.RDONLY | O.CLOEXEC, 0);
  if (fd < 0) return failed(renderOsError(lastError(libc, "open")));
  const entered = libc.libc.setns(fd, CLONE.NEWNET);
  const error = lastError(libc, "setns");
  libc.libc.close(fd);
  if (entered < 0) return failed(renderOsError(error));
  const words = readFileSync("/proc/self/cmdline", "utf8").split("\0").slice(0, -1);
  const environment = Object.entries({ ...process.env, [marker]: name });
  const done = replaceProcess(
    libc,
    process.execPath,
    words,
    environment.map(([key, value]) => `${key}=${value ?? ""}`),
  );
  return done.ok ? ok(undefined) : failed(renderOsError(done.error));
}
