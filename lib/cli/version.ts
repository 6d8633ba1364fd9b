/**
 * The version, from the one place where it is kept.
 */
import manifest from "../../package.json" with { type: "json" };

/** The version of this standin, such as `1.2.3`. */
export const version: string = manifest.version;
