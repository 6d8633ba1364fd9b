/**
 * `GET /events`: server-sent events (HTML Living Standard §9.2), or a list as JSON where the
 * question accepts JSON and not a stream. A reader that does not keep up is let go: it can come
 * back with the id of the last event that it saw.
 */
import type { EventRecord } from "../engine/mod.ts";
import { type Audience, bytesOf, textOf } from "./audience.ts";
import { type Past, pastEvents } from "./past_events.ts";
import { listPieces, Rendered } from "./rendered.ts";
import type { EventSource } from "./source.ts";

/** Streams that may be open; whoever comes later is sent away. */
const streamsMax = 256;
let streams = 0;
/** Events of before with which a stream begins, at most. */
const pastMax = 1000;
/** Octets that may wait for a slow reader: some thousand events. */
const waitingMax = 1_000_000;
/** Lists that may be made at a time. */
const listsMax = 8;
let lists = 0;

/** Answers `?since=ID` (or the header `Last-Event-ID`) and `?about=NAME`. */
export async function answerEvents(audience: Audience, request: Request): Promise<Response> {
  const { events } = audience;
  const { searchParams } = new URL(request.url);
  const since = searchParams.get("since") ?? request.headers.get("last-event-id");
  const after = since === null ? undefined : idIn(since);
  if (since !== null && after === undefined) {
    const error = "expected since to be the id of an event, or a time in ISO 8601";
    return Response.json({ error }, { status: 400, headers });
  }
  const about = searchParams.get("about") ?? undefined;
  if (wantsJson(request)) return await answerList(events, request, { after, about });
  const answered = { headers: { ...headers, "Content-Type": "text/event-stream" } };
  // A stream that nobody reads would never end.
  if (request.method === "HEAD") return new Response(null, answered);
  const full = (): boolean => streams >= streamsMax;
  if (full()) return sendAway(`there are ${streams} event streams already`);
  // Without a beginning only what is to come is told.
  const past = after === undefined
    ? undefined
    : await pastEvents(events, { after, about, most: pastMax });
  if (full()) return sendAway(`there are ${streams} event streams already`);
  return new Response(stream(audience, past, about), answered);
}

/** Without a beginning those in memory. */
async function answerList(
  events: EventSource,
  request: Request,
  { after, about }: { readonly after: number | undefined; readonly about: string | undefined },
): Promise<Response> {
  const tag = `W/"${events.version}"`;
  const tagged = { "Cache-Control": "no-cache", ETag: tag };
  if (request.headers.get("if-none-match") === tag) {
    return new Response(null, { status: 304, headers: tagged });
  }
  if (lists >= listsMax) return sendAway(`${lists} lists of events are being made already`);
  lists++;
  try {
    const all = events.since({ after: 0, about: undefined });
    const { events: list, completeSince } = after === undefined
      ? { events: events.since({ after: 0, about }), completeSince: all[0]?.time ?? null }
      : await pastEvents(events, { after, about, most: Infinity });
    const head = JSON.stringify({ file: events.path, completeSince }).slice(0, -1);
    const rendered = new Rendered({
      contentType: "application/json",
      fresh: true,
      *pieces(): Generator<string> {
        yield `${head},"events":`;
        yield* listPieces(list);
        yield "}";
      },
    });
    const answer = await rendered.answer(request);
    for (const [name, value] of Object.entries(tagged)) answer.headers.set(name, value);
    return answer;
  } finally {
    lists--;
  }
}

function sendAway(error: string): Response {
  return Response.json({ error }, { status: 503, headers: { ...headers, "Retry-After": "10" } });
}

const headers = { "Cache-Control": "no-store" };

function wantsJson(request: Request): boolean {
  const accepted = request.headers.get("accept") ?? "";
  return accepted.includes("application/json") && !accepted.includes("text/event-stream");
}

/** An id, or the first id that an event of this time could have. */
function idIn(text: string): number | undefined {
  if (/^\d{1,16}$/.test(text)) return Number(text);
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time * 1000 - 1;
}

function stream(
  audience: Audience,
  past: Past | undefined,
  about: string | undefined,
): ReadableStream<Uint8Array> {
  const { events } = audience;
  let stop = nothing;
  return new ReadableStream<Uint8Array>({
    start(controller): void {
      function write(bytes: Uint8Array): void {
        if ((controller.desiredSize ?? 0) <= -waitingMax) {
          stop();
          return controller.close();
        }
        controller.enqueue(bytes);
      }
      streams++;
      // While they were looked up something may have come.
      const since = past === undefined ? [] : events.since({ after: past.last, about });
      const leave = audience.join({ about, write });
      stop = (): void => {
        stop = nothing;
        streams--;
        leave();
      };
      const left = past === undefined ? [] : leftOut(past, events.path);
      const earlier = [...left, ...past?.events ?? [], ...since];
      write(bytesOf(`: standin\n\n${textOf(earlier)}`));
    },
    cancel(): void {
      stop();
    },
  }, { highWaterMark: 0, size: ({ length }) => length });
}

/** A stream begins with the latest, and says that it does. */
function leftOut({ shortened, events: [first] }: Past, path: string): EventRecord[] {
  if (!shortened || first === undefined) return [];
  const message = `Earlier events are left out here: /events has them as JSON, and ${path}`;
  const { id, time } = first;
  return [{ id: id - 1, time, level: "notice", event: "events-left-out", message }];
}

function nothing(): void {}
