/**
 * The table of virtual servers in nftables. It stays when the daemon is killed, so that clients go
 * on; a file in the run directory says that it is there, and the next run takes it over or removes
 * it.
 */
import { writeFileSync } from "node:fs";
import type { Libc, RunNft } from "../../../ffi/mod.ts";
import { type EngineEvent, nftRemoval } from "../../engine/mod.ts";
import { clearFirewall, nftRunner } from "./firewall.ts";

/** The table of this daemon. */
export class NftTable {
  readonly #libc: Libc;
  readonly #leftPath: string;
  #run: RunNft | undefined;
  #noted = false;

  constructor(libc: Libc, leftPath: string) {
    this.#libc = libc;
    this.#leftPath = leftPath;
  }

  /** Carries a text out; without one the table goes. Answers what was refused. */
  change(text: string | undefined): EngineEvent | undefined {
    if (text === undefined) return this.#remove();
    if (!this.#noted) writeFileSync(this.#leftPath, nftRemoval, { mode: 0o600 });
    this.#noted = true;
    this.#run ??= nftRunner(this.#libc);
    const refused = this.#run(text);
    if (refused === "") return undefined;
    // The first line says what, the others show where in the text.
    const [message = refused] = refused.split("\n");
    return { kind: "nft-refused", refusal: { errno: "EINVAL", message } };
  }

  #remove(): undefined {
    this.#noted = false;
    clearFirewall(this.#libc, this.#leftPath);
  }
}
