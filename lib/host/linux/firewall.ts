/**
 * Brings the firewall from one state to the next: through libnftables where it is installed, else
 * through the command `nft`. Nothing of either is loaded before somebody needs a firewall.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import {
  AF,
  type Libc,
  NETLINK,
  openNftables,
  renderOsError,
  type RunNft,
  SOCK,
  Socket,
} from "../../../ffi/mod.ts";
import type { EngineEvent, FirewallState } from "../../engine/mod.ts";
import { removeTables, renderFirewall } from "./firewall_text.ts";
import type { RunFiles } from "./run_files.ts";

/** The firewall of this daemon. */
export class Firewall {
  readonly #libc: Libc;
  readonly #leftPath: string;
  readonly #files: RunFiles;
  #run: RunNft | undefined;
  #state: FirewallState | undefined;
  #canDuplicate = true;

  /** `leftPath` is the file from which a crash is cleaned up. */
  constructor(libc: Libc, leftPath: string, files: RunFiles) {
    this.#libc = libc;
    this.#leftPath = leftPath;
    this.#files = files;
  }

  /** Goes to the next state at once and as a whole; no state removes everything. */
  become(state: FirewallState | undefined): EngineEvent[] {
    const refusal = this.#change(state);
    if (refusal === "") {
      this.#state = state;
      if (state === undefined) this.#files.remove(this.#leftPath);
      return [];
    }
    const name = `nftables table ${(state ?? this.#state)?.table}`;
    // The first line says what, the others show where in the text.
    const [message = refusal] = refusal.split("\n");
    const told = { errno: "EINVAL", message };
    return [{ kind: "link-refused", operation: "set-firewall", name, refusal: told }];
  }

  #change(state: FirewallState | undefined): string {
    if (state !== undefined && this.#state?.table !== state.table) {
      this.#files.write(this.#leftPath, removeTables(state.table));
    }
    const text = renderFirewall(this.#state, state, this.#canDuplicate);
    if (text === "") return "";
    this.#run ??= nftRunner(this.#libc);
    const refusal = this.#run(text);
    if (refusal === "" || !text.includes("dup to")) return refusal;
    // A kernel without nft_dup: reports are then dropped and nothing more.
    this.#canDuplicate = false;
    return this.#run(renderFirewall(this.#state, state, false));
  }
}

/** What carries a text of nft out: the library where it is installed, else the command. */
export function nftRunner(libc: Libc): RunNft {
  // Where there is no such socket libnftables ends the process that it is in.
  const tried = Socket.open(libc, AF.NETLINK, SOCK.RAW, NETLINK.NETFILTER);
  if (!tried.ok) return () => `the kernel has no nftables: ${renderOsError(tried.error)}`;
  tried.value[Symbol.dispose]();
  return openNftables(libc) ?? runCommand;
}

/** Removes the tables that an earlier run left. */
export function clearFirewall(libc: Libc, leftPath: string): void {
  if (!existsSync(leftPath)) return;
  nftRunner(libc)(readFileSync(leftPath, "utf8"));
  rmSync(leftPath, { force: true });
}

function runCommand(input: string): string {
  const path = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;
  const env = { ...process.env, PATH: path };
  const { status, error, stderr } = spawnSync("nft", ["-f", "-"], { input, encoding: "utf8", env });
  if (status === 0) return "";
  if (error !== undefined) {
    const missing = "code" in error && error.code === "ENOENT";
    return missing ? "neither libnftables.so.1 nor the command nft is installed" : error.message;
  }
  return stderr.trim() || `nft ended with ${status}`;
}
