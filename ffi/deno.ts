/**
 * The binding for Deno: `Deno.dlopen`, `Deno.UnsafePointer`, `Deno.serve`. The only file that names
 * `Deno`.
 */
import {
  type Binding,
  closeWithin,
  type HttpHandler,
  type HttpServer,
  libcNames,
  type LibraryFunctions,
  type LibraryTable,
  openFirst,
} from "./binding.ts";
import { type LibcFunctions, symbols } from "./symbols.ts";

/** Binds libc through Deno. */
export async function bindDeno(architecture: string): Promise<Binding> {
  // Nobody else needs it.
  const { serveWithNode } = await import("./node_server.ts");
  const errnoSymbol = { __errno_location: { parameters: [], result: "pointer" } } as const;
  const library = openFirst(
    libcNames(architecture),
    (name) => Deno.dlopen(name, { ...symbols, ...errnoSymbol }),
  );
  const place = library.symbols.__errno_location();
  if (place === null) throw new Error("The C library has no errno");
  const errnoCell = new Int32Array(Deno.UnsafePointerView.getArrayBuffer(place, 4));
  return {
    // `dlopen` types buffers more loosely than the table does.
    libc: library.symbols as unknown as LibcFunctions,
    addressOf: (bytes) => {
      const pointer = Deno.UnsafePointer.of(bytes as Uint8Array<ArrayBuffer>);
      return Number(Deno.UnsafePointer.value(pointer));
    },
    errno: () => errnoCell[0] ?? 0,
    openLibrary,
    textAt: (address) => {
      const pointer = Deno.UnsafePointer.create(BigInt(address));
      return pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer);
    },
    releaseMemory: () => {},
    serve: (place, handler) =>
      place.kind === "tcp" ? serveWithNode(place, handler) : serveLocally(place.path, handler),
  };
}

function openLibrary(name: string, functions: LibraryTable): LibraryFunctions | undefined {
  const table: Record<string, Deno.ForeignFunction> = {};
  for (const [symbol, { parameters, result }] of Object.entries(functions)) {
    table[symbol] = {
      parameters: [...parameters],
      result: result === "address" ? "usize" : result,
    };
  }
  try {
    const { symbols: bound } = Deno.dlopen(name, table);
    return Object.fromEntries(
      Object.entries(bound).map(([symbol, call]) => {
        // An address comes as a bigint, and may be given as one.
        const ask = call as (...parameters: unknown[]) => unknown;
        const takes = functions[symbol]?.parameters ?? [];
        return [symbol, (...given: (number | Uint8Array)[]): number => {
          const parameters = given.map((one, at) =>
            takes[at] === "usize" && typeof one === "number" ? BigInt(one) : one
          );
          return Number(ask(...parameters));
        }];
      }),
    );
  } catch {
    return undefined;
  }
}

/** Who may use such a socket is root, and may be as slow as he likes. */
function serveLocally(path: string, handler: HttpHandler): HttpServer {
  const abort = new AbortController();
  const options = { path, onListen: () => {}, signal: abort.signal };
  const server = Deno.serve(options, (request) => handler(request, () => ""));
  return {
    listening: Promise.resolve(),
    close: () =>
      closeWithin(server.shutdown(), () => {
        abort.abort();
        return server.finished;
      }),
  };
}
