/**
 * `HTTP_GET` and `SSL_GET`: their URLs, and what is asked of the answers.
 */
import { formatIp } from "../base/mod.ts";
import type {
  ConnectionPlan,
  HttpPlan,
  HttpVersion,
  PatternPlan,
  TlsPlan,
  UrlPlan,
} from "../check/mod.ts";
import { integerIn, lastIn, truthIn } from "./block_value.ts";
import type { Statement } from "./parse.ts";

const versions: readonly HttpVersion[] = ["1.0", "1.0C", "1.1"];
const usualStatuses = [[200, 299]] as const;
const offsetMax = Number.MAX_SAFE_INTEGER;

/** The checker in its surroundings. */
export interface HttpPlace {
  readonly block: Statement;
  /** The blocks around it, the innermost first. */
  readonly around: readonly Statement[];
  readonly connection: ConnectionPlan;
  /** What `SSL_GET` can prove; absent for `HTTP_GET`. */
  readonly tls: TlsPlan | undefined;
}

/** The plan of a checker; absent when it has no URL that can be asked for. */
export function buildHttp(place: HttpPlace): HttpPlan | undefined {
  const { block, connection, tls } = place;
  const urls = (block.children ?? []).filter(({ name }) => name === "url")
    .flatMap((url) => buildUrl(url, place));
  if (urls.length === 0) return undefined;
  const word = lastIn(block, "http_protocol")?.words[0]?.toUpperCase();
  return {
    kind: "http",
    connection,
    version: versions.find((one) => one === word) ?? "1.0",
    ...(tls === undefined ? {} : { tls }),
    urls,
    fastRecovery: truthIn(block, "fast_recovery") ?? false,
  };
}

/** What the root blocks `SSL` say; the last word counts. */
export function buildTls(blocks: readonly Statement[]): TlsPlan {
  const said = (keyword: string): string | undefined =>
    blocks.map((block) => lastIn(block, keyword)?.words[0]).findLast((text) => text !== undefined);
  const [authorities, certificate, key, password] = ["ca", "certificate", "key", "password"]
    .map(said);
  return {
    ...(authorities === undefined ? {} : { authorities }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
    ...(password === undefined ? {} : { password }),
  };
}

function buildUrl(url: Statement, place: HttpPlace): UrlPlan[] {
  const { block, around, connection, tls } = place;
  const path = lastIn(url, "path")?.words[0];
  if (path === undefined) return [];
  const virtualHost = [url, block, ...around].map((level) => lastIn(level, "virtualhost")?.words[0])
    .find((found) => found !== undefined);
  const digest = lastIn(url, "digest")?.words[0]?.toLowerCase();
  const pattern = patternOf(url);
  const says = tls !== undefined && truthIn(block, "enable_sni") === true;
  const serverName = lastIn(block, "sni_name")?.words[0] ?? virtualHost;
  return [{
    path,
    host: virtualHost ?? hostOf(connection),
    ...(digest === undefined ? {} : { digest }),
    statuses: statusesOf(url),
    ...(pattern === undefined ? {} : { pattern }),
    ...(says && serverName !== undefined ? { serverName } : {}),
    endsTls: truthIn(url, "tls_compliant") ?? truthIn(block, "tls_compliant") ?? false,
  }];
}

function hostOf({ address, port }: ConnectionPlan): string {
  return address.family === "ipv6"
    ? `[${formatIp(address)}]:${port}`
    : `${formatIp(address)}:${port}`;
}

/** Ranges of `status_code`, of a block that was held against its table. */
export function statusesOf(url: Statement): UrlPlan["statuses"] {
  const words = (lastIn(url, "status_code")?.args ?? []).map(({ text }) => text);
  const ranges = words.filter((word) => /^[1-9]\d\d(-[1-9]\d\d)?$/.test(word)).map((word) => {
    const [least = 0, most = least] = word.split("-").map(Number);
    return [least, most] as const;
  });
  return ranges.length === 0 ? usualStatuses : ranges;
}

function patternOf(url: Statement): PatternPlan | undefined {
  const statement = lastIn(url, "regex");
  if (statement === undefined) return undefined;
  const options = lastIn(url, "regex_options")?.words ?? [];
  const to = integerIn(url, "regex_max_offset", 1, offsetMax);
  return {
    text: unescapePattern(statement.rest.text),
    options,
    negated: lastIn(url, "regex_no_match") !== undefined,
    from: integerIn(url, "regex_min_offset", 0, offsetMax) ?? 0,
    ...(to === undefined ? {} : { to }),
  };
}

const escapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/**
 * The word after `regex`: quotes join, and a backslash is one of the configuration's own (behaviour
 * 1.7), so a class of PCRE2 is written with two, as in `\\d`.
 */
export function unescapePattern(text: string): string {
  let word = "";
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "\\") {
      const [read, length] = readEscape(text.slice(at + 1));
      word += read;
      at += length;
    } else if (quote === "" && /\s/.test(character)) break;
    else if (character === quote) quote = "";
    else if (quote === "" && (character === '"' || character === "'")) quote = character;
    else word += character;
  }
  return word;
}

/** What an escape stands for, and how many characters after the backslash it takes. */
function readEscape(text: string): [read: string, length: number] {
  const octal = /^[0-7]{3}/.exec(text)?.[0];
  if (octal !== undefined) return [String.fromCharCode(Number.parseInt(octal, 8) & 255), 3];
  const hexadecimal = /^x([\da-fA-F]{2})/.exec(text)?.[1];
  if (hexadecimal !== undefined) return [String.fromCharCode(Number.parseInt(hexadecimal, 16)), 3];
  const control = /^c([@-_a-z])/.exec(text)?.[1];
  if (control !== undefined) return [String.fromCharCode(control.charCodeAt(0) & 31), 2];
  const [first = ""] = text;
  return [escapes[first] ?? first, first.length];
}
