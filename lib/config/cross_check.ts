/**
 * What must go together in a block that is not built yet: keywords that it can not be without, and
 * values that exclude or need each other. keepalived says the same, in the same places.
 */
import type { Context } from "./keyword.ts";
import type { Statement } from "./parse.ts";

/** Keywords of which a block must have at least one, by its path. */
const required: Readonly<Record<string, readonly string[]>> = {
  track_group: ["group"],
  vrrp_script: ["script"],
  vrrp_track_process: ["process"],
  track_file: ["file"],
  vrrp_track_file: ["file"],
  bfd_instance: ["neighbor_ip", "neighbour_ip"],
  "virtual_server/real_server/MISC_CHECK": ["misc_path"],
  "virtual_server/real_server/HTTP_GET": ["url"],
  "virtual_server/real_server/SSL_GET": ["url"],
  "virtual_server/real_server/HTTP_GET/url": ["path"],
  "virtual_server/real_server/SSL_GET/url": ["path"],
  "virtual_server/real_server/FILE_CHECK": ["track_file"],
  "virtual_server/real_server/BFD_CHECK": ["name"],
  "vrrp_instance/auth_hmac": ["active_key"],
};

/** Holds the keywords of a block against each other. */
export function crossCheck(
  block: Statement,
  seen: ReadonlyMap<string, Statement>,
  context: Context,
): void {
  const { path, owner, report } = context;
  const wanted = Object.hasOwn(required, path) ? required[path] : undefined;
  if (wanted !== undefined && !wanted.some((keyword) => seen.has(keyword))) {
    const message = `Cannot use ${owner}: it has no ${wanted[0]}`;
    report.error("missing-keyword", block.place, message);
  }
}
