/**
 * Where `standin -t` and the `-t` of Debian's keepalived 2.2.7 do not end with the same number, and
 * why that is meant. A disagreement that none of these reasons explains fails the suite; so does a
 * reason that docs/compatibility.md does not have.
 */
import type { Case } from "./cases.ts";

/** One reason, found in the document by its heading. */
export interface Reason {
  /** The first cell of its row in docs/compatibility.md. */
  readonly situation: string;
  explains(one: Case, theirs: number, ours: number): boolean;
}

/** keepalived was ended by a signal, its own or that of our patience; the shell counts from 128. */
function crashed(theirs: number): boolean {
  return theirs >= 128;
}

const unbraced = /no braces/;

/** Rows of 2.2.7 that stand in the way of their own meaning, each by its keyword. */
const mistakes: readonly (readonly [row: RegExp, what: RegExp])[] = [
  [/^global_defs vrrp_(?:skip_check_adv_addr|strict)$/, /no truth value|upper case/],
  [/^global_defs\/lvs_timeouts /, /too small/],
  [/^global_defs\/umask IRWX/, /right/],
  [/^global_defs default_interface$/, /no device/],
];

/** All reasons. */
export const reasons: readonly Reason[] = [
  {
    situation: "a keyword that is newer than the keepalived one compares with",
    explains: ({ since }, theirs) => since !== "2.2.7" && theirs === 5,
  },
  {
    situation: "missing parameter",
    explains: ({ what, row }, theirs, ours) =>
      ours === 5 && (theirs === 2 || (theirs === 0 && /nothing behind it/.test(what)) ||
        /without a name/.test(row)),
  },
  {
    situation: "missing `{` or `}`",
    explains: ({ what }, theirs, ours) => unbraced.test(what) && theirs === 0 && ours === 5,
  },
  {
    situation: "a file that makes keepalived crash",
    explains: (_one, theirs, ours) => crashed(theirs) && ours === 5,
  },
  {
    situation: "interface missing",
    explains: ({ what }, theirs, ours) => /no interface/.test(what) && theirs === 5 && ours === 4,
  },
  {
    situation: "interface of `linkbeat_interfaces` missing",
    explains: ({ row }, theirs, ours) =>
      row.startsWith("linkbeat_interfaces") && theirs === 4 && ours === 5,
  },
  {
    situation: "options of a build: patterns, iptables",
    explains: ({ row }) => / (?:regex\w*|vrrp_ip\w+)$|regex_options /.test(row),
  },
  {
    situation: "values that keepalived 2.2.7 judges otherwise than 2.4.3",
    explains: ({ row, what }) =>
      mistakes.some(([rows, whats]) => rows.test(row) && whats.test(what)),
  },
  {
    situation: "user of a FIFO, or instance of `lvs_sync_daemon`, that is not there",
    explains: ({ row, what }, theirs, ours) =>
      theirs === 0 && ours === 5 &&
      (/notify_fifo$/.test(row) || /no instance/.test(what) && /lvs_sync_daemon/.test(row)),
  },
  {
    situation: "`vrf` of a route",
    explains: ({ row }, theirs, ours) => / vrf$/.test(row) && theirs === 5 && ours === 0,
  },
  {
    situation: "trailing backslash",
    explains: ({ row }) => row === "a trailing backslash",
  },
  {
    situation: "include strictness failed",
    explains: ({ row }, _theirs, ours) => row === "an include that insists" && ours === 4,
  },
  {
    situation: "version 2 with IPv6",
    explains: ({ row }, theirs, ours) =>
      row === "version 2 with IPv6" && theirs === 5 && ours === 0,
  },
];

/** Why the two do not agree; `undefined` when nothing explains it. */
export function reasonFor(one: Case, theirs: number, ours: number): Reason | undefined {
  return reasons.find((reason) => reason.explains(one, theirs, ours));
}
