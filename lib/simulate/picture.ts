/**
 * A history as a picture (SVG): a row for each node of each virtual router, coloured by its state,
 * and a line through all of them for each thing that was done. It is readable in light and dark.
 */
import type { HistoryReport, Stretch } from "./report.ts";

const [left, right, top, row, gap, width] = [150, 20, 46, 22, 14, 960];

const styles = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .small { font-size: 11px; fill: #59636e }
  .MASTER { fill: #1a7f37 } .BACKUP { fill: #9ecbff } .FAULT { fill: #cf222e }
  .INIT, .STOPPED { fill: #d1d9e0 } .DOWN { fill: #ffffff; stroke: #d1d9e0 }
  .act { stroke: #59636e; stroke-dasharray: 3 3 } .axis { stroke: #d1d9e0 }
  .back { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .small { fill: #9198a1 } .back { fill: #0d1117 }
    .BACKUP { fill: #1f4f82 } .INIT, .STOPPED { fill: #3d444d }
    .DOWN { fill: #0d1117; stroke: #3d444d } .axis { stroke: #3d444d }
  }`;

/** The text of the picture. */
export function pictureOf(report: HistoryReport): string {
  const { routers, acts, lastsMs } = report;
  const x = (ms: number): number => round(left + (ms / lastsMs) * (width - left - right));
  const parts: string[] = [];
  let y = top;
  for (const { name, nodes } of routers) {
    parts.push(text(8, y + 15, name));
    for (const { node, stretches } of nodes) {
      parts.push(`<text x="${left - 8}" y="${y + 15}" text-anchor="end">${escape(node)}</text>`);
      for (const stretch of stretches) parts.push(bar(stretch, y, x, `${name} on ${node}`));
      y += row;
    }
    y += gap;
  }
  const bottom = y;
  for (const [index, { atMs, text: words }] of acts.filter(({ atMs }) => atMs > 0).entries()) {
    const at = x(atMs);
    parts.push(`<line class="act" x1="${at}" x2="${at}" y1="${top - 6}" y2="${bottom - gap}"/>`);
    parts.push(text(at + 3, bottom + 12 + index * 14, `${seconds(atMs)} ${words}`, "small"));
  }
  const height = bottom + 24 + 14 * acts.length;
  const ticks = ticksOf(lastsMs).map((ms) =>
    `<line class="axis" x1="${x(ms)}" x2="${x(ms)}" y1="${top - 10}" y2="${top - 4}"/>` +
    `<text class="small" x="${x(ms)}" y="${top - 14}" text-anchor="middle">${seconds(ms)}</text>`
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>Who was master when</title><style>${styles}</style>`,
    `<rect class="back" width="${width}" height="${height}"/>`,
    ...ticks,
    ...parts,
    "</svg>\n",
  ].join("\n");
}

function bar(
  { state, fromMs, toMs, why }: Stretch,
  y: number,
  x: (ms: number) => number,
  whose: string,
): string {
  const [from, to] = [x(fromMs), x(toMs)];
  const words = `${whose}: ${state} from ${seconds(fromMs)} to ${seconds(toMs)}`;
  const title = why === "" ? words : `${words}, ${why}`;
  return `<rect class="${state}" x="${from}" y="${y + 2}" width="${round(to - from)}" ` +
    `height="${row - 4}"><title>${escape(title)}</title></rect>`;
}

/** About ten marks at round times. */
function ticksOf(lastsMs: number): number[] {
  const steps = [100, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 3_600_000];
  const step = steps.find((one) => lastsMs / one <= 12) ?? lastsMs;
  return Array.from({ length: Math.floor(lastsMs / step) + 1 }, (_, index) => index * step);
}

function text(x: number, y: number, words: string, style?: string): string {
  const named = style === undefined ? "" : ` class="${style}"`;
  return `<text${named} x="${x}" y="${y}">${escape(words)}</text>`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 10) / 100} s`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
