/**
 * The text format of Prometheus, version 0.0.4: for each metric a HELP and a TYPE line, then one
 * line for each set of labels. Backslashes and line feeds are escaped in help texts; in label
 * values also double quotes.
 */

/** The media type of the format. */
export const contentType = "text/plain; version=0.0.4; charset=utf-8";

/** One line: labels in the order in which they are printed, and a value. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One metric with all of its lines. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  readonly samples: readonly Sample[];
}

/** A metric that goes up and down. */
export function gauge(name: string, help: string, samples: readonly Sample[]): MetricFamily {
  return { name, help, type: "gauge", samples };
}

/** A metric that only grows, until the daemon is started anew. */
export function counter(name: string, help: string, samples: readonly Sample[]): MetricFamily {
  return { name, help, type: "counter", samples };
}

/** The only line of a metric that has no labels. */
export function plain(value: number): Sample {
  return { labels: {}, value };
}

/** The text of all families, one at a time; those without a sample are left out. */
export function* expositionPieces(families: Iterable<MetricFamily>): Generator<string> {
  for (const family of families) if (family.samples.length > 0) yield renderFamily(family);
}

function renderFamily(family: MetricFamily): string {
  const { name, help, type, samples } = family;
  const head = `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
  return head + samples.map((sample) => renderSample(name, sample)).join("");
}

function renderSample(name: string, sample: Sample): string {
  const pairs = Object.entries(sample.labels).map(([label, value]) =>
    `${label}="${escapeLabel(value)}"`
  );
  const labels = pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
  return `${name}${labels} ${renderValue(sample.value)}\n`;
}

function renderValue(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? "+Inf" : "-Inf";
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
