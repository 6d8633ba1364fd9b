/**
 * What the runtime can do for commands that end soon; no more of the FFI is loaded for it.
 */
export { compileLittle } from "../../../ffi/bun_brief.ts";
