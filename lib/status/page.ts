/**
 * The page at `/`: one document with its style and its script inside, which needs nothing of any
 * other host and may ask none (`Content-Security-Policy`). It is put together from the files in
 * `page/` when somebody first opens it. The script's files are modules, so that they are checked
 * and tested as such; in the document they are one, in an order in which each finds those before.
 */
import { createHash } from "node:crypto";
import page from "./page/page.html" with { type: "text" };
import style from "./page/page.css" with { type: "text" };
import dom from "./page/dom.js" with { type: "text" };
import time from "./page/time.js" with { type: "text" };
import history from "./page/history.js" with { type: "text" };
import marks from "./page/marks.js" with { type: "text" };
import routers from "./page/routers.js" with { type: "text" };
import peers from "./page/peers.js" with { type: "text" };
import servers from "./page/servers.js" with { type: "text" };
import attention from "./page/attention.js" with { type: "text" };
import depend from "./page/depend.js" with { type: "text" };
import eventList from "./page/event_list.js" with { type: "text" };
import live from "./page/live.js" with { type: "text" };
import main from "./page/main.js" with { type: "text" };
import { Rendered } from "./rendered.ts";

const script = [
  dom,
  time,
  history,
  marks,
  routers,
  peers,
  servers,
  attention,
  depend,
  eventList,
  live,
  main,
].map(withoutModules).join("\n");

const html = page
  .replace("<style></style>", () => `<style>${style}</style>`)
  .replace(/(<script type="module">)(<\/script>)/, (_, open, end) => `${open}${script}${end}`);

const policy = [
  "default-src 'none'",
  "connect-src 'self'",
  "img-src data:",
  `script-src ${hashOf(script)}`,
  `style-src ${hashOf(style)}`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const rendered = new Rendered({
  contentType: "text/html; charset=utf-8",
  pieces: () => [html],
  fresh: false,
});

/** Answers with the page. */
export async function answerPage(request: Request): Promise<Response> {
  const response = await rendered.answer(request);
  const { headers } = response;
  headers.set("Content-Security-Policy", policy);
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Vary", "Accept, Accept-Encoding");
  return response;
}

/** A module without what joins it with others, and without what is said to those who change it. */
function withoutModules(module: string): string {
  return module
    .replace(/^ *\/\*\*[^]*?\*\/\n/gm, "")
    .replace(/^import [^;]*;\n+/gm, "")
    .replace(/^export /gm, "");
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
