/**
 * Virtual servers and their servers as text for people: who is up, with which weight, and what a
 * person said of it.
 */
import type { RealServerStatus, VirtualServerStatus } from "../engine/mod.ts";
import { type Cell, renderTable } from "./table.ts";

/** One table: a line for each virtual server, one below for each of its servers. */
export function renderServers(
  servers: readonly VirtualServerStatus[],
  look: { readonly columns: number; readonly colours: boolean },
): string {
  const headings: Cell[] = [
    { text: "SERVER" },
    { text: "STATE" },
    { text: "WEIGHT", align: "right" },
    { text: "SCHEDULER" },
  ];
  const rows = servers.flatMap((one) => [
    {
      cells: [
        { text: one.name },
        stateOf(one),
        { text: "" },
        { text: one.scheduler },
      ] satisfies Cell[],
      below: one.problem === null ? [] : [one.problem],
    },
    ...one.realServers.map((server) => ({ cells: cellsOf(server), below: whyDown(server) })),
  ]);
  return renderTable({ headings, rows, shrinkable: [0], ...look });
}

/** A quorum is of no use where the kernel leads nobody to the servers. */
function stateOf({ up, balanced }: VirtualServerStatus): Cell {
  if (!balanced) return { text: "not balanced", colour: "red" };
  return { text: up ? "up" : "no quorum", colour: up ? "green" : "red" };
}

function cellsOf(server: RealServerStatus): Cell[] {
  const { address, port, up, weight, override } = server;
  const place = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  const said = agentSays(server);
  const state = override?.state ?? said ?? (up ? "up" : "down");
  const kept = override === null
    ? said === undefined ? "" : " (its agent)"
    : override.persistent
    ? " (persistent)"
    : " (by hand)";
  return [
    { text: `  ${place}` },
    { text: `${state}${kept}`, colour: state === "up" ? "green" : up ? "yellow" : "red" },
    { text: String(weight), align: "right" },
    { text: "" },
  ];
}

function agentSays({ checks }: RealServerStatus): string | undefined {
  const said = checks.map(({ standing }) => standing);
  return said.find((standing) => standing === "disabled") ??
    said.find((standing) => standing === "drained") ?? undefined;
}

function whyDown({ checks }: RealServerStatus): string[] {
  return checks.flatMap(({ kind, target, up, failure }) =>
    up || failure === null ? [] : [`${kind} ${target}: ${failure}`]
  );
}
