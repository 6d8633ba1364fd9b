/**
 * What the engine asks for virtual servers: the kernel's IPVS, and connections of checks.
 */
import { unreachable } from "../../base/mod.ts";
import { type BalanceEffect, type EngineEvent, nftName, nftRemoval } from "../../engine/mod.ts";
import { readChecks, writeChecks } from "./check_file.ts";
import { type BalancerPaths, balancerPaths, type HeldFile } from "./held_file.ts";
import { Ipvs } from "./ipvs.ts";
import type { Part, PartTools } from "./lazy_part.ts";
import { keepOverrides } from "./kept_overrides.ts";
import { NamespaceDoor } from "./namespace_door.ts";
import { NftTable } from "./nft_table.ts";
import { Netfilter } from "./netfilter.ts";
import { Prober } from "./probe/prober.ts";
import type { RunFiles } from "./run_files.ts";
import { inSlices } from "./slices.ts";

type ServiceCounters = Extract<EngineEvent, { kind: "ipvs-statistics" }>["services"][number];

/** The load balancer of one node. */
export class Balancer implements Part<BalanceEffect> {
  readonly #libc: PartTools["libc"];
  readonly #door: NamespaceDoor;
  readonly #paths: BalancerPaths;
  readonly #files: RunFiles;
  #ipvs: Ipvs;
  #nft: NftTable;
  #marks: NftTable;
  #netfilter: Netfilter;
  /** Whether there is a table to count. */
  #counts = false;
  readonly #prober: Prober;
  readonly #feed: PartTools["feed"];

  constructor({ libc, poller, feed }: PartTools, held: HeldFile) {
    const paths = balancerPaths(held.path);
    this.#files = held.files;
    this.#libc = libc;
    this.#door = new NamespaceDoor(libc);
    this.#paths = paths;
    this.#ipvs = new Ipvs(libc, this.#door);
    this.#nft = this.#tableAt(paths.nftTable);
    this.#marks = this.#tableAt(paths.markTable);
    this.#netfilter = new Netfilter(libc, this.#door);
    this.#prober = new Prober({ libc, poller }, feed);
    this.#feed = feed;
  }

  perform(effect: BalanceEffect): void {
    switch (effect.kind) {
      case "read-ipvs":
        return this.#feed(this.#ipvs.read());
      case "ipvs": {
        const refused = this.#ipvs.change(effect.change);
        return refused === undefined ? undefined : this.#feed(refused);
      }
      case "nft-table": {
        this.#counts = effect.text !== undefined;
        if (effect.text === undefined) return this.#nft.remove();
        const refusal = this.#nft.change(effect.text, nftRemoval);
        return refusal === undefined ? undefined : this.#feed({ kind: "nft-refused", refusal });
      }
      case "mark-table": {
        if (effect.text === undefined) return this.#marks.remove();
        const refusal = this.#marks.change(effect.text, effect.removal);
        return refusal === undefined ? undefined : this.#feed({ kind: "marks-refused", refusal });
      }
      case "forget-flows":
        return this.#forget(effect.flows);
      case "enter-balance":
        return this.#enter(effect.namespace);
      case "ipvs-setting": {
        const refused = this.#ipvs.set(effect.setting);
        return refused === undefined ? undefined : this.#feed(refused);
      }
      case "recall-checks":
        return this.#feed({ kind: "checks-remembered", checks: readChecks(this.#paths.checks) });
      case "remember-checks":
        return writeChecks(this.#paths.checks, effect.checks);
      case "keep-overrides":
        return keepOverrides(this.#files, this.#paths.overrides, effect.overrides);
      case "probe":
        return this.#prober.start(effect);
      case "cancel-probe":
        return this.#prober.close(effect.run);
      default:
        return unreachable(effect);
    }
  }

  /** Looks at the counters of all services, a millisecond at a time, and tells them. */
  async gather(): Promise<void> {
    const services: ServiceCounters[] = [];
    await inSlices(this.#ipvs.counters(), (service) => void services.push(service));
    if (services.length > 0) this.#feed({ kind: "ipvs-statistics", services });
    if (!this.#counts) return;
    this.#feed({ kind: "nft-statistics", counters: this.#netfilter.counters(nftName) });
  }

  /** What was opened before stays where it was. */
  #enter(namespace: string | undefined): void {
    this.#door.leadTo(namespace);
    this.#ipvs[Symbol.dispose]();
    this.#ipvs = new Ipvs(this.#libc, this.#door);
    this.#nft = this.#tableAt(this.#paths.nftTable);
    this.#marks = this.#tableAt(this.#paths.markTable);
    this.#netfilter[Symbol.dispose]();
    this.#netfilter = new Netfilter(this.#libc, this.#door);
  }

  #forget(flows: Extract<BalanceEffect, { kind: "forget-flows" }>["flows"]): void {
    for (const one of flows) {
      const refusal = this.#netfilter.forget(one);
      if (refusal !== undefined) return this.#feed({ kind: "flows-refused", refusal });
    }
  }

  #tableAt(leftPath: string): NftTable {
    return new NftTable({ libc: this.#libc, door: this.#door, leftPath, files: this.#files });
  }

  close(): void {
    this.#ipvs[Symbol.dispose]();
    this.#netfilter[Symbol.dispose]();
    this.#prober[Symbol.dispose]();
  }
}
