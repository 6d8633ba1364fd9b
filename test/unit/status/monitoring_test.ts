/** The alerts and the dashboard of docs/monitoring speak of metrics and labels that there are. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { counterMetrics, metricFamilies, standinMetrics } from "../../../lib/status/mod.ts";
import { test } from "../../support/test.ts";
import { example } from "./example.ts";

const known = new Set<string>([
  ...Object.values(standinMetrics),
  ...Object.values(counterMetrics).map(({ standin }) => standin),
]);

/** Labels of the metrics that the example has; Prometheus adds where they come from. */
const labels = new Map([...metricFamilies(example)].flatMap(({ name, samples }) => {
  const [first] = samples;
  return first === undefined ? [] : [[name, ["instance", "job", ...Object.keys(first.labels)]]];
}));

function read(name: string): string {
  return readFileSync(new URL(`../../../docs/monitoring/${name}`, import.meta.url), "utf8");
}

/** What an expression asks for: names of metrics, each with the labels it selects by. */
function selectorsIn(text: string): { name: string; selects: string[] }[] {
  return [...text.matchAll(/\b(standin_[a-z0-9_]+)(?:\{([^}]*)\})?/g)].map(([, name, inside]) => ({
    name: name ?? "",
    selects: [...(inside ?? "").matchAll(/(\w+)\s*=/g)].map(([, label]) => label ?? ""),
  }));
}

for (const file of ["alerts.yml", "dashboard.json"]) {
  test(`${file} asks for metrics and labels that there are`, () => {
    const expressions = file.endsWith(".json")
      ? [...JSON.stringify(JSON.parse(read(file))).matchAll(/"expr":"((?:[^"\\]|\\.)*)"/g)]
        .map(([, text]) => JSON.parse(`"${text}"`) as string)
      : [...read(file).matchAll(/^ +expr: (.*)$/gm)].map(([, text]) => text ?? "");
    assert.ok(expressions.length > 10, file);
    for (const expression of expressions) {
      for (const { name, selects } of selectorsIn(expression)) {
        assert.ok(known.has(name), `${name} in ${expression}`);
        const there = labels.get(name);
        for (const label of there === undefined ? [] : selects) {
          assert.ok(there?.includes(label), `${label} in ${expression}`);
        }
      }
    }
  });
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource: unknown;
  readonly gridPos: Readonly<Record<"x" | "y" | "w" | "h", number>>;
  readonly targets: readonly { readonly refId: string; readonly datasource: unknown }[];
  readonly fieldConfig: { readonly defaults: object; readonly overrides: readonly unknown[] };
}

test("the dashboard has what Grafana wants of one, and no panel lies on another", () => {
  const { title, uid, schemaVersion, panels, templating } = JSON.parse(read("dashboard.json"));
  assert.deepEqual([typeof title, typeof uid, typeof schemaVersion], [
    "string",
    "string",
    "number",
  ]);
  const variables = templating.list.map(({ name }: { name: string }) => name);
  const used = [...read("dashboard.json").matchAll(/\$\{?([a-z]\w*)/g)].map(([, name]) => name);
  assert.deepEqual([...new Set(used)].sort(), variables.sort());
  const cells = new Set<string>();
  const ids = new Set<number>();
  for (const panel of panels as readonly Panel[]) {
    const { gridPos: { x, y, w, h }, targets } = panel;
    assert.ok(panel.title !== "" && !ids.has(panel.id), panel.title);
    ids.add(panel.id);
    assert.ok(["stat", "timeseries", "state-timeline"].includes(panel.type), panel.type);
    for (const { datasource } of [panel, ...targets]) {
      assert.deepEqual(datasource, { type: "prometheus", uid: "${datasource}" });
    }
    assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, panel.title);
    assert.ok(panel.fieldConfig.defaults && Array.isArray(panel.fieldConfig.overrides));
    assert.ok(x + w <= 24, panel.title);
    for (let at = 0; at < w * h; at++) {
      const cell = `${x + at % w} ${y + Math.floor(at / w)}`;
      assert.ok(!cells.has(cell), `${panel.title} lies on another`);
      cells.add(cell);
    }
  }
});

test("there is an alert for what people are woken up for", () => {
  const alerts = [...read("alerts.yml").matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
  for (
    const what of ["SplitBrain", "NoMaster", "NearFailover", "ScriptFailing", "RealServerDown"]
  ) {
    assert.ok(alerts.includes(`Standin${what}`), what);
  }
});
