/**
 * What the client of a check can prove, from the files of `SSL`.
 */
import { readFileSync, statSync } from "node:fs";
import { createSecureContext, type SecureContext } from "node:tls";
import type { TlsPlan } from "../../../check/mod.ts";

/** The context of each plan, and when its files had been written. */
const contexts = new Map<string, { readonly times: string; readonly context: SecureContext }>();

/** Made once for the same files; a file that was written again makes another. Throws a sentence. */
export function contextOf(plan: TlsPlan): SecureContext {
  const { authorities, certificate, key, password } = plan;
  const paths = [authorities, certificate, key];
  const times = paths.map((path) =>
    path === undefined ? 0 : statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -1
  ).join(" ");
  const name = JSON.stringify(plan);
  const known = contexts.get(name);
  if (known?.times === times) return known.context;
  const context = createSecureContext({
    ...(authorities === undefined ? {} : { ca: readFileSync(authorities) }),
    ...(certificate === undefined ? {} : { cert: readFileSync(certificate) }),
    ...(key === undefined ? {} : { key: readFileSync(key) }),
    ...(password === undefined ? {} : { passphrase: password }),
  });
  contexts.set(name, { times, context });
  return context;
}
