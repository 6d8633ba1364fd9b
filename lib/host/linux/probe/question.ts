/**
 * A check of one datagram and its answer: UDP, DNS over UDP, and echo requests over raw sockets,
 * which need no setting of the kernel to be changed. The socket is connected, so the kernel gives
 * us what comes from the server only, and says when nobody is at home.
 */
import { SOCK, type Socket } from "../../../../ffi/mod.ts";
import { type DatagramPlan, judgeAnswer, questionOf } from "../../../check/mod.ts";
import { ipProtocol } from "../../../wire/mod.ts";
import {
  type Abortable,
  destinationOf,
  openSocket,
  type ProbeTools,
  sentenceOf,
} from "./connecting.ts";

/** What a server may answer at once; the rest of a larger datagram is not looked at. */
const answer = new Uint8Array(65_536);
/** How many one look takes; what is left is found by the next. */
const datagramsPerLook = 64;

/** Asks; the end is told once, perhaps before this returns. */
export function ask(
  { libc, watch }: ProbeTools,
  plan: DatagramPlan,
  token: number,
  ended: (failure?: string) => void,
): Abortable {
  const { connection } = plan;
  const raw = plan.kind === "ping";
  const isIpv4 = connection.address.family === "ipv4";
  const protocol = !raw ? 0 : isIpv4 ? ipProtocol.icmp : ipProtocol.icmpv6;
  const opened = openSocket(libc, raw ? SOCK.RAW : SOCK.DGRAM, protocol, connection);
  if (!opened.ok) {
    ended(sentenceOf(opened.error));
    return { close: () => {} };
  }
  const socket = opened.value;
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    watch.forget(socket.fd);
    socket[Symbol.dispose]();
  };
  const end = (failure?: string): void => {
    close();
    ended(failure);
  };
  watch.add(socket.fd, () => {
    const heard = hear(socket, plan, token);
    if (heard !== undefined) end(heard.failure);
  });
  const connected = socket.connect(destinationOf(connection, raw ? 0 : connection.port));
  const sent = connected.ok ? socket.send(questionOf(plan, token)) : connected;
  if (!sent.ok) end(sentenceOf(sent.error));
  return { close };
}

/** The first answer that is one; absent when there is none. */
function hear(
  socket: Socket,
  plan: DatagramPlan,
  token: number,
): { readonly failure?: string } | undefined {
  for (let count = 0; count < datagramsPerLook; count++) {
    const received = socket.read(answer);
    if (!received.ok) return { failure: sentenceOf(received.error) };
    if (received.value === undefined) return undefined;
    const bytes = received.value;
    // IPv4 comes with its header.
    const header = plan.kind === "ping" && plan.connection.address.family === "ipv4"
      ? ((bytes[0] ?? 0) & 15) * 4
      : 0;
    const outcome = judgeAnswer(plan, token, bytes.subarray(header));
    if (outcome !== undefined) return outcome;
  }
  return undefined;
}
