/**
 * The formatter: the same file with one statement a line and its blocks indented. It works on the
 * lines as they were written, so comments, includes, `@id` lines, definitions and repetitions stay
 * what they are. A file whose braces or quotes do not go together is refused; and because the
 * result is read again and compared, a file comes out with the meaning that it went in with, or not
 * at all.
 */
import { err, ok, type Result } from "../base/mod.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { layOut } from "./format/layout.ts";
import { itemsOf } from "./format/source_item.ts";
import { NOBODY, readView, type View, viewsOf } from "./format/view.ts";
import type { Statement } from "./parse.ts";
import { differingStatement } from "./tree.ts";

/** The text of a file, formatted; else why it is left as it is. */
export function formatConfig(
  file: string,
  text: string,
): Result<string, readonly Diagnostic[]> {
  const trees = new Map<View, readonly Statement[]>();
  const views = viewsOf(text);
  for (const view of views) {
    const read = readView(file, text, view);
    if (read.ok) trees.set(view, read.value);
    // A host that no line is meant for may well lack the first line of a block.
    else if (view !== NOBODY || views.length === 1) return err(read.error);
  }
  const formatted = layOut(itemsOf(text), [...trees.keys()]);
  for (const [view, tree] of trees) {
    const read = readView(file, formatted, view);
    const changed = !read.ok || differingStatement(tree, read.value) !== undefined;
    if (changed) return err([changedMeaning(file)]);
  }
  return ok(formatted);
}

function changedMeaning(file: string): Diagnostic {
  const message = `Cannot format "${file}": one of its lines means something else when it stands ` +
    "apart, so it is left as it is";
  return { code: "format-changes-meaning", severity: "error", message };
}
