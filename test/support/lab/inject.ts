/**
 * Puts frames on an interface as they are, right or wrong: no part of the kernel looks at them on
 * their way out. Run as a program in a namespace: `inject.ts INDEX`, frames on standard input, one
 * a line in hexadecimal. A pause after each batch keeps the receivers' queues from overflowing.
 */
import process from "node:process";
import { AF, linkLayerAddress, openLibc, SOCK, Socket } from "../../../ffi/mod.ts";
import { fromHex, type IfIndex } from "../../../lib/base/mod.ts";

const batchSize = 50;
const pauseMs = 5;

async function main(): Promise<void> {
  const ifIndex = Number(process.argv[2]) as IfIndex;
  const opened = Socket.open(await openLibc(), AF.PACKET, SOCK.RAW, 0);
  if (!opened.ok) throw new Error(`Cannot open a packet socket: ${opened.error.name}`);
  using socket = opened.value;
  const address = linkLayerAddress(ifIndex, 0);
  let text = "";
  process.stdin.setEncoding("utf8");
  for await (const part of process.stdin) text += part;
  const lines = text.split("\n").filter((line) => line !== "");
  for (const [index, line] of lines.entries()) {
    const frame = fromHex(line);
    if (frame === undefined) throw new Error(`Not hexadecimal: ${line}`);
    const sent = socket.sendTo(frame, address);
    if (!sent.ok) throw new Error(`Cannot send ${line}: ${sent.error.name}`);
    if (index % batchSize === batchSize - 1) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

await main();
