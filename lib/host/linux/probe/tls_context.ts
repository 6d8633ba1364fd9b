/**
 * What the client of a check can prove, from the files of `SSL`.
 */
import { readFileSync, statSync } from "node:fs";
import { createSecureContext, type SecureContext } from "node:tls";
import type { TlsPlan } from "../../../check/mod.ts";

const contexts = new Map<string, SecureContext>();

/** Made once for the same files; a file that was written again makes another. Throws a sentence. */
export function contextOf(plan: TlsPlan): SecureContext {
  const { authorities, certificate, key, password } = plan;
  const paths = [authorities, certificate, key];
  const times = paths.map((path) =>
    path === undefined ? 0 : statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -1
  );
  const name = JSON.stringify([plan, times]);
  const known = contexts.get(name);
  if (known !== undefined) return known;
  const made = createSecureContext({
    ...(authorities === undefined ? {} : { ca: readFileSync(authorities) }),
    ...(certificate === undefined ? {} : { cert: readFileSync(certificate) }),
    ...(key === undefined ? {} : { key: readFileSync(key) }),
    ...(password === undefined ? {} : { passphrase: password }),
  });
  contexts.set(name, made);
  return made;
}
