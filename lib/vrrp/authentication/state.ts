/**
 * What one virtual router remembers of authenticated adverts. Only the files of this folder write
 * to it; a reload that keeps the router keeps it, too, because a receiver takes no number twice.
 */
import type { IpAddress } from "../../base/mod.ts";

/** The last stamp that a sender used. */
export interface ReplayMark {
  readonly source: IpAddress;
  readonly stamp: bigint;
}

/** Numbers that were used up. */
export interface AuthenticationState {
  /** The greatest sequence number of an authentication header, sent or heard; 0 for none. */
  ahSequence: number;
  /** The stamp of the last advert that was signed here; 0 for none. */
  sentStamp: bigint;
  /** The marks of those who were heard, the latest last. */
  marks: readonly ReplayMark[];
}

/** Nothing was sent or heard. */
export function newAuthenticationState(): AuthenticationState {
  return { ahSequence: 0, sentStamp: 0n, marks: [] };
}
