/**
 * What one virtual router remembers of authenticated adverts. Only the files of this folder write
 * to it; a reload that keeps the router keeps it, too, because a receiver takes no number twice.
 */

/** Numbers that were used up. */
export interface AuthenticationState {
  /** The greatest sequence number of an authentication header, sent or heard; 0 for none. */
  ahSequence: number;
}

/** Nothing was sent or heard. */
export function newAuthenticationState(): AuthenticationState {
  return { ahSequence: 0 };
}
