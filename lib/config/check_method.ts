/**
 * `lvs_method`: which of the words after `TUN` go together. Only a gue tunnel has a port, and must
 * have one; checksums depend on the kind of tunnel.
 */
import type { Inside } from "./cross_check.ts";

/** Holds the words after a forwarding method against each other. */
export function checkMethod({ seen, context }: Inside, keyword: string): void {
  const statement = seen.get(keyword);
  if (statement === undefined) return;
  const words = statement.words;
  const type = words[words.indexOf("type") + 1] ?? "";
  const tunnel = words[0] === "TUN" ? (words.includes("type") ? type : "ipip") : "none";
  const objection = words.includes("port") !== (tunnel === "gue")
    ? "a gue tunnel needs a port, and nothing else may have one"
    : words.includes("remcsum") && tunnel !== "gue"
    ? "remcsum is for gue tunnels only"
    : words.includes("csum") && tunnel !== "gue" && tunnel !== "gre"
    ? "csum is for gue and gre tunnels only"
    : undefined;
  if (objection === undefined) return;
  const message = `Cannot use ${keyword} ${words.join(" ")} for ${context.owner}: ${objection}`;
  context.report.error("bad-value", statement.place, message);
}
