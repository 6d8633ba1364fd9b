/**
 * Limits of the configuration room, in one place and each with its reason. A file is input from
 * outside: nothing in it may make the reader loop, recurse or grow without bound.
 */

/** Bytes of one line with its newline, as keepalived's buffer has them. */
export const LINE_BYTES_MAX = 1024;

/** Bytes of one file; a thousand virtual routers need half a megabyte. */
export const FILE_BYTES_MAX: number = 16 * 1024 * 1024;

/** Files that one configuration may be made of. */
export const FILES_MAX = 4096;

/** Files open inside each other: deeper is a mistake that no symbolic link may hide. */
export const INCLUDE_DEPTH_MAX = 32;

/** Alternatives that one brace expression of an include may expand to. */
export const BRACE_ALTERNATIVES_MAX = 1024;

/** Lines after repetition and substitution: 10,000 routers of 20 lines. */
export const LINES_MAX = 200_000;

/** Characters of one line after substitution: eight lines as long as one may be written. */
export const EXPANDED_LINE_MAX = 8192;

/** Characters of all lines after substitution: as many lines as there may be, each of forty. */
export const EXPANDED_CHARACTERS_MAX = 8_000_000;

/** Substitutions in one line until it must be stable; more is a name that contains itself. */
export const SUBSTITUTION_ROUNDS_MAX = 64;

/** Multi-line definitions and repetitions inside each other. */
export const EXPANSION_DEPTH_MAX = 32;

/** Blocks inside each other; the language has no use for more than five. */
export const BLOCK_DEPTH_MAX = 16;

/** Brackets of JSON inside each other: a block takes up to three, its lines one. */
export const JSON_DEPTH_MAX = 64;

/** Diagnostics of one kind that are told; the rest are counted. */
export const DIAGNOSTICS_PER_KIND_MAX = 20;

/** Octets of an interface name or address label without its end (IFNAMSIZ - 1). */
export const INTERFACE_NAME_MAX = 15;

/** Part of the characters of a file that may be control characters before it counts as binary. */
export const CONTROL_CHARACTERS_SHARE_MAX: number = 1 / 32;

/**
 * Addresses of an advert: an octet counts them, and keepalived puts 89 IPv6 addresses into a packet
 * for an MTU of 1500, or 88 beside a signature: it leaves the Ethernet header out of the MTU.
 */
export const ADDRESSES_MAX = { ipv4: 255, ipv6: 89, signedIpv6: 88 } as const;
