/**
 * Debian's Prometheus in a node of a lab: it scrapes the status endpoints of other nodes and
 * evaluates the rules of docs/monitoring, and is asked over its own HTTP API, as Grafana does.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { poll } from "./bell.ts";
import type { Lab, Node } from "./lab.ts";
import { repository } from "./program.ts";

const path = "/usr/bin/prometheus";
const place = "127.0.0.1:9090";

/** Why there is nothing that scrapes here; `undefined` when there is. */
export function whyNoPrometheus(): string | undefined {
  return existsSync(path) ? undefined : "needs prometheus";
}

/** One series of an answer. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  /** When, and the value as text. */
  readonly value: readonly [number, string];
}

/** An alert that is pending or firing. */
export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: "pending" | "firing";
}

/** A server that scrapes. */
export class Prometheus {
  readonly #node: Node;

  private constructor(node: Node) {
    this.#node = node;
  }

  /** Starts one in a node and waits until every target has answered it. */
  static async start(lab: Lab, node: Node, targets: readonly string[]): Promise<Prometheus> {
    const file = (name: string): string => join(node.directory, name);
    const rules = readFileSync(join(repository, "docs/monitoring/alerts.yml"), "utf8");
    // A story waits for alerts: everything is as quick as it can be, and is pending for a moment.
    writeFileSync(file("alerts.yml"), rules.replaceAll(/^( +for:) .*$/gm, "$1 500ms"));
    writeFileSync(
      file("prometheus.yml"),
      `global: { scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 200ms }
rule_files: [alerts.yml]
scrape_configs:
  - job_name: standin
    static_configs: [{ targets: ${JSON.stringify(targets)} }]
`,
    );
    lab.start(node, [
      path,
      `--config.file=${file("prometheus.yml")}`,
      `--storage.tsdb.path=${file("metrics")}`,
      `--web.listen-address=${place}`,
    ]);
    const prometheus = new Prometheus(node);
    const answering = (): Promise<readonly Series[]> => prometheus.query("up == 1");
    await poll("every target answers", answering, ({ length }) => length === targets.length);
    return prometheus;
  }

  /** The series that an expression has now. */
  async query(expression: string): Promise<readonly Series[]> {
    const found = await this.#ask<{ readonly result: readonly Series[] }>(
      `query?query=${encodeURIComponent(expression)}`,
    );
    return found?.result ?? [];
  }

  /** Waits until an expression has a series: some need two scrapes. */
  async untilThereIs(expression: string): Promise<readonly Series[]> {
    return await poll(expression, () => this.query(expression), ({ length }) => length > 0);
  }

  /** The values that a label has in the series of a metric. */
  async labelValues(metric: string, label: string): Promise<readonly string[]> {
    return await this.#ask(`label/${label}/values?match[]=${metric}`) ?? [];
  }

  /** Waits until an alert is in a state. */
  async untilAlert(name: string, state: Alert["state"]): Promise<Alert> {
    const ask = async (): Promise<Alert | undefined> => {
      const answer = await this.#ask<{ readonly alerts: readonly Alert[] }>("alerts");
      return answer?.alerts.find(({ labels }) => labels["alertname"] === name);
    };
    const found = await poll(`${name} is ${state}`, ask, (alert) => alert?.state === state);
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  }

  /** What the API has to say; absent while it does not listen. What it refuses is an error. */
  async #ask<T>(question: string): Promise<T | undefined> {
    const url = `http://${place}/api/v1/${question}`;
    const { stdout, stderr, code } = await this.#node.namespace.run([
      ..."busybox wget -q -O -".split(" "),
      url,
    ]);
    if (code === 0) return JSON.parse(stdout).data;
    if (/HTTP\/1\.1 4/.test(stderr)) throw new Error(`${url}: ${stderr}`);
    return undefined;
  }
}
