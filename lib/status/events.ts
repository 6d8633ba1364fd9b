/**
 * `GET /events`: server-sent events (HTML Living Standard §9.2), or those in memory as JSON where
 * the question accepts JSON and not a stream. A reader that does not keep up is let go: it can come
 * back with the id of the last event that it saw.
 */
import { type EventRecord, isAbout } from "../engine/mod.ts";
import type { EventSource } from "./source.ts";

/** Streams that may be open; whoever comes later is sent away. */
const streamsMax = 256;
let streams = 0;
/** Events that may wait for a slow reader. */
const waitingMax = 1000;
/** Both runtimes close connections on which nothing happens for ten seconds. */
const heartbeatMs = 5000;

/** Answers `?since=ID` (or the header `Last-Event-ID`) and `?about=NAME`. */
export function answerEvents(events: EventSource, request: Request): Response {
  const { searchParams } = new URL(request.url);
  const since = searchParams.get("since") ?? request.headers.get("last-event-id");
  const after = since === null ? undefined : idIn(since);
  if (since !== null && after === undefined) {
    const error = "expected since to be the id of an event, or a time in ISO 8601";
    return Response.json({ error }, { status: 400, headers });
  }
  const about = searchParams.get("about") ?? undefined;
  if (wantsJson(request)) {
    const list = events.since({ after: after ?? 0, about });
    return Response.json({ file: events.path, events: list }, { headers });
  }
  if (streams >= streamsMax) {
    const error = `there are ${streams} event streams already`;
    return Response.json({ error }, { status: 503, headers: { ...headers, "Retry-After": "10" } });
  }
  // Without a beginning only what is to come is told.
  const earlier = after === undefined ? [] : events.since({ after, about });
  return new Response(stream(events, earlier, about), {
    headers: { ...headers, "Content-Type": "text/event-stream" },
  });
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
  events: EventSource,
  earlier: readonly EventRecord[],
  about: string | undefined,
): ReadableStream<Uint8Array> {
  let stop = nothing;
  return new ReadableStream<Uint8Array>({
    start(controller): void {
      function send(text: string): void {
        if ((controller.desiredSize ?? 0) <= -waitingMax) {
          stop();
          return controller.close();
        }
        controller.enqueue(bytesOf(text));
      }
      streams++;
      const heartbeat = setInterval(() => send(": still here\n\n"), heartbeatMs);
      const unfollow = events.follow((record) => {
        if (isAbout(record, about)) send(render(record));
      });
      stop = (): void => {
        stop = nothing;
        streams--;
        clearInterval(heartbeat);
        unfollow();
      };
      send(`: standin\n\n${earlier.map(render).join("")}`);
    },
    cancel(): void {
      stop();
    },
  });
}

function nothing(): void {}

/** The latest text in octets: each stream gets the same one after another. */
let latest = { text: "", bytes: new Uint8Array() };

function bytesOf(text: string): Uint8Array {
  if (text !== latest.text) latest = { text, bytes: new TextEncoder().encode(text) };
  return latest.bytes;
}

const texts = new WeakMap<EventRecord, string>();

/** What is told to many is written once. */
function render(record: EventRecord): string {
  const known = texts.get(record);
  if (known !== undefined) return known;
  const text = write(record);
  texts.set(record, text);
  return text;
}

function write(record: EventRecord): string {
  return `id: ${record.id}\nevent: ${record.event}\ndata: ${JSON.stringify(record)}\n\n`;
}
