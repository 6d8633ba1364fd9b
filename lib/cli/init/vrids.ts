/**
 * Which numbers are taken on a network: whoever is asked for one is offered a free one. It is
 * listened for while the other questions are asked, and as far as this user may listen at all.
 */
import { equalIp, formatIp, type IpAddress } from "../../base/mod.ts";
import { openSniffer } from "../../host/linux/sniffer.ts";

/** How long is enough to hear a master, in milliseconds: most say something each second. */
const enoughMs = 3000;
/** What most people take. */
const usual = 51;

/** Masters by their virtual_router_id, each with one address that was heard. */
export type HeardMasters = ReadonlyMap<number, IpAddress>;

/** Begins to listen; the answer waits until it was long enough, and ends the listening. */
export async function listenForMasters(
  interfaceName: string,
): Promise<() => Promise<HeardMasters>> {
  const heard = new Map<number, IpAddress>();
  const opened = await openSniffer(interfaceName, ({ vrid, source }) => {
    if (vrid !== undefined) heard.set(vrid, source);
  });
  if (!opened.ok) return () => Promise.resolve(heard);
  const enough = new Promise<void>((resolve) => setTimeout(resolve, enoughMs));
  return async () => {
    await enough;
    opened.value.close();
    return heard;
  };
}

/** What is offered: a number of nobody but the other node itself. */
export function freeVrid(heard: HeardMasters, peer: IpAddress): number {
  const isFree = (vrid: number): boolean => {
    const who = heard.get(vrid);
    return who === undefined || equalIp(who, peer);
  };
  const all = Array.from({ length: 255 }, (_, index) => (usual + index - 1) % 255 + 1);
  return all.find(isFree) ?? usual;
}

/** What was heard, for the one who is asked; absent when nothing was. */
export function heardSentence(heard: HeardMasters): string | undefined {
  const masters = [...heard].sort(([a], [b]) => a - b)
    .map(([vrid, who]) => `${vrid} (${formatIp(who)})`);
  return masters.length === 0 ? undefined : `  in use there: ${masters.join(", ")}`;
}
