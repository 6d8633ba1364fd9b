/**
 * A thread that does nothing but notice that it did not get to run: it tells when that was, in
 * milliseconds since 1970, and how late it is. What keeps the main thread busy does not touch it.
 */
import { parentPort } from "node:worker_threads";

const pulseMs = 10;
/** Less than this makes no story another one. */
const leastMs = 25;

let due = Date.now() + pulseMs;
setInterval(() => {
  const now = Date.now();
  if (now - due > leastMs) parentPort?.postMessage({ atMs: now, lateMs: now - due });
  due = now + pulseMs;
}, pulseMs);
parentPort?.postMessage({ atMs: due, lateMs: 0 });
