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

test("there is an alert for what people are woken up for", () => {
  const alerts = [...read("alerts.yml").matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
  for (
    const what of ["SplitBrain", "NoMaster", "NearFailover", "ScriptFailing", "RealServerDown"]
  ) {
    assert.ok(alerts.includes(`Standin${what}`), what);
  }
});
