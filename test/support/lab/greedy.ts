/**
 * Clients of HTTP that one would rather not have, run as a program: `greedy.ts PORT`. Some send a
 * request an octet a second and never end it, some a header of ten megabytes. It says "open" when
 * all are connected, and at the end what became of them, as JSON.
 */
import { connect } from "node:net";
import process from "node:process";

/** What became of those clients. */
export interface Fate {
  /** Slow ones that were cut off before they had said it all. */
  readonly slow: number;
  /** What the greedy ones were answered, a line each. */
  readonly answers: readonly string[];
}

const [slowCount, greedyCount] = [50, 3];
const headerLength = 10 * 1_048_576;
const begun = "GET /status HTTP/1.1\r\nHost: x\r\nX-Long: ";

/** Resolves with the first line of the answer when the connection is closed. */
function ask(port: number, connected: () => void, talk: (say: Say) => () => void): Promise<string> {
  return new Promise((resolve) => {
    let heard = "";
    let stop = (): void => {};
    const socket = connect({ host: "127.0.0.1", port }, () => {
      connected();
      stop = talk((text) => void socket.write(text));
    });
    socket.on("data", (bytes) => heard += bytes.toString("latin1"));
    // Who is cut off in the middle of a word may find the connection reset.
    socket.on("error", () => {});
    socket.on("close", () => {
      stop();
      resolve(heard.split("\r\n")[0] ?? "");
    });
  });
}

type Say = (text: string) => void;

function slowly(say: Say): () => void {
  say(begun);
  const timer = setInterval(() => say("x"), 1000);
  return () => clearInterval(timer);
}

function greedily(say: Say): () => void {
  say(begun + "x".repeat(headerLength));
  return () => {};
}

async function main(port: number): Promise<void> {
  let missing = slowCount + greedyCount;
  const connected = (): void => {
    if (--missing === 0) process.stdout.write("open\n");
  };
  const all = (count: number, talk: typeof slowly): Promise<string[]> =>
    Promise.all(Array.from({ length: count }, () => ask(port, connected, talk)));
  const [slow, answers] = await Promise.all([
    all(slowCount, slowly),
    all(greedyCount, greedily),
  ]);
  const fate: Fate = { slow: slow.length, answers };
  process.stdout.write(`${JSON.stringify(fate)}\n`);
}

if (import.meta.main) await main(Number(process.argv[2]));
