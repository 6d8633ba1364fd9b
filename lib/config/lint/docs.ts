/**
 * Where in the repository a code is explained: rules have a page each, the plain errors of the
 * language one row each in the index.
 */
import { clusterRules } from "../cluster_rules.ts";
import { rules } from "./rules.ts";

const folder = "docs/diagnostics";
const withPage: ReadonlySet<string> = new Set([...rules, ...clusterRules].map(({ code }) => code));

/** The path of what explains a code, from the root of the repository. */
export function docsPathOf(code: string): string {
  return withPage.has(code) ? `${folder}/${code}.md` : `${folder}/README.md#${code}`;
}
