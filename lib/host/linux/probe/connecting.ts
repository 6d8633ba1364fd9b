/**
 * Connections of checks: made without waiting, from the address, port and interface and with the
 * mark that the configuration says. Why a TCP connection did not come about is asked by connecting
 * once more, as connect(2) has it.
 */
import {
  AF,
  cString,
  EPOLL,
  int32,
  type Libc,
  type OsError,
  SO,
  SOCK,
  Socket,
  socketAddress,
  SOL,
} from "../../../../ffi/mod.ts";
import { ifIndex, ipFromBytes, ok, type Result } from "../../../base/mod.ts";
import type { ConnectionPlan } from "../../../check/mod.ts";
import type { ProbeWatch } from "./probe_watch.ts";

/** What says that a connection is still under way. */
const pending: ReadonlySet<string> = new Set(["EINPROGRESS", "EALREADY", "EINTR"]);

/** What probes work with. */
export interface ProbeTools {
  readonly libc: Libc;
  readonly watch: ProbeWatch;
}

/** Something that can be given up. */
export interface Abortable {
  close(): void;
}

/** An error for people. */
export function sentenceOf({ operation, text }: OsError): string {
  return `${operation}: ${text}`;
}

/**
 * A TCP connection on its way; what comes of it is told once, a failure perhaps before this
 * returns. Who gets the socket watches it for something else, or forgets it and closes it.
 */
export function connect(
  { libc, watch }: ProbeTools,
  connection: ConnectionPlan,
  told: (result: Result<Socket, OsError>) => void,
): Abortable {
  const opened = openSocket(libc, SOCK.STREAM, 0, connection);
  if (!opened.ok) {
    told(opened);
    return { close: () => {} };
  }
  const socket = opened.value;
  const to = destinationOf(connection, connection.port);
  let open = true;
  const refused = (result: Result<never, OsError>): void => {
    open = false;
    watch.forget(socket.fd);
    socket[Symbol.dispose]();
    told(result);
  };
  const look = (events: number): void => {
    if ((events & (EPOLL.ERR | EPOLL.HUP)) !== 0) {
      const connected = socket.connect(to);
      if (!connected.ok && connected.error.name !== "EISCONN") return refused(connected);
    }
    open = false;
    told(ok(socket));
  };
  const begun = socket.connect(to);
  if (begun.ok || pending.has(begun.error.name)) watch.add(socket.fd, look, EPOLL.OUT);
  else refused(begun);
  return {
    close: () => {
      if (!open) return;
      open = false;
      watch.forget(socket.fd);
      socket[Symbol.dispose]();
    },
  };
}

/** A socket with everything that the configuration says of it. */
export function openSocket(
  libc: Libc,
  type: number,
  protocol: number,
  connection: ConnectionPlan,
): Result<Socket, OsError> {
  const domain = connection.address.family === "ipv4" ? AF.INET : AF.INET6;
  const opened = Socket.open(libc, domain, type, protocol);
  if (!opened.ok) return opened;
  const prepared = prepare(opened.value, connection, type === SOCK.RAW);
  if (prepared.ok) return opened;
  opened.value[Symbol.dispose]();
  return prepared;
}

/** The address to connect to. */
export function destinationOf({ address }: ConnectionPlan, port: number): Uint8Array {
  return socketAddress(address, ifIndex(0), port);
}

/** Source address and port, interface, mark; raw sockets have no ports. */
function prepare(
  socket: Socket,
  { address, source, sourcePort, interfaceName, mark }: ConnectionPlan,
  raw: boolean,
): Result<unknown, OsError> {
  const port = raw ? undefined : sourcePort;
  const configured = socket.configure(
    // The same port must be free again for the next check.
    ...(port === undefined ? [] : [{
      level: SOL.SOCKET,
      name: SO.REUSEADDR,
      value: int32(1),
    }]),
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
  if (!configured.ok || (source === undefined && port === undefined)) return configured;
  const unspecified = ipFromBytes(new Uint8Array(address.bytes.length));
  return socket.bind(socketAddress(source ?? unspecified, ifIndex(0), port ?? 0));
}
