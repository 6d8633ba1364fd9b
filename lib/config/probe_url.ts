/**
 * The URL of an `http` probe. The server is named by its address: whoever asks a name server first
 * asks two things at once.
 */
import { type IpAddress, parseIp } from "../base/mod.ts";

/** The parts of a URL. */
export interface ProbeUrl {
  readonly tls: boolean;
  readonly address: IpAddress;
  readonly port: number;
  /** The address as it stands in the URL, with its port where that is said. */
  readonly host: string;
  readonly path: string;
}

/** Reads a URL; `undefined` when it is none with an address. */
export function probeUrlOf(text: string): ProbeUrl | undefined {
  const found = /^(https?):\/\/(\[[^\]/]+\]|[^:/[\]]+)(?::(\d{1,5}))?(\/\S*)?$/.exec(text);
  if (found === null) return undefined;
  const [, scheme, name = "", number, path = "/"] = found;
  const address = parseIp(name.replace(/^\[|\]$/g, ""));
  const bracketed = name.startsWith("[");
  if (address === undefined || bracketed !== (address.family === "ipv6")) return undefined;
  const tls = scheme === "https";
  const port = number === undefined ? (tls ? 443 : 80) : Number(number);
  if (port < 1 || port > 65_535) return undefined;
  return { tls, address, port, host: number === undefined ? name : `${name}:${number}`, path };
}
