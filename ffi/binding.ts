/**
 * What a runtime brings: libc bound from the symbol table, addresses of buffers, errno, and an HTTP
 * server for a handler of requests. `deno.ts` and `bun.ts` implement it; nothing else in the
 * program knows which runtime it runs on.
 */
import type { LibcFunctions, ParameterType } from "./symbols.ts";

/** Something that listens until it is closed. */
export interface HttpServer {
  /** Rejects when the place can not be had. */
  readonly listening: Promise<void>;
  close(): Promise<void>;
}

/** Answers a request; `from` tells the address of who asks. */
export type HttpHandler = (request: Request, from: () => string) => Response | Promise<Response>;

/** Octets of a body that somebody may send over the network; who sends more gets status 413. */
export const bodyMax = 65_536;

/** Where a server listens on the network, and how many may be connected there. */
export interface TcpPlace {
  readonly kind: "tcp";
  readonly address: string;
  readonly port: number;
  readonly connectionsMax: number;
}

/** Where a server listens. */
export type HttpPlace = TcpPlace | { readonly kind: "unix"; readonly path: string };

/** Functions of a library that is opened late; an `address` is that of something of its own. */
export type LibraryTable = Readonly<
  Record<
    string,
    { readonly parameters: readonly ParameterType[]; readonly result: "i32" | "address" }
  >
>;

/** Such functions, bound. */
export type LibraryFunctions = Readonly<
  Record<string, (...parameters: (number | Uint8Array)[]) => number>
>;

/** One runtime's ways. */
export interface Binding {
  readonly libc: LibcFunctions;
  /** The address of the first octet; the caller keeps the array alive as long as it is used. */
  addressOf(bytes: Uint8Array): number;
  /** The error number of the libc call that this thread made just before. */
  errno(): number;
  /** Opens another library; `undefined` when it is not there or lacks a function. */
  openLibrary(name: string, table: LibraryTable): LibraryFunctions | undefined;
  /** The zero-terminated text at an address. */
  textAt(address: number): string;
  /** Collects garbage and gives memory back, where the runtime lets itself be asked. */
  releaseMemory(): void;
  /** Starts a server. */
  serve(place: HttpPlace, handler: HttpHandler): HttpServer;
}

/**
 * Names of libc in the order in which they are tried: glibc, then musl by architecture, then
 * whatever a plain name finds.
 */
export function libcNames(architecture: string): readonly string[] {
  const musl = architecture === "arm64" ? "aarch64" : "x86_64";
  return ["libc.so.6", `libc.musl-${musl}.so.1`, `/lib/ld-musl-${musl}.so.1`, "libc.so"];
}

/** Calls `open` with each name of libc until one does not throw. */
export function openFirst<T>(names: readonly string[], open: (name: string) => T): T {
  const refusals: string[] = [];
  for (const name of names) {
    try {
      return open(name);
    } catch (error) {
      refusals.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(`Cannot open the C library: ${refusals.join("; ")}`);
}

/** How long answers under way may take when a server closes, in milliseconds. */
const closeLimitMs = 250;

/** Waits for a server that lets its answers finish; after the limit it is closed by force. */
export async function closeWithin(
  finished: Promise<void>,
  force: () => Promise<void>,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), closeLimitMs);
  });
  const outcome = await Promise.race([finished, limit]);
  clearTimeout(timer);
  if (outcome === "late") await force();
}
