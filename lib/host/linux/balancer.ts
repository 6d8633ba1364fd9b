/**
 * What the engine asks for virtual servers: the kernel's IPVS, and connections of checks.
 */
import { unreachable } from "../../base/mod.ts";
import type { BalanceEffect } from "../../engine/mod.ts";
import { Ipvs } from "./ipvs.ts";
import type { Part, PartTools } from "./lazy_part.ts";
import { NftTable } from "./nft_table.ts";
import { TcpConnections } from "./tcp_connections.ts";

/** The load balancer of one node. */
export class Balancer implements Part<BalanceEffect> {
  readonly #ipvs: Ipvs;
  readonly #nft: NftTable;
  readonly #connections: TcpConnections;
  readonly #feed: PartTools["feed"];

  /** The path is that of the file which says that there is a table of nftables. */
  constructor({ libc, poller, feed }: PartTools, nftTablePath: string) {
    this.#ipvs = new Ipvs(libc);
    this.#nft = new NftTable(libc, nftTablePath);
    this.#connections = new TcpConnections(libc, poller, feed);
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
      case "probe":
        return this.#connections.open(effect.run, effect.probe.connection);
      case "cancel-probe":
        return this.#connections.close(effect.run);
      default:
        return unreachable(effect);
    }
  }

  close(): void {
    this.#ipvs[Symbol.dispose]();
    this.#connections[Symbol.dispose]();
  }
}
