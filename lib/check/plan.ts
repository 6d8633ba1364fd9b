/**
 * What the configuration says of a check.
 */
import type { Duration, IpAddress } from "../base/mod.ts";

/** Where a connection goes and comes from. */
export interface ConnectionPlan {
  readonly address: IpAddress;
  readonly port: number;
  /** `bindto` and `bind_port`; the kernel chooses what is absent. */
  readonly source?: IpAddress;
  readonly sourcePort?: number;
  /** `bind_if`. */
  readonly interfaceName?: string;
  /** `fwmark`: the mark of what the check sends. */
  readonly mark?: number;
}

/** A `TCP_CHECK`: the server takes a connection. */
export interface CheckPlan {
  readonly kind: "tcp";
  /** Virtual server, real server and number of the check. */
  readonly name: string;
  readonly virtualServer: string;
  readonly realServer: string;
  readonly connection: ConnectionPlan;
  readonly connectTimeout: Duration;
  /** Repetitions of a failed check before the server counts as down. */
  readonly retry: number;
  readonly delayBeforeRetry: Duration;
  /** Longest random wait before the first check. */
  readonly warmup: Duration;
  readonly delayLoop: Duration;
  /** Down until a check succeeded. */
  readonly alpha: boolean;
  /** `log_all_failures`: failures that are still being repeated are told, too. */
  readonly tellsAll: boolean;
}
