/**
 * What a command says, for those who ask later why it failed: its last lines are kept, and all of
 * it goes on to our standard error as far as there is room. A script may talk without end (it is
 * read a piece at a time, and waits meanwhile), leave programs behind that go on talking, or
 * outlive this process; none of them may be ended or held up by that.
 *
 * So the command holds its pipe open for reading, too: nobody who writes to it gets SIGPIPE
 * (pipe(7)). It waits for room as long as we read. Once the command has ended, or we end, writing
 * does not wait any more: what its children say then is read at leisure, or lost.
 */
import { chownSync } from "node:fs";
import { cString, F, type Libc, O, pollDescriptor, POLLOUT } from "../../../ffi/mod.ts";
import { concatBytes, type Identity, viewOf } from "../../base/mod.ts";

/** Octets that are kept, and lines of them. */
const [keptSize, keptLines] = [512, 8];
/** Octets that one look takes; a pipe holds as many. */
const pieceSize = 65_536;
/** Milliseconds to the next look: after a full one, at most, and when the command has ended. */
const [soonMs, lateMs, restMs] = [20, 320, 1000];
/** POSIX: a pipe that is ready takes this many octets without waiting. */
const pipeBuffer = 4096;

/** One buffer serves all: what was read is taken before the next is. */
let piece: Uint8Array | undefined;

/** The output of one command. */
export class CommandOutput {
  /** What the command writes to. */
  readonly fd: number;
  readonly #libc: Libc;
  readonly #source: number;
  readonly #copyTo: number;
  #kept: Uint8Array = new Uint8Array(0);
  /** Whether more was said than is kept. */
  #cut = false;
  #pauseMs = soonMs;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the command has ended. */
  #ended = false;
  /** Whether nobody can say anything any more. */
  #over = false;

  private constructor(libc: Libc, source: number, fd: number, copyTo: number) {
    this.#libc = libc;
    this.#source = source;
    this.fd = fd;
    this.#copyTo = copyTo;
    this.#lookLater();
  }

  /**
   * A pipe for a command of somebody, and where everything is passed on to; absent where there is
   * no pipe: it writes where we write.
   */
  static open(
    libc: Libc,
    identity: Identity | undefined,
    copyTo: number,
  ): CommandOutput | undefined {
    const ends = new Uint8Array(8);
    if (libc.libc.pipe2(ends, O.CLOEXEC | O.NONBLOCK) !== 0) return undefined;
    const [source, sink] = [viewOf(ends).getInt32(0, true), viewOf(ends).getInt32(4, true)];
    const path = `/proc/self/fd/${source}`;
    const both = libc.libc.open(cString(path), O.RDWR | O.CLOEXEC, 0);
    libc.libc.close(sink);
    if (both < 0) {
      libc.libc.close(source);
      return undefined;
    }
    if (identity !== undefined) giveTo(identity, path);
    return new CommandOutput(libc, source, both, copyTo);
  }

  /** The command has ended: its last lines. What its children say is passed on until they end. */
  end(): readonly string[] {
    clearTimeout(this.#timer);
    this.#letGo();
    this.#look();
    this.#lookLater();
    return lastLines(this.#kept, this.#cut);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#letGo();
    if (!this.#over) this.#close();
  }

  /** From now on nobody waits for us. */
  #letGo(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#pauseMs = restMs;
    this.#libc.libc.fcntl(this.fd, F.SETFL, O.NONBLOCK);
    this.#libc.libc.close(this.fd);
  }

  #close(): void {
    this.#over = true;
    this.#libc.libc.close(this.#source);
  }

  #lookLater(): void {
    if (this.#over) return;
    this.#timer = setTimeout(() => {
      const full = this.#look();
      if (!this.#ended) this.#pauseMs = full ? soonMs : Math.min(this.#pauseMs * 2, lateMs);
      this.#lookLater();
    }, this.#pauseMs);
    this.#timer.unref();
  }

  /** Reads a piece; true when there may be more. */
  #look(): boolean {
    piece ??= new Uint8Array(pieceSize);
    const count = this.#libc.libc.read(this.#source, piece, pieceSize);
    // No octets, and no error either: the last who could say something is gone.
    if (count === 0) this.#close();
    if (count <= 0) return false;
    const said = piece.subarray(0, count);
    this.#keep(said);
    passOn(this.#libc, this.#copyTo, said);
    return count === pieceSize;
  }

  #keep(said: Uint8Array): void {
    const all = concatBytes(this.#kept, said);
    this.#cut ||= all.length > keptSize;
    this.#kept = all.slice(-keptSize);
  }
}

/** A shell opens it anew for `> /dev/stderr`; a daemon that may not give it away goes without. */
function giveTo({ uid, gid }: Identity, path: string): void {
  try {
    chownSync(path, uid, gid);
  } catch {
    // What is open already works all the same.
  }
}

/** What finds no room is lost. */
function passOn({ libc }: Libc, fd: number, said: Uint8Array): void {
  const room = pollDescriptor(fd, POLLOUT);
  for (let at = 0; at < said.length;) {
    if (libc.poll(room, 1, 0) !== 1 || (viewOf(room).getInt16(6, true) & POLLOUT) === 0) return;
    const part = said.subarray(at, at + pipeBuffer);
    const written = libc.write(fd, part, part.length);
    if (written <= 0) return;
    at += written;
  }
}

/** The last lines of what is kept; the first one may have lost its beginning. */
function lastLines(kept: Uint8Array, cut: boolean): string[] {
  const text = new TextDecoder().decode(kept).replace(/\r/g, "");
  const lines = text.split("\n").map((line) => line.trimEnd());
  const [first = "", ...rest] = lines;
  const whole = rest.filter((line) => line !== "");
  if (first !== "" && (!cut || whole.length === 0)) whole.unshift(first);
  return whole.slice(-keptLines);
}
