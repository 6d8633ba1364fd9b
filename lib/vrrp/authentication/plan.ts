/**
 * What `auth_hmac` of a configuration asks for, resolved.
 */

/** One key and the number by which trailers name it. */
export interface HmacKey {
  /** 1 to 255. */
  readonly id: number;
  /** 32 to 64 octets. */
  readonly octets: Uint8Array;
}

/** `auth_hmac` of one `vrrp_instance`. */
export interface HmacPlan {
  /** The keys that are accepted, in the order of the file. */
  readonly keys: readonly HmacKey[];
  /** The id of the one that signs; it is among the keys. */
  readonly activeKey: number;
  /** How many seconds a stamp may be away from our clock, 1 to 300. */
  readonly windowSeconds: number;
  /** `monotonic` compares stamps with earlier ones only and not with the clock. */
  readonly antiReplay: "time" | "monotonic";
  /** `receive-only` does not sign; only `enforce` drops what is not signed. */
  readonly mode: "enforce" | "permissive" | "receive-only";
}
