/**
 * libpcre2-8, opened when somebody first needs it: patterns in keepalived's own language, and with
 * a limit on the steps of each match. (pcre2.h; the soname 0 has been the same since 10.00.)
 */
import { err, ok, type Result, viewOf } from "../lib/base/mod.ts";
import type { LibraryTable } from "./binding.ts";
import type { Libc } from "./libc.ts";

const libraryName = "libpcre2-8.so.0";

const table = {
  /** pcre2_code *pcre2_compile(PCRE2_SPTR, PCRE2_SIZE, uint32_t options, int *, PCRE2_SIZE *,
   * pcre2_compile_context *) */
  pcre2_compile_8: {
    parameters: ["buffer", "usize", "u32", "buffer", "buffer", "usize"],
    result: "address",
  },
  /** pcre2_match_data *pcre2_match_data_create(uint32_t ovecsize, pcre2_general_context *) */
  pcre2_match_data_create_8: { parameters: ["u32", "usize"], result: "address" },
  /** pcre2_match_context *pcre2_match_context_create(pcre2_general_context *) */
  pcre2_match_context_create_8: { parameters: ["usize"], result: "address" },
  /** int pcre2_set_match_limit(pcre2_match_context *, uint32_t) */
  pcre2_set_match_limit_8: { parameters: ["usize", "u32"], result: "i32" },
  /** int pcre2_set_offset_limit(pcre2_match_context *, PCRE2_SIZE) */
  pcre2_set_offset_limit_8: { parameters: ["usize", "usize"], result: "i32" },
  /** int pcre2_match(const pcre2_code *, PCRE2_SPTR, PCRE2_SIZE length, PCRE2_SIZE start, uint32_t,
   * pcre2_match_data *, pcre2_match_context *) */
  pcre2_match_8: {
    parameters: ["usize", "buffer", "usize", "usize", "u32", "usize", "usize"],
    result: "i32",
  },
  /** int pcre2_get_error_message(int errorcode, PCRE2_UCHAR *buffer, PCRE2_SIZE bufflen) */
  pcre2_get_error_message_8: { parameters: ["i32", "buffer", "usize"], result: "i32" },
} as const satisfies LibraryTable;

/** Options of pcre2_compile() by their names in lower case. */
const patternFlag: Readonly<Record<string, number>> = {
  allow_empty_class: 0x1,
  alt_bsux: 0x2,
  auto_callout: 0x4,
  caseless: 0x8,
  dollar_endonly: 0x10,
  dotall: 0x20,
  dupnames: 0x40,
  extended: 0x80,
  firstline: 0x100,
  match_unset_backref: 0x200,
  multiline: 0x400,
  never_ucp: 0x800,
  never_utf: 0x1000,
  no_auto_capture: 0x2000,
  no_auto_possess: 0x4000,
  no_dotstar_anchor: 0x8000,
  no_start_optimize: 0x10000,
  ucp: 0x20000,
  ungreedy: 0x40000,
  utf: 0x80000,
  never_backslash_c: 0x100000,
  alt_circumflex: 0x200000,
  alt_verbnames: 0x400000,
  use_offset_limit: 0x800000,
};

const [noMatch, matchLimit] = [-1, -47];

/** What one look found; `limit`: it was given up after too many steps. */
export type Found = "match" | "none" | "limit" | { readonly error: string };

/** A compiled pattern. */
export interface Pattern {
  /** Looks for a match that begins from `from` to `to`, with so many steps from each octet. */
  look(text: Uint8Array, from: number, to: number, steps: number): Found;
}

/** Compiles patterns. */
export type CompilePattern = (text: string, options: readonly string[]) => Result<Pattern, string>;

/** Opens the library; `undefined` where there is none. */
export function openPcre2(libc: Libc): CompilePattern | undefined {
  const library = libc.openLibrary(libraryName, table);
  if (library === undefined) return undefined;
  const messageOf = (code: number): string => {
    const buffer = new Uint8Array(256);
    const length = library["pcre2_get_error_message_8"]?.(code, buffer, buffer.length) ?? 0;
    return new TextDecoder().decode(buffer.subarray(0, Math.max(0, length)));
  };
  return (text, options) => {
    const source = new TextEncoder().encode(text);
    const flags = options.reduce((sum, name) => sum | (patternFlag[name] ?? 0), 0);
    const [code, offset] = [new Uint8Array(4), new Uint8Array(8)];
    const all = (flags | (patternFlag["use_offset_limit"] ?? 0)) >>> 0;
    const pattern = library["pcre2_compile_8"]?.(source, source.length, all, code, offset, 0) ?? 0;
    if (pattern === 0) {
      const at = viewOf(offset).getUint32(0, true);
      return err(`${messageOf(viewOf(code).getInt32(0, true))} at character ${at}`);
    }
    const data = library["pcre2_match_data_create_8"]?.(1, 0) ?? 0;
    const context = library["pcre2_match_context_create_8"]?.(0) ?? 0;
    if (data === 0 || context === 0) return err("no memory");
    return ok({
      look: (subject, from, to, steps) => {
        library["pcre2_set_match_limit_8"]?.(context, steps);
        library["pcre2_set_offset_limit_8"]?.(context, to);
        const result = library["pcre2_match_8"]?.(
          pattern,
          subject,
          subject.length,
          from,
          0,
          data,
          context,
        ) ?? noMatch;
        if (result >= 0) return "match";
        if (result === noMatch) return "none";
        return result === matchLimit ? "limit" : { error: messageOf(result) };
      },
    });
  };
}
