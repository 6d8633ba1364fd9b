/**
 * `nftables_ipvs`: each virtual server of a group has one mark in place of the addresses of the
 * group. keepalived: in the order of the file, and not for groups that name marks themselves.
 */
import { defaultMarkMap, type IpvsService, type IpvsServiceId } from "../balance/mod.ts";
import type { Family } from "../base/mod.ts";
import type { Draft } from "./draft.ts";
import type { Statement } from "./parse.ts";

/** Gives out marks, each once. */
export interface Marks {
  /** The services by mark of a virtual server; absent where it keeps its addresses. */
  of(block: Statement, services: readonly IpvsService[]): IpvsService[] | undefined;
}

/** The marks for a file; those that stand in it are not given out. */
export function marksFor({ global, virtualServers, serverGroups }: Draft): Marks {
  const lines = global.balance ?? [];
  if (!lines.some(({ name }) => name === "nftables_ipvs")) return { of: () => undefined };
  const start = Number(
    lines.findLast(({ name }) => name === "nftables_ipvs_start_fwmark")?.words[0],
  );
  const written = new Set(marksIn([
    ...virtualServers.map(({ words }) => words),
    ...serverGroups.flatMap(({ children = [] }) =>
      children.map(({ name, words }) => [name, ...words])
    ),
  ]));
  let next = Number.isInteger(start) && start > 0 ? start : defaultMarkMap.firstMark;
  return {
    of: (block, services) => {
      const addresses = services.filter(({ id }) => id.kind === "address").length;
      const isGroup = block.words[0] === "group" && addresses === services.length;
      if (!isGroup) return undefined;
      while (written.has(next)) next++;
      const mark = next++;
      const families = new Map(services.map((service) => [familyOf(service.id), service]));
      return Array.from(families, ([family, service]) => (
        { ...service, id: { kind: "mark", mark, family } }
      ));
    },
  };
}

function marksIn(lines: readonly (readonly string[])[]): number[] {
  return lines.flatMap(([word, mark]) => word === "fwmark" ? [Number(mark)] : []);
}

function familyOf(id: IpvsServiceId): Family {
  return id.kind === "mark" ? id.family : id.address.family;
}
