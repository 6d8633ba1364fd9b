/**
 * An answer that is the same for everybody who asks at about the same time: it is made in slices,
 * between which the daemon goes on, and handed out again for as long as making it anew would take
 * more than its share of the processor. What a hundred clients ask for in a moment costs as much as
 * what one does. `ETag` changes when the text does, so who has it already gets 304 and no body.
 */
import { promisify } from "node:util";

/** How long the daemon may make an answer before it looks at its sockets again. */
const sliceMs = 1;
/** An answer is good for so many times what it took to make it, and never longer than that. */
const [shares, oldestMs] = [9, 50];
/** Below this a packet more or less is not worth the work. */
const compressedFrom = 4096;

/** What was made. */
interface Made {
  readonly text: string;
  /** The octets of the text, which many answers share. */
  readonly body: Blob;
  readonly tag: string;
  /** Until when it is handed out, by `performance.now`. */
  readonly until: number;
  compressed: Promise<Uint8Array<ArrayBuffer>> | undefined;
}

/** How an answer is made, and whether it may be as old as a moment. */
export interface Recipe {
  readonly contentType: string;
  /** The text in pieces; all of them speak of the moment of the first. */
  pieces(): Iterable<string>;
  /** What has to be found out before. */
  readonly gather?: (() => Promise<void>) | undefined;
  /** Everybody gets an answer of his own, made after he asked. */
  readonly fresh: boolean;
}

/** Answers to one question. */
export class Rendered {
  readonly #recipe: Recipe;
  readonly #run = Date.now().toString(36);
  #made: Made | undefined;
  #making: Promise<Made> | undefined;
  #count = 0;

  constructor(recipe: Recipe) {
    this.#recipe = recipe;
  }

  /** Answers a request; at once when it can. */
  answer(request: Request): Response | Promise<Response> {
    const made = this.#get();
    return made instanceof Promise
      ? made.then((made) => this.#respond(request, made))
      : this.#respond(request, made);
  }

  #respond(request: Request, made: Made): Response | Promise<Response> {
    const { contentType } = this.#recipe;
    const headers = {
      "Content-Type": contentType,
      "Cache-Control": "no-cache",
      "ETag": made.tag,
      "Vary": "Accept-Encoding",
    };
    if (request.headers.get("if-none-match") === made.tag) {
      return new Response(null, { status: 304, headers });
    }
    if (made.body.size < compressedFrom || !takesGzip(request)) {
      if (request.method !== "HEAD") return new Response(made.body, { headers });
      // The router drops the body, and its length with it.
      return new Response(null, {
        headers: { ...headers, "Content-Length": String(made.body.size) },
      });
    }
    made.compressed ??= compress(made.text);
    return made.compressed.then((body) =>
      new Response(body, { headers: { ...headers, "Content-Encoding": "gzip" } })
    );
  }

  #get(): Made | Promise<Made> {
    if (this.#recipe.fresh) return this.#make();
    const [made, now] = [this.#made, performance.now()];
    if (made !== undefined && now < made.until) return made;
    this.#making ??= this.#make().finally(() => this.#making = undefined);
    if (made === undefined || now >= made.until + oldestMs) return this.#making;
    // Nobody needs to wait for what another will get; who asks next hears what went wrong.
    this.#making.catch(() => {});
    return made;
  }

  async #make(): Promise<Made> {
    await this.#recipe.gather?.();
    const pieces: string[] = [];
    let [began, tookMs] = [performance.now(), 0];
    for (const piece of this.#recipe.pieces()) {
      pieces.push(piece);
      const spent = performance.now() - began;
      if (spent < sliceMs) continue;
      tookMs += spent;
      await new Promise((resolve) => setImmediate(resolve));
      began = performance.now();
    }
    const text = pieces.join("");
    tookMs += performance.now() - began;
    const until = performance.now() + Math.min(shares * tookMs, oldestMs);
    const before = this.#made;
    if (before?.text === text) {
      this.#made = { ...before, until };
    } else {
      const tag = `W/"${this.#run}-${++this.#count}"`;
      this.#made = { text, body: new Blob([text]), tag, until, compressed: undefined };
    }
    return this.#made;
  }
}

function takesGzip(request: Request): boolean {
  return /(^|,)\s*gzip\s*(,|$)/.test(request.headers.get("accept-encoding") ?? "");
}

/** Beside the loop: it takes some milliseconds. */
async function compress(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const { gzip } = await import("node:zlib");
  return new Uint8Array(await promisify(gzip)(text, { level: 1 }));
}

/** An object as JSON in pieces: the members of its lists one by one. */
export function* jsonPieces(value: object): Generator<string> {
  let before = "{";
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    yield `${before}${JSON.stringify(key)}:`;
    before = ",";
    if (Array.isArray(member)) yield* listPieces(member);
    else yield JSON.stringify(member);
  }
  yield before === "{" ? "{}" : "}";
}

/** A list as JSON, a piece for each of its members. */
export function* listPieces(list: Iterable<unknown>): Generator<string> {
  let before = "[";
  for (const one of list) {
    yield before + (JSON.stringify(one) ?? "null");
    before = ",";
  }
  yield before === "[" ? "[]" : "]";
}
