/**
 * Expectations held against a history: what was expected and did not happen, a sentence each.
 */
import { type HistoryReport, lengthsOf, mastersAt } from "./report.ts";
import type { Expectation } from "./script.ts";

/** What is not as it was expected. */
export function judgeExpectations(
  report: HistoryReport,
  expectations: readonly Expectation[],
): string[] {
  return expectations.flatMap((expectation) => {
    const { router: name } = expectation;
    const router = report.routers.find((one) => one.name === name);
    if (router === undefined) return [`there is no instance "${name}"`];
    if (expectation.kind === "master") {
      const { node, atMs } = expectation;
      const masters = mastersAt(router, atMs).join(" and ") || "nobody";
      const time = `${atMs / 1000} s`;
      return masters === node ? [] : [`${name}: at ${time} ${masters} is master, not ${node}`];
    }
    const gaps = expectation.kind === "outage" ? router.outages : router.doubles;
    const { mostMs } = lengthsOf(gaps);
    if (mostMs <= expectation.mostMs) return [];
    const what = expectation.kind === "outage" ? "without a master" : "with two masters";
    return [`${name}: ${ms(mostMs)} ${what}, expected ${ms(expectation.mostMs)} at most`];
  });
}

function ms(value: number): string {
  return `${Math.round(value * 10) / 10} ms`;
}
