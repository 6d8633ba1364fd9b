/**
 * What an exporter reads from keepalived's dump files, by the rules of the two in wide use: an
 * instance begins at ` VRRP Instance = NAME`, its settings are indented by three blanks, list items
 * by five; statistics are sections of `Name: number`.
 */

/** Settings and lists of each thing that begins with a title. */
export type Dumped = Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;

/** Everything with that title in a data dump, such as `VRRP Instance` or `VRRP Script`. */
export function readData(text: string, title: string): Dumped {
  const found: Record<string, Record<string, string | string[]>> = {};
  let current: Record<string, string | string[]> | undefined;
  let list: string[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith(` ${title} = `)) {
      current = found[line.slice(title.length + 4)] = {};
    } else if (!line.startsWith("   ")) {
      current = undefined;
    } else if (current !== undefined && line.startsWith("     ")) {
      list.push(line.trim());
    } else if (current !== undefined) {
      const at = line.search(/ = |:|=/);
      const key = (at < 0 ? line : line.slice(0, at)).trim();
      const value = at < 0 ? "" : line.slice(at).replace(/^( = |:)/, "").trim();
      list = [];
      current[key] = value === "" ? list : value;
    }
  }
  return found;
}

/** The counters of each instance in a statistics file, as `Section Name` or `Name`. */
export function readStatistics(text: string): Record<string, Record<string, number>> {
  const found: Record<string, Record<string, number>> = {};
  let current: Record<string, number> = {};
  let section = "";
  for (const line of text.split("\n").filter((one) => one !== "")) {
    const [name = "", value = ""] = line.split(":").map((part) => part.trim());
    if (line.startsWith("VRRP Instance:")) current = found[value] = {};
    else if (value === "") section = name;
    else current[line.startsWith("    ") ? `${section} ${name}` : name] = Number(value);
  }
  return found;
}
