/**
 * TCP connections of checks: made without waiting, closed as soon as they are there. Whether one is
 * there is asked by connecting once more, as connect(2) has it.
 */
import {
  AF,
  cString,
  EPOLL,
  int32,
  type Libc,
  type OsError,
  type Poller,
  SO,
  SOCK,
  Socket,
  socketAddress,
  SOL,
} from "../../../ffi/mod.ts";
import { ifIndex, ipFromBytes, type Result } from "../../base/mod.ts";
import type { Effect, EngineEvent } from "../../engine/mod.ts";

type Connection = Extract<Effect, { kind: "probe" }>["probe"]["connection"];

/** What says that a connection is still under way. */
const pending: ReadonlySet<string> = new Set(["EINPROGRESS", "EALREADY", "EINTR"]);

/** All connections that are under way. */
export class TcpConnections {
  readonly #libc: Libc;
  readonly #poller: Poller;
  readonly #tell: (event: EngineEvent) => void;
  readonly #open = new Map<number, Socket>();

  constructor(libc: Libc, poller: Poller, tell: (event: EngineEvent) => void) {
    this.#libc = libc;
    this.#poller = poller;
    this.#tell = tell;
  }

  /** Begins a connection; its end is told. */
  open(run: number, connection: Connection): void {
    const { address, port } = connection;
    const domain = address.family === "ipv4" ? AF.INET : AF.INET6;
    const opened = Socket.open(this.#libc, domain, SOCK.STREAM, 0);
    if (!opened.ok) return this.#ended(run, opened.error);
    const socket = opened.value;
    this.#open.set(run, socket);
    const prepared = prepare(socket, connection);
    if (!prepared.ok) return this.#ended(run, prepared.error);
    const to = socketAddress(address, ifIndex(0), port);
    // Before it connects, so that the signal of its end is not missed.
    this.#poller.add(socket.fd, () => this.#look(run, socket, to), EPOLL.OUT);
    this.#look(run, socket, to);
  }

  /** Gives a connection up, or closes it. */
  close(run: number): void {
    const socket = this.#open.get(run);
    if (socket === undefined) return;
    this.#open.delete(run);
    this.#poller.remove(socket.fd);
    socket[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    for (const run of [...this.#open.keys()]) this.close(run);
  }

  #look(run: number, socket: Socket, to: Uint8Array): void {
    const connected = socket.connect(to);
    if (connected.ok || connected.error.name === "EISCONN") return this.#ended(run);
    if (!pending.has(connected.error.name)) this.#ended(run, connected.error);
  }

  #ended(run: number, error?: OsError): void {
    this.close(run);
    const failure = error === undefined ? {} : { failure: `${error.operation}: ${error.text}` };
    this.#tell({ kind: "probe-ended", run, ...failure });
  }
}

/** Source address and port, interface, mark. */
function prepare(
  socket: Socket,
  { address, source, sourcePort, interfaceName, mark }: Connection,
): Result<unknown, OsError> {
  const configured = socket.configure(
    // The same port must be free again for the next check.
    { level: SOL.SOCKET, name: SO.REUSEADDR, value: int32(1) },
    ...(mark === undefined ? [] : [{
      level: SOL.SOCKET,
      name: SO.MARK,
      value: int32(mark | 0),
    }]),
    ...(interfaceName === undefined ? [] : [{
      level: SOL.SOCKET,
      name: SO.BINDTODEVICE,
      value: cString(interfaceName),
    }]),
  );
  if (!configured.ok || (source === undefined && sourcePort === undefined)) return configured;
  const unspecified = ipFromBytes(new Uint8Array(address.bytes.length));
  return socket.bind(socketAddress(source ?? unspecified, ifIndex(0), sourcePort ?? 0));
}
