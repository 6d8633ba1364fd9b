/**
 * Tells the supervisor how it is (sd_notify(3)): one datagram to the socket that NOTIFY_SOCKET
 * names. Without one, nobody wants to know. A supervisor with a watchdog also wants to hear now
 * and then that the loop still turns, which is what its timer here shows.
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

/**
 * Says that the daemon is ready, and from then on until disposed that its loop turns, four times in
 * each interval of the watchdog that wants to hear of this process. sd_watchdog_enabled(3) asks for
 * two; the others are for a machine that is late.
 */
export function reportReady(libc: Libc): Disposable {
  notifySupervisor(libc, `READY=1\nMAINPID=${process.pid}`);
  const { WATCHDOG_USEC: interval = "", WATCHDOG_PID: watched = `${process.pid}` } = process.env;
  // A process that passed its environment on may be the one that is meant.
  if (!/^[1-9]\d*$/.test(interval) || Number(watched) !== process.pid) {
    return { [Symbol.dispose]: () => {} };
  }
  const feed = (): void => notifySupervisor(libc, "WATCHDOG=1");
  const timer = setInterval(feed, Number(interval) / 4000);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
