/**
 * keepalived's `genhash`: `-T` as the first option, or the program called by that name. It prints
 * the digest of a page, whatever its status; only a page that can not be had is a failure.
 */
import { type OptionSpec, readOptions } from "./getopt.ts";
import { exitCode } from "./exit.ts";
import { complain, print } from "./output.ts";
import { askDigest } from "./page_digest.ts";

const specs: readonly (OptionSpec & { readonly help: string })[] = [
  { letter: "S", name: "use-ssl", value: "none", help: "Ask over TLS" },
  { letter: "I", name: "use-sni", value: "none", help: "Name the virtual host in TLS, too" },
  { letter: "s", name: "server", value: "required", help: "Address of the server" },
  { letter: "p", name: "port", value: "required", help: "Its port" },
  { letter: "u", name: "url", value: "required", help: "Path of the page" },
  { letter: "V", name: "use-virtualhost", value: "required", help: "Host to name in the request" },
  { letter: "P", name: "protocol", value: "required", help: "1.0, 1.0c or 1.1" },
  { letter: "t", name: "timeout", value: "required", help: "Seconds to wait for the server" },
  { letter: "v", name: "verbose", value: "none", help: "Say how long it took" },
  { letter: "h", name: "help", value: "none", help: "Print this and end" },
];

const versions = { "1.0": "1.0", "1.0c": "1.0C", "1.0C": "1.0C", "1.1": "1.1" } as const;
/** keepalived: 5 seconds. */
const usualTimeoutSeconds = 5;

/** Prints the digest; resolves with the exit code. */
export async function runGenhash(args: readonly string[]): Promise<number> {
  const options = readOptions(specs, args);
  if (options.kind !== "options") return mistake(`option ${options.option}: ${options.kind}`);
  const values = new Map(options.given.map(({ spec, value = "" }) => [spec.name, value]));
  if (values.has("help")) return mistake(undefined);
  const [server, port, path] = ["server", "port", "url"].map((name) => values.get(name));
  if (server === undefined || port === undefined || path === undefined) {
    return mistake("-s, -p and -u are needed");
  }
  const version = Object.entries(versions)
    .find(([name]) => name === (values.get("protocol") ?? "1.0"))?.[1];
  const seconds = Number(values.get("timeout") ?? usualTimeoutSeconds);
  const isPort = /^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;
  if (version === undefined) return mistake(`unknown protocol "${values.get("protocol")}"`);
  if (!isPort) return mistake(`invalid port "${port}"`);
  if (!(seconds > 0)) return mistake(`invalid timeout "${values.get("timeout")}"`);
  const virtualHost = values.get("use-virtualhost");
  const address = server.includes(":") ? `[${server}]` : server;
  const begun = performance.now();
  const digest = await askDigest({
    server,
    port: Number(port),
    tls: values.has("use-ssl"),
    ...(values.has("use-sni") && virtualHost !== undefined ? { serverName: virtualHost } : {}),
    path,
    host: virtualHost ?? `${address}:${port}`,
    version,
    statuses: [[100, 999]],
    silenceMs: seconds * 1000,
  });
  if (!digest.ok) {
    complain(`genhash: ${digest.error}`);
    return exitCode.failed;
  }
  print(digest.value);
  if (values.has("verbose")) {
    const took = Math.round((performance.now() - begun) * 1000);
    print(`\nGlobal response time for [${path}] = ${took} usecs`);
  }
  return exitCode.ok;
}

/** keepalived: help goes to standard error, too, and ends as a mistake does. */
function mistake(text: string | undefined): number {
  if (text !== undefined) complain(`genhash: ${text}`);
  complain("Usage: genhash [-S] -s SERVER -p PORT -u URL [OPTION...]");
  for (const { letter, name, help } of specs) {
    complain(`  -${letter}, --${name.padEnd(18)} ${help}`);
  }
  return exitCode.failed;
}
