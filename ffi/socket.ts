/**
 * One non-blocking socket: options, memberships, sending, receiving. Addresses and option values
 * are octets made by `layouts.ts`. Errors come back as values; nothing here throws.
 */
import { err, ok, type Result, viewOf } from "../lib/base/mod.ts";
import { errno } from "./errno.ts";
import { MSG, SO, SOCK, SOL } from "./constants.ts";
import { filterHeader } from "./packet_filter.ts";
import { checked, lastError, type Libc, type OsError } from "./libc.ts";

/** A received datagram. */
export interface Received {
  /** Lies in the buffer that was handed in. */
  readonly bytes: Uint8Array;
  /** The sender's socket address, valid until the next receive. */
  readonly from: Uint8Array;
}

/** Which option, and its value. */
export interface SocketOption {
  readonly level: number;
  readonly name: number;
  readonly value: Uint8Array;
}

/** SO_MEMINFO: nine numbers, SK_MEMINFO_DROPS of <linux/sock_diag.h> is the last. */
const [memoryInfoSize, memoryInfoDrops] = [36, 32];

/** An open socket. */
export class Socket {
  readonly fd: number;
  readonly #libc: Libc;
  /** Made when somebody is asked who he is: most sockets of checks never are. */
  #sender: { readonly from: Uint8Array; readonly length: Uint8Array } | undefined;

  private constructor(libc: Libc, fd: number) {
    this.#libc = libc;
    this.fd = fd;
  }

  /** socket(2), non-blocking and closed on exec. */
  static open(libc: Libc, domain: number, type: number, protocol: number): Result<Socket, OsError> {
    const flags = type | SOCK.NONBLOCK | SOCK.CLOEXEC;
    const opened = checked(libc, "socket", libc.libc.socket(domain, flags, protocol));
    return opened.ok ? ok(new Socket(libc, opened.value)) : opened;
  }

  /** setsockopt(2) for each; the first failure ends it. */
  configure(...options: readonly SocketOption[]): Result<void, OsError> {
    for (const { level, name, value } of options) {
      const result = this.#libc.libc.setsockopt(this.fd, level, name, value, value.length);
      if (result < 0) return err(lastError(this.#libc, `setsockopt ${level}/${name}`));
    }
    return ok(undefined);
  }

  /** Gives the socket a packet filter in place of the one it has; the swap is atomic. */
  filter(program: Uint8Array): Result<void, OsError> {
    const value = filterHeader(program, this.#libc.addressOf(program));
    return this.configure({ level: SOL.SOCKET, name: SO.ATTACH_FILTER, value });
  }

  /** bind(2). */
  bind(address: Uint8Array): Result<number, OsError> {
    return checked(this.#libc, "bind", this.#libc.libc.bind(this.fd, address, address.length));
  }

  /** connect(2); asked again, it says how the connection goes. */
  connect(address: Uint8Array): Result<number, OsError> {
    const { libc } = this.#libc;
    return checked(this.#libc, "connect", libc.connect(this.fd, address, address.length));
  }

  /** getsockname(2). */
  localAddress(): Result<Uint8Array, OsError> {
    const { from, length } = this.#newSender();
    const result = this.#libc.libc.getsockname(this.fd, from, length);
    if (result < 0) return err(lastError(this.#libc, "getsockname"));
    return ok(from.slice(0, viewOf(length).getUint32(0, true)));
  }

  /** How many packets the kernel has dropped so far because nobody read them in time. */
  drops(): number {
    const info = new Uint8Array(memoryInfoSize);
    const length = Uint8Array.of(memoryInfoSize, 0, 0, 0);
    const { libc } = this.#libc;
    const result = libc.getsockopt(this.fd, SOL.SOCKET, SO.MEMINFO, info, length);
    return result < 0 ? 0 : viewOf(info).getUint32(memoryInfoDrops, true);
  }

  /** sendto(2). */
  sendTo(bytes: Uint8Array, address: Uint8Array): Result<number, OsError> {
    const { libc } = this.#libc;
    const sent = libc.sendto(this.fd, bytes, bytes.length, MSG.NOSIGNAL, address, address.length);
    return checked(this.#libc, "sendto", sent);
  }

  /** send(2) on a connected socket; how many octets were taken. */
  send(bytes: Uint8Array): Result<number, OsError> {
    const { libc } = this.#libc;
    const sent = libc.sendto(this.fd, bytes, bytes.length, MSG.NOSIGNAL, null, 0);
    return checked(this.#libc, "send", sent);
  }

  /** sendmsg(2) of a prepared struct msghdr. */
  sendMessage(header: Uint8Array): Result<number, OsError> {
    const sent = this.#libc.libc.sendmsg(this.fd, header, MSG.NOSIGNAL);
    return checked(this.#libc, "sendmsg", sent);
  }

  /** recvmmsg(2) into prepared headers; how many were filled, 0 when nothing is there. */
  receiveMessages(headers: Uint8Array, count: number): Result<number, OsError> {
    const got = this.#libc.libc.recvmmsg(this.fd, headers, count, MSG.DONTWAIT, null);
    if (got >= 0) return ok(got);
    const error = lastError(this.#libc, "recvmmsg");
    return error.errno === errno.EAGAIN || error.errno === errno.EINTR ? ok(0) : err(error);
  }

  /** recvfrom(2); undefined when nothing is there. */
  receive(buffer: Uint8Array): Result<Received | undefined, OsError> {
    const { from, length } = this.#newSender();
    const bytes = this.#receive(buffer, from, length);
    if (!bytes.ok || bytes.value === undefined) return bytes as Result<undefined, OsError>;
    return ok({ bytes: bytes.value, from });
  }

  /** recv(2) on a connected socket; undefined when nothing is there. */
  read(buffer: Uint8Array): Result<Uint8Array | undefined, OsError> {
    return this.#receive(buffer, null, null);
  }

  [Symbol.dispose](): void {
    this.#libc.libc.close(this.fd);
  }

  #receive(
    buffer: Uint8Array,
    from: Uint8Array | null,
    length: Uint8Array | null,
  ): Result<Uint8Array | undefined, OsError> {
    const { libc } = this.#libc;
    const got = libc.recvfrom(this.fd, buffer, buffer.length, MSG.DONTWAIT, from, length);
    if (got >= 0) return ok(buffer.subarray(0, got));
    const error = lastError(this.#libc, "recvfrom");
    return error.errno === errno.EAGAIN || error.errno === errno.EINTR ? ok(undefined) : err(error);
  }

  #newSender(): { readonly from: Uint8Array; readonly length: Uint8Array } {
    this.#sender ??= { from: new Uint8Array(128), length: new Uint8Array(4) };
    this.#sender.length[0] = this.#sender.from.length;
    return this.#sender;
  }
}
