/**
 * A program that floods a segment with forged adverts at a steady pace, run in a namespace of the
 * benchmark: `flood.ts INDEX FORGERY ROUTERS PER_SECOND SECONDS`. What it could not send in time it
 * sends later. It ends with the number of frames that left.
 */
import process from "node:process";
import { AF, linkLayerAddress, openLibc, SOCK, Socket } from "../../ffi/mod.ts";
import { ifIndex } from "../../lib/base/mod.ts";
import { forgedFrames, type Forgery } from "./forged.ts";

/** A pause of the pace; the runtime wakes up about a millisecond later. */
const pauseMs = 1;

async function main(): Promise<void> {
  const [index, forgery, routers, perSecond, seconds] = process.argv.slice(2);
  const frames = forgedFrames(forgery as Forgery, Number(routers));
  const opened = Socket.open(await openLibc(), AF.PACKET, SOCK.RAW, 0);
  if (!opened.ok) throw new Error(`Cannot open a packet socket: ${opened.error.name}`);
  using socket = opened.value;
  const address = linkLayerAddress(ifIndex(Number(index)), 0);
  const began = performance.now();
  let sent = 0;
  for (;;) {
    const elapsedMs = performance.now() - began;
    if (elapsedMs > Number(seconds) * 1000) break;
    for (const due = elapsedMs * Number(perSecond) / 1000; sent < due; sent++) {
      socket.sendTo(frames[sent % frames.length] ?? new Uint8Array(), address);
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  process.stdout.write(`${sent}\n`);
}

await main();
