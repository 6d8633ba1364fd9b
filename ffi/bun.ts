/**
 * The binding for Bun: `bun:ffi` and `Bun.serve`. The only file that names either; it declares the
 * few functions it uses, so that no package of types is needed.
 */
import {
  type Binding,
  bodyMax,
  closeWithin,
  type HttpHandler,
  type HttpPlace,
  type HttpServer,
  libcNames,
  type LibraryFunctions,
  type LibraryTable,
  openFirst,
} from "./binding.ts";
import { limitConnections } from "./connection_limit.ts";
import {
  type LibcFunctions,
  type ParameterType,
  type SymbolDefinition,
  symbols,
} from "./symbols.ts";

interface BunFunction {
  readonly args: readonly string[];
  readonly returns: string;
}

interface BunFfi {
  dlopen(name: string, table: Record<string, BunFunction>): { symbols: Record<string, unknown> };
  ptr(bytes: Uint8Array): number;
  CString: new (pointer: number) => { toString(): string };
  toArrayBuffer(pointer: number, offset: number, length: number): ArrayBuffer;
}

interface BunServer {
  requestIP(request: Request): { readonly address: string } | null;
  stop(closeActiveConnections: boolean): Promise<void>;
}

declare const Bun: {
  gc(synchronously: boolean): void;
  shrink(): void;
  serve(options: {
    unix?: string;
    hostname?: string;
    port?: number;
    /** Whether others may listen on the same port; without `development` that is so if absent. */
    reusePort?: boolean;
    development: boolean;
    /** Seconds after which a connection on which nothing happens is closed; 10 if absent. */
    idleTimeout?: number;
    maxRequestBodySize?: number;
    fetch(request: Request, server: BunServer): Response | Promise<Response>;
  }): BunServer;
};

/** The longest that Bun knows, in seconds. */
const idleMax = 255;

const bunTypes: Record<ParameterType, string> = {
  i32: "i32",
  u32: "u32",
  usize: "u64_fast",
  buffer: "ptr",
};

/** Binds libc through Bun. */
export async function bindBun(architecture: string): Promise<Binding> {
  // Spelled as a value so that Deno, which has no such module, does not look for it.
  const moduleName = "bun:ffi";
  const ffi = await import(moduleName) as BunFfi;
  const table: Record<string, BunFunction> = { __errno_location: { args: [], returns: "ptr" } };
  for (const [name, { parameters, result }] of Object.entries<SymbolDefinition>(symbols)) {
    table[name] = { args: parameters.map((type) => bunTypes[type]), returns: result };
  }
  const library = openFirst(libcNames(architecture), (name) => ffi.dlopen(name, table));
  const errnoLocation = library.symbols["__errno_location"] as () => number;
  const errnoCell = new Int32Array(ffi.toArrayBuffer(errnoLocation(), 0, 4));
  return {
    libc: library.symbols as LibcFunctions,
    addressOf: (bytes) => {
      // A short array lives inside the garbage-collected heap until its buffer is asked for; only
      // then does it get the address that it keeps.
      return bytes.buffer.byteLength >= 0 ? ffi.ptr(bytes) : 0;
    },
    errno: () => errnoCell[0] ?? 0,
    openLibrary: (name, functions) => openLibrary(ffi, name, functions),
    textAt: (address) => new ffi.CString(address).toString(),
    releaseMemory: () => {
      Bun.gc(true);
      Bun.shrink();
    },
    serve: (place, handler) => serve(library.symbols as LibcFunctions, place, handler),
  };
}

function openLibrary(
  ffi: BunFfi,
  name: string,
  functions: LibraryTable,
): LibraryFunctions | undefined {
  const table: Record<string, BunFunction> = {};
  for (const [symbol, { parameters, result }] of Object.entries(functions)) {
    const args = parameters.map((type) => type === "usize" ? "ptr" : bunTypes[type]);
    table[symbol] = { args, returns: result === "address" ? "ptr" : result };
  }
  try {
    return ffi.dlopen(name, table).symbols as LibraryFunctions;
  } catch {
    return undefined;
  }
}

function serve(libc: LibcFunctions, place: HttpPlace, handler: HttpHandler): HttpServer {
  try {
    const server = listen(place, handler);
    const unlimit = place.kind === "tcp"
      ? limitConnections(libc, place.port, place.connectionsMax)
      : (): void => {};
    return {
      listening: Promise.resolve(),
      close: () => {
        unlimit();
        return closeWithin(server.stop(false), () => server.stop(true));
      },
    };
  } catch (error) {
    return { listening: Promise.reject(error), close: () => Promise.resolve() };
  }
}

function listen(place: HttpPlace, handler: HttpHandler): BunServer {
  const options = {
    development: false,
    fetch: (request: Request, server: BunServer) =>
      handler(addressed(request), () => server.requestIP(request)?.address ?? ""),
  };
  return place.kind === "unix"
    // A large configuration on a busy machine may take longer to reload than ten seconds.
    ? Bun.serve({ unix: place.path, idleTimeout: idleMax, ...options })
    // Who is slow to ask is cut off after ten seconds, a head of more than 16 KiB gets status 431.
    : Bun.serve({
      hostname: place.address,
      port: place.port,
      reusePort: false,
      maxRequestBodySize: bodyMax,
      ...options,
    });
}

/** A request of HTTP/1.0 need not say to which host it goes, and any may say nonsense. */
function addressed(request: Request): Request {
  const { url } = request;
  if (URL.canParse(url)) return request;
  return new Request(`http://standin${url.replace(/^https?:\/\/[^/]*/, "")}`, request);
}
