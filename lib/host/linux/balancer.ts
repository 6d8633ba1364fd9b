/**
 * What the engine asks for virtual servers: the kernel's IPVS, and connections of checks.
 */
import { unreachable } from "../../base/mod.ts";
import type { BalanceEffect, EngineEvent } from "../../engine/mod.ts";
import { readChecks, writeChecks } from "./check_file.ts";
import { Ipvs } from "./ipvs.ts";
import type { Part, PartTools } from "./lazy_part.ts";
import { keepOverrides } from "./kept_overrides.ts";
import { NftTable } from "./nft_table.ts";
import { Prober } from "./probe/prober.ts";

/** How long the daemon may look at counters before it looks at its sockets again. */
const sliceMs = 1;

type ServiceCounters = Extract<EngineEvent, { kind: "ipvs-statistics" }>["services"][number];

/** What is kept beyond the end of the daemon. */
export interface BalancerPaths {
  /** Says that there is a table of nftables. */
  readonly nftTable: string;
  /** Results of checks. */
  readonly checks: string;
  /** What people said of servers. */
  readonly overrides: string;
}

/** The load balancer of one node. */
export class Balancer implements Part<BalanceEffect> {
  readonly #ipvs: Ipvs;
  readonly #nft: NftTable;
  readonly #prober: Prober;
  readonly #feed: PartTools["feed"];
  readonly #checkPath: string;
  readonly #overridesPath: string;

  /** The paths are those of files in the run directory. */
  constructor({ libc, poller, feed }: PartTools, paths: BalancerPaths) {
    this.#ipvs = new Ipvs(libc);
    this.#nft = new NftTable(libc, paths.nftTable);
    this.#checkPath = paths.checks;
    this.#overridesPath = paths.overrides;
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
        const refused = this.#nft.change(effect.text);
        return refused === undefined ? undefined : this.#feed(refused);
      }
      case "ipvs-setting": {
        const refused = this.#ipvs.set(effect.setting);
        return refused === undefined ? undefined : this.#feed(refused);
      }
      case "recall-checks":
        return this.#feed({ kind: "checks-remembered", checks: readChecks(this.#checkPath) });
      case "remember-checks":
        return writeChecks(this.#checkPath, effect.checks);
      case "keep-overrides":
        return keepOverrides(this.#overridesPath, effect.overrides);
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
    let until = performance.now() + sliceMs;
    for (const service of this.#ipvs.counters()) {
      services.push(service);
      if (performance.now() < until) continue;
      await new Promise((resolve) => setImmediate(resolve));
      until = performance.now() + sliceMs;
    }
    if (services.length > 0) this.#feed({ kind: "ipvs-statistics", services });
  }

  close(): void {
    this.#ipvs[Symbol.dispose]();
    this.#prober[Symbol.dispose]();
  }
}
