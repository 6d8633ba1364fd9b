/**
 * Says of a keyword that does nothing that it does nothing: once for each kind.
 */
import type { Context, KeywordInfo } from "./keyword.ts";
import type { Statement } from "./parse.ts";

/** Tells of a keyword that is not built yet, or has no effect, when it is the first of its kind. */
export function tellStanding(
  statement: Statement,
  { standing }: KeywordInfo,
  { report, known, path }: Context,
): void {
  if (standing.kind === "in-effect" || !known.first(`${path}/${statement.name}`)) return;
  const { keyword, name } = statement;
  if (standing.kind === "without-effect") {
    const message = `"${name}" is accepted without effect: ${standing.reason}`;
    report.warning("without-effect", keyword.place, message);
    return;
  }
  const message = `"${name}" is not built yet and has no effect`;
  const { consequence } = standing;
  const whole = consequence === undefined ? message : `${message}: ${consequence}`;
  report.warning("not-yet", keyword.place, whole);
}
