/**
 * What can only be said about a configuration when all of it was read: names that stand nowhere,
 * interfaces that the machine does not have, commands that would run without anybody having asked
 * for them to be looked at.
 */
import type { Draft, GroupDraft, InstanceDraft } from "./draft.ts";
import type { Context } from "./keyword.ts";
import type { Statement } from "./parse.ts";

/** Tells what is left to be told of a whole configuration. */
export function tellWhatIsLeft(
  draft: Draft,
  statements: readonly Statement[],
  context: Context,
): void {
  const { known, report } = context;
  for (const { name, place, owner } of known.instances) {
    if (known.has("vrrp_instance", name)) continue;
    const message = `Cannot use "${name}" for ${owner}: there is no vrrp_instance of that name`;
    report.error("unknown-name", place, message);
  }
  for (const { name, place, owner } of known.absentInterfaces) {
    const message = `Cannot find interface "${name}" of ${owner}`;
    if (draft.global.dynamicInterfaces === true) report.warning("no-interface", place, message);
    else report.error("no-interface", place, message, "dynamic_interfaces waits for it");
  }
  tellCommands(statements, context);
  tellOwnInterfaces(draft, context);
}

/** Blocks without which nothing is run. */
const runners: ReadonlySet<string> = new Set(["vrrp_instance", "virtual_server"]);

/** keepalived: this alone makes `-t` end with 6, whether or not somebody tracks the script. */
function tellCommands(statements: readonly Statement[], { known, report }: Context): void {
  const { isExecutable } = known.machine;
  const runs = statements.some(({ name }) => runners.has(name));
  if (isExecutable === undefined || known.commands.length === 0 || !runs) return;
  const secured = statements.some(({ name, children }) =>
    name === "global_defs" && children?.some((inner) => inner.name === "enable_script_security")
  );
  if (secured) return;
  const found = known.commands.find(({ name }) => isExecutable(name.trim().split(/\s/)[0] ?? ""));
  if (found === undefined) return;
  const message = `Scripts would run, and nobody looks at who could have written them`;
  const hint = "write enable_script_security into global_defs";
  report.warning("script-security", found.place, message, hint);
}

/** An instance has its own interface in view already. */
function tellOwnInterfaces({ instances, groups }: Draft, { report }: Context): void {
  const watching = [
    ...instances.filter(isWatching)
      .map(({ name, tracks }) => ["vrrp_instance", name, tracks, [name]] as const),
    ...groups.filter(isWatching).map(({ name, tracks, members }) => (
      ["vrrp_sync_group", name, tracks, members.map(({ value }) => value)] as const
    )),
  ];
  if (watching.length === 0) return;
  const interfaces = new Map<string, string>();
  for (const { name, interfaceName } of instances) {
    if (interfaceName !== undefined) interfaces.set(name, interfaceName.value);
  }
  for (const [keyword, name, tracks, members] of watching) {
    const users = new Map(members.toReversed().map((one) => [interfaces.get(one), one]));
    for (const line of linesOf(tracks)) {
      const member = users.get(line.name);
      if (member === undefined) continue;
      const message = `Cannot use "${line.name}" for track_interface of ` +
        `${keyword} "${name}": vrrp_instance "${member}" runs on it and watches it already`;
      report.error("own-interface", line.place, message, "remove the line: nothing is lost");
    }
  }
}

function isWatching({ tracks }: InstanceDraft | GroupDraft): boolean {
  return tracks.length > 0 && tracks.some(({ name }) => name === "track_interface");
}

/** The lines of all `track_interface`. */
function linesOf(statements: readonly Statement[]): Statement[] {
  const lines: Statement[] = [];
  for (const statement of statements) {
    if (statement.name === "track_interface") lines.push(...statement.children ?? []);
  }
  return lines;
}
