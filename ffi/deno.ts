/**
 * The binding for Deno: `Deno.dlopen`, `Deno.UnsafePointer`, `Deno.serve`. The only file that names
 * `Deno`.
 */
import {
  type Binding,
  closeWithin,
  type HttpHandler,
  type HttpPlace,
  type HttpServer,
  libcNames,
  openFirst,
} from "./binding.ts";
import { type LibcFunctions, symbols } from "./symbols.ts";

/** Binds libc through Deno. */
export function bindDeno(architecture: string): Binding {
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
    releaseMemory: () => {},
    serve,
  };
}

function serve(place: HttpPlace, handler: HttpHandler): HttpServer {
  const abort = new AbortController();
  const quiet = { onListen: () => {}, signal: abort.signal };
  const server = place.kind === "unix"
    ? Deno.serve({ path: place.path, ...quiet }, handler)
    : Deno.serve({ hostname: place.address, port: place.port, ...quiet }, handler);
  return {
    close: () =>
      closeWithin(server.shutdown(), () => {
        abort.abort();
        return server.finished;
      }),
  };
}
