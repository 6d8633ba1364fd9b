/**
 * Talking with the kernel about links and addresses over rtnetlink. Requests are answered within
 * the call: the kernel carries them out while it takes them, so the acknowledgement is there at
 * once and nothing has to wait for it.
 */
import {
  AF,
  describeErrno,
  int32,
  type Libc,
  NETLINK,
  netlinkAddress,
  netlinkAddressPortId,
  type OsError,
  renderOsError,
  SOCK,
  Socket,
  SOL,
} from "../../../ffi/mod.ts";
import { concatBytes, err, ok, type Result, viewOf } from "../../base/mod.ts";
import type { KernelRefusal } from "../../engine/mod.ts";
import {
  controlType,
  decodeAck,
  decodeDone,
  type NetlinkMessage,
  splitMessages,
} from "../../netlink/mod.ts";

/** One read of a dump brings up to 32 KiB; a larger buffer is never used by the kernel. */
const bufferSize = 65_536;

/** A socket for requests. */
export class RouteNetlink {
  readonly #socket: Socket;
  readonly #buffer = new Uint8Array(bufferSize);
  readonly #kernel = netlinkAddress();
  #sequence = 0;
  /** Our port id: the kernel writes it into the events that our requests cause. */
  readonly portId: number;

  private constructor(socket: Socket, portId: number) {
    this.#socket = socket;
    this.portId = portId;
  }

  /** Opens and binds; asks for the kernel's words with refusals where it has them. */
  static open(
    libc: Libc,
    protocol: number = NETLINK.ROUTE,
  ): Result<RouteNetlink, OsError> {
    const opened = openNetlink(libc, protocol);
    if (!opened.ok) return opened;
    const name = opened.value.localAddress();
    if (!name.ok) {
      opened.value[Symbol.dispose]();
      return name;
    }
    const portId = viewOf(name.value).getUint32(netlinkAddressPortId, true);
    return ok(new RouteNetlink(opened.value, portId));
  }

  /** Sends a request made by `encode` and takes its acknowledgement. */
  request(encode: (sequence: number) => Uint8Array): Result<void, KernelRefusal> {
    const answer = this.#exchange(encode);
    return answer.ok ? ok(undefined) : answer;
  }

  /**
   * Sends requests in one datagram, each of which is acknowledged; answers those that were refused
   * by their places. There must be room for all acknowledgements: some hundred are none too many.
   */
  batch(encode: readonly ((sequence: number) => Uint8Array)[]): Map<number, KernelRefusal> {
    const first = this.#sequence + 1;
    const messages = encode.map((one, index) => one((first + index) >>> 0));
    this.#sequence = (this.#sequence + messages.length) >>> 0;
    const refused = new Map<number, KernelRefusal>();
    const sent = this.#socket.sendTo(concatBytes(...messages), this.#kernel);
    if (!sent.ok) return new Map(messages.map((_, index) => [index, refusalOf(sent.error)]));
    for (let left = messages.length; left > 0;) {
      const received = this.#socket.receive(this.#buffer);
      // Whatever is wrong, the next renewal is soon.
      if (!received.ok || received.value === undefined) break;
      if (!isFromKernel(received.value.from)) continue;
      const split = splitMessages(received.value.bytes);
      for (const message of split.ok ? split.value : split.error.messages) {
        const index = (message.sequence - first) >>> 0;
        const end = index < messages.length ? endOf(message) : undefined;
        if (end === undefined) continue;
        left--;
        if (end.errno !== "") refused.set(index, end);
      }
    }
    return refused;
  }

  /** Sends a dump request and takes all parts of the answer. */
  dump(encode: (sequence: number) => Uint8Array): Result<NetlinkMessage[], KernelRefusal> {
    return this.#exchange(encode);
  }

  /** Asks for one thing; the answer comes before any acknowledgement, or is a refusal. */
  ask(encode: (sequence: number) => Uint8Array): Result<NetlinkMessage, KernelRefusal> {
    const answer = this.#exchange(encode, true);
    if (!answer.ok) return answer;
    const [first] = answer.value;
    return first === undefined ? err({ errno: "ENOENT", message: "no answer" }) : ok(first);
  }

  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]();
  }

  #exchange(
    encode: (sequence: number) => Uint8Array,
    single = false,
  ): Result<NetlinkMessage[], KernelRefusal> {
    this.#sequence = (this.#sequence + 1) >>> 0;
    const sent = this.#socket.sendTo(encode(this.#sequence), this.#kernel);
    if (!sent.ok) return err(refusalOf(sent.error));
    const collected: NetlinkMessage[] = [];
    for (;;) {
      const received = this.#socket.receive(this.#buffer);
      if (!received.ok) return err(refusalOf(received.error));
      if (received.value === undefined) {
        return err({ errno: "EAGAIN", message: "the kernel did not answer" });
      }
      if (!isFromKernel(received.value.from)) continue;
      const split = splitMessages(received.value.bytes);
      const messages = split.ok ? split.value : split.error.messages;
      for (const message of messages) {
        if (message.sequence !== this.#sequence) continue;
        const end = endOf(message);
        if (end === undefined) {
          collected.push({ ...message, payload: message.payload.slice() });
          if (single) return ok(collected);
        } else return end.errno === "" ? ok(collected) : err(end);
      }
    }
  }
}

/** A socket for requests; throws a sentence when the kernel gives none. */
export function openRequests(libc: Libc): RouteNetlink {
  const opened = RouteNetlink.open(libc);
  if (!opened.ok) throw new Error(renderOsError(opened.error));
  return opened.value;
}

/** Opens a netlink socket, of routes if nothing is said, that explains its refusals. */
export function openNetlink(
  libc: Libc,
  protocol: number = NETLINK.ROUTE,
): Result<Socket, OsError> {
  const opened = Socket.open(libc, AF.NETLINK, SOCK.RAW, protocol);
  if (!opened.ok) return opened;
  // Kernels before 4.12 have neither; they then refuse without words.
  opened.value.configure(
    { level: SOL.NETLINK, name: NETLINK.EXT_ACK, value: int32(1) },
    { level: SOL.NETLINK, name: NETLINK.CAP_ACK, value: int32(1) },
  );
  const bound = opened.value.bind(netlinkAddress());
  if (bound.ok) return opened;
  opened.value[Symbol.dispose]();
  return bound;
}

/** Whether a datagram is the kernel's: any process may send to a netlink port. */
export function isFromKernel(from: Uint8Array): boolean {
  return viewOf(from).getUint32(netlinkAddressPortId, true) === 0;
}

/** Acknowledgement or end of a dump; no error name when it went well. */
function endOf(message: NetlinkMessage): KernelRefusal | undefined {
  const { type, payload, flags } = message;
  if (type !== controlType.error && type !== controlType.done) return undefined;
  const ack = type === controlType.error ? decodeAck(payload, flags) : decodeDone(payload, flags);
  if (ack.errno === 0) return { errno: "", message: "" };
  const { name, text } = describeErrno(ack.errno);
  return { errno: name, message: ack.message ?? text };
}

/** A failed system call in the engine's words. */
export function refusalOf(error: OsError): KernelRefusal {
  return { errno: error.name, message: `${error.operation}: ${error.text}` };
}
