/**
 * libnftables, opened when somebody first needs it: a text in the words of nft becomes one netlink
 * transaction in this process. (nftables/libnftables.h; the soname 1 has been the same since 0.9.)
 */
import type { LibraryTable } from "./binding.ts";
import type { Libc } from "./libc.ts";
import { cString } from "./layouts.ts";

/** Names in the order in which they are tried. */
const names = ["libnftables.so.1"] as const;

const table = {
  /** struct nft_ctx *nft_ctx_new(uint32_t flags) */
  nft_ctx_new: { parameters: ["u32"], result: "address" },
  /** int nft_ctx_buffer_error(struct nft_ctx *ctx) */
  nft_ctx_buffer_error: { parameters: ["usize"], result: "i32" },
  /** int nft_ctx_buffer_output(struct nft_ctx *ctx) */
  nft_ctx_buffer_output: { parameters: ["usize"], result: "i32" },
  /** const char *nft_ctx_get_error_buffer(struct nft_ctx *ctx) */
  nft_ctx_get_error_buffer: { parameters: ["usize"], result: "address" },
  /** int nft_run_cmd_from_buffer(struct nft_ctx *nft, const char *buf) */
  nft_run_cmd_from_buffer: { parameters: ["usize", "buffer"], result: "i32" },
} as const satisfies LibraryTable;

/** Carries out a text as one transaction; the answer is what was wrong, empty for nothing. */
export type RunNft = (text: string) => string;

/** Opens the library; `undefined` where there is none. */
export function openNftables(libc: Libc): RunNft | undefined {
  for (const name of names) {
    const library = libc.openLibrary(name, table);
    if (library === undefined) continue;
    const context = library["nft_ctx_new"]?.(0) ?? 0;
    if (context === 0) continue;
    library["nft_ctx_buffer_error"]?.(context);
    library["nft_ctx_buffer_output"]?.(context);
    return (text) => {
      if (library["nft_run_cmd_from_buffer"]?.(context, cString(text)) === 0) return "";
      const place = library["nft_ctx_get_error_buffer"]?.(context) ?? 0;
      return (place === 0 ? "" : libc.textAt(place).trim()) || "nftables refused";
    };
  }
  return undefined;
}
