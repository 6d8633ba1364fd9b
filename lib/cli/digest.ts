/**
 * `standin digest URL`: the MD5 that a `digest` of `HTTP_GET` or `SSL_GET` has to name.
 */
import { isIP } from "node:net";
import type { HttpVersion } from "../check/mod.ts";
import { exitCode } from "./exit.ts";
import { complain, print } from "./output.ts";
import { askDigest } from "./page_digest.ts";
import { waitingFor } from "./progress.ts";

/** What was said about the page. */
export interface DigestArguments {
  readonly url: string;
  readonly server: string | undefined;
  readonly virtualHost: string | undefined;
  readonly version: HttpVersion;
  readonly json: boolean;
}

/** Prints the digest, or what is wrong; resolves with the exit code. */
export async function runDigest(words: DigestArguments): Promise<number> {
  const url = URL.canParse(words.url) ? new URL(words.url) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    complain(`standin digest: expected a URL that begins with http:// or https://`);
    return exitCode.usage;
  }
  const named = url.hostname.replace(/^\[|\]$/g, "");
  const { server = named, virtualHost, version } = words;
  const tls = url.protocol === "https:";
  const name = virtualHost ?? named;
  const asking = askDigest({
    server,
    port: Number(url.port || (tls ? 443 : 80)),
    tls,
    ...(isIP(name) === 0 ? { serverName: name } : {}),
    path: url.pathname + url.search,
    host: virtualHost ?? url.host,
    version,
    statuses: [[200, 299]],
    silenceMs: 10_000,
  });
  const digest = await waitingFor(`waiting for ${url.host}`, asking);
  if (!digest.ok) {
    complain(`standin digest: ${digest.error}`);
    return exitCode.failed;
  }
  print(words.json ? JSON.stringify({ url: words.url, digest: digest.value }) : digest.value);
  return exitCode.ok;
}
