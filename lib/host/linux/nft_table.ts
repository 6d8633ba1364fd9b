/**
 * Tables of nftables for virtual servers. They stay when the daemon is killed, so that clients go
 * on; a file in the run directory says that they are there, and the next run takes them over or
 * removes them.
 */
import { existsSync, readFileSync } from "node:fs";
import type { Libc, RunNft } from "../../../ffi/mod.ts";
import type { KernelRefusal } from "../../engine/mod.ts";
import { nftRunner } from "./firewall.ts";
import type { NamespaceDoor } from "./namespace_door.ts";
import type { RunFiles } from "./run_files.ts";

/** What is written to the file, and whom it is for. */
export interface NftPlace {
  readonly libc: Libc;
  readonly door: NamespaceDoor;
  /** The file that says what removes the tables. */
  readonly leftPath: string;
  readonly files: RunFiles;
}

/** The tables of this daemon, of one kind. */
export class NftTable {
  readonly #place: NftPlace;
  #run: RunNft | undefined;
  #noted = "";

  constructor(place: NftPlace) {
    this.#place = place;
  }

  /** Carries a text out; `removal` removes what comes of it. Answers what was refused. */
  change(text: string, removal: string): KernelRefusal | undefined {
    const { files, leftPath } = this.#place;
    if (this.#noted !== removal) files.write(leftPath, removal);
    this.#noted = removal;
    const refused = this.#carryOut(text);
    if (refused === "") return undefined;
    // The first line says what, the others show where in the text.
    const [message = refused] = refused.split("\n");
    return { errno: "EINVAL", message };
  }

  /** Removes what this run or an earlier one made. */
  remove(): void {
    const { files, leftPath } = this.#place;
    // What could not be written is known all the same.
    const removal = existsSync(leftPath) ? readFileSync(leftPath, "utf8") : this.#noted;
    this.#noted = "";
    if (removal === "") return;
    this.#carryOut(removal);
    files.remove(leftPath);
  }

  /** The socket of nftables belongs to a namespace, as what is told through it. */
  #carryOut(text: string): string {
    const { libc, door } = this.#place;
    const done = door.within(() => {
      this.#run ??= nftRunner(libc);
      return this.#run(text);
    });
    return done.ok ? done.value : done.error;
  }
}
