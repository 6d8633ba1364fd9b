/**
 * A program that finds out how often the machine itself stands still: `machine_pauses.ts SECONDS`.
 * It sleeps for a millisecond at a time; when it goes before everything else there is and still
 * gets the processor late, nobody on this machine had it. It ends with the lengths of the pauses
 * in milliseconds, as JSON.
 */
import process from "node:process";

const napMs = 1;
/** What the kernel needs for itself now and then is shorter. */
const leastMs = 2;

const [seconds] = process.argv.slice(2);
const nap = new Int32Array(new SharedArrayBuffer(4));
const pauses: number[] = [];
const end = performance.now() + Number(seconds) * 1000;
for (let before = performance.now(); before < end;) {
  Atomics.wait(nap, 0, 0, napMs);
  const now = performance.now();
  if (now - before - napMs > leastMs) pauses.push(now - before - napMs);
  before = now;
}
process.stdout.write(`${JSON.stringify(pauses)}\n`);
