/**
 * What this machine says of patterns, of files for TLS and of a token: the same library as when a
 * check runs, the runtime's reader of certificates and keys, and what reads the token later.
 */
import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { openLibc, openPcre2 } from "../../../ffi/mod.ts";
import type { TlsPlan } from "../../check/mod.ts";
import type { CheckMachine } from "../../config/mod.ts";
import { readToken } from "./token_door.ts";

/** Loads what it takes to judge. */
export async function checkMachine(): Promise<CheckMachine> {
  const compile = openPcre2(await openLibc());
  return {
    patternProblem: (text, options) => {
      if (compile === undefined) return "there is no libpcre2-8.so.0 (package libpcre2-8-0)";
      const made = compile(text, options);
      return made.ok ? undefined : made.error;
    },
    tlsProblem,
    tokenProblem: (path) => {
      const token = readToken(path);
      return token.ok ? undefined : token.error;
    },
  };
}

function tlsProblem({ authorities, certificate, key, password }: TlsPlan): string | undefined {
  try {
    if (authorities !== undefined) readCertificate(authorities);
    const own = certificate === undefined ? undefined : readCertificate(certificate);
    if (key === undefined) return undefined;
    const secret = createPrivateKey({
      key: readFileSync(key),
      ...(password === undefined ? {} : { passphrase: password }),
    });
    const isOwn = own === undefined ||
      octetsOf(createPublicKey(secret)) === octetsOf(own.publicKey);
    return isOwn ? undefined : "it is not the key of the certificate";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function readCertificate(path: string): X509Certificate {
  return new X509Certificate(readFileSync(path));
}

function octetsOf(key: KeyObject): string {
  return key.export({ type: "spki", format: "pem" }).toString();
}
