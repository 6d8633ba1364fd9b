/**
 * Lines of cells as text in columns.
 */

/** Pads every column to its widest cell. */
export function renderTable(lines: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const cells of lines) {
    for (const [column, cell] of cells.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, [...cell].length);
    }
  }
  return lines.map((cells) =>
    cells.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - [...cell].length))
      .join("  ").trimEnd()
  ).join("\n");
}
