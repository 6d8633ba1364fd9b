/**
 * Tells the supervisor how it is (sd_notify(3)): one datagram to the socket that NOTIFY_SOCKET
 * names. Without one, nobody wants to know.
 */
import { AF, type Libc, SOCK, Socket, unixAddress } from "../../../ffi/mod.ts";

/** Sends assignments such as `READY=1`, one on each line. */
export function notifySupervisor(libc: Libc, state: string): void {
  const path = process.env["NOTIFY_SOCKET"];
  if (path === undefined) return;
  const opened = Socket.open(libc, AF.UNIX, SOCK.DGRAM, 0);
  if (!opened.ok) return;
  using socket = opened.value;
  socket.sendTo(new TextEncoder().encode(state), unixAddress(path));
}
