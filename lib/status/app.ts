/**
 * The two apps over a daemon. The status app only reads and may stand on a network; the control
 * app is the same with the routes that change something, and is served on a socket that only its
 * owner can open. Each answer is made of one snapshot; on the control socket it is taken when the
 * request comes, on the status endpoint a moment before when many ask.
 */
import { Hono } from "hono";
import { metricFamilies } from "./metrics.ts";
import { contentType, expositionPieces } from "./exposition.ts";
import { Audience } from "./audience.ts";
import { answerEvents } from "./events.ts";
import { addParts, parts } from "./parts.ts";
import { jsonPieces, Rendered } from "./rendered.ts";
import { readServerRequest } from "./server_request.ts";
import type { ControlTarget, StatusSource } from "./source.ts";

const routes = [
  ["/status", "everything about this node, as JSON"],
  ...parts.map(({ path, summary }) => [path, `${summary} alone; ${path}/NAME is one`] as const),
  ["/events", "what happens, as it happens (?since=ID&about=NAME; as JSON if that is accepted)"],
  ["/timeline", "how routers and virtual servers were in the last day, across restarts"],
  ["/metrics", "the status for Prometheus"],
  ["/healthz", "200 while the daemon runs, 503 while it ends"],
  ["/openapi.json", "all of this as OpenAPI 3.1"],
] as const;

/** Answers on the status endpoint; changes nothing. */
export function createStatusApp(source: StatusSource): Hono {
  return statusApp(source, false);
}

/** With `fresh` no answer is older than its question. */
function statusApp(source: StatusSource, fresh: boolean): Hono {
  const app = new Hono();
  const gather = source.gather === undefined ? undefined : () => source.gather?.() ?? nothing;
  const status = new Rendered({
    contentType: "application/json",
    gather,
    fresh,
    pieces: () => jsonPieces(source.snapshot()),
  });
  const metrics = new Rendered({
    contentType,
    gather,
    fresh,
    pieces: () => expositionPieces(metricFamilies(source.snapshot())),
  });
  const index = new Rendered({
    contentType: "text/plain; charset=UTF-8",
    fresh,
    pieces: () => [renderIndex(source)],
  });
  app.get("/", async (context) => {
    if (!wantsPage(context.req.raw)) {
      const answer = await index.answer(context.req.raw);
      answer.headers.append("Vary", "Accept");
      return answer;
    }
    // Most daemons are never looked at with a browser.
    const { answerPage } = await import("./page.ts");
    return await answerPage(context.req.raw);
  });
  app.get("/status", ({ req }) => status.answer(req.raw));
  addParts(app, { source, gather, fresh });
  app.get("/openapi.json", async (context) => {
    const { answerOpenapi } = await import("./openapi.ts");
    return await answerOpenapi(context.req.raw, source.snapshot().version);
  });
  const audience = new Audience(source.events);
  app.get("/events", ({ req }) => answerEvents(audience, req.raw));
  let timeline: Promise<Rendered> | undefined;
  app.get("/timeline", async ({ req }) => {
    timeline ??= import("./timeline.ts").then((room) => room.timelineAnswer(source, fresh));
    return await (await timeline).answer(req.raw);
  });
  app.get("/metrics", ({ req }) => metrics.answer(req.raw));
  app.get("/healthz", (context) => {
    if (source.stopping()) return context.json({ status: "stopping" }, 503, uncached);
    return context.json({ status: "ok" }, 200, uncached);
  });
  addErrorAnswers(app);
  return app;
}

/** Answers on the control socket: all of the status app, and what changes the daemon. */
export function createControlApp(source: StatusSource, control: ControlTarget): Hono {
  const app = new Hono();
  app.post("/reload", async (context) => {
    const report = await control.reload();
    // 409: the request was understood, the file stands in the way.
    return context.json(report, report.applied ? 200 : 409, uncached);
  });
  app.post("/plan", async (context) => {
    const asked = await readPlanRequest(context.req.text());
    if (asked === undefined) {
      const error = 'expected nothing or {"file": PATH}, with an absolute path';
      return context.json({ error }, 400, uncached);
    }
    return context.json(await control.plan(asked.file), 200, uncached);
  });
  app.post("/failover", async (context) => {
    const { name } = await readObject(context.req.text());
    if (typeof name !== "string") {
      return context.json({ error: 'expected {"name": INSTANCE or GROUP}' }, 400, uncached);
    }
    return context.json({ handedOver: control.failover(name) }, 200, uncached);
  });
  app.post("/maintenance", async (context) => {
    const { on, forMs } = await readObject(context.req.text());
    const timed = typeof forMs === "number" && forMs > 0 && forMs <= longestMaintenanceMs;
    if (typeof on !== "boolean" || (forMs !== undefined && !timed)) {
      const error = 'expected {"on": true, "forMs": MILLISECONDS of at most ten years} or ' +
        '{"on": false}';
      return context.json({ error }, 400, uncached);
    }
    control.maintenance(timed ? { on, forMs } : { on });
    return context.json({ maintenance: source.snapshot().maintenance }, 200, uncached);
  });
  app.post("/server", async (context) => {
    const asked = readServerRequest(await context.req.text());
    if (typeof asked === "string") return context.json({ error: asked }, 400, uncached);
    const servers = control.overrideServers(asked);
    if (servers.length > 0) return context.json({ servers }, 200, uncached);
    return context.json({ error: `no virtual server has a server ${asked.server}` }, 404, uncached);
  });
  app.post("/stop", (context) => {
    control.stop();
    return context.json({ status: "stopping" }, 202, uncached);
  });
  app.route("/", statusApp(source, true));
  addErrorAnswers(app);
  return app;
}

/** The file to plan for, none for the daemon's own; `undefined` for what can not be understood. */
async function readPlanRequest(body: Promise<string>): Promise<{ file?: string } | undefined> {
  const text = await body;
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    if (!("file" in value)) return {};
    const { file } = value;
    return typeof file === "string" && file.startsWith("/") ? { file } : undefined;
  } catch {
    return undefined;
  }
}

/** Ten years: what is longer has no end, or is a mistake. */
const longestMaintenanceMs = 315_576_000_000;

/** The object of a body; an empty one for what is none. */
async function readObject(body: Promise<string>): Promise<Readonly<Record<string, unknown>>> {
  try {
    const value: unknown = JSON.parse(await body);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

const uncached = { "Cache-Control": "no-store" };
const nothing = Promise.resolve();

function addErrorAnswers(app: Hono): void {
  app.notFound((context) => {
    const { method, path } = context.req;
    return context.json({ error: `no route ${method} ${path}` }, 404);
  });
  app.onError((error, context) => context.json({ error: error.message }, 500));
}

/** Browsers name what they prefer; curl takes anything and gets the list of routes. */
function wantsPage(request: Request): boolean {
  return request.headers.get("accept")?.includes("text/html") === true;
}

function renderIndex(source: StatusSource): string {
  const { version, node } = source.snapshot();
  const lines = routes.map(([path, what]) => `${path.padEnd(16)} ${what}`);
  return [`standin ${version} on ${node}`, "", ...lines, ""].join("\n");
}
