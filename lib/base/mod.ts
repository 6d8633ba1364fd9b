/**
 * The words everyone uses: results, brands, time, addresses, bytes, checksums. Imports nothing.
 */
export * from "./bytes.ts";
export * from "./checksum.ts";
export * from "./hmac.ts";
export * from "./command.ts";
export * from "./id.ts";
export * from "./ip.ts";
export * from "./mac.ts";
export * from "./plain.ts";
export * from "./random.ts";
export * from "./result.ts";
export * from "./rule.ts";
export * from "./suggest.ts";
export * from "./time.ts";
