/**
 * What the configuration says of a check: what is done, and when.
 */
import type { CommandPlan, Duration, IpAddress } from "../base/mod.ts";

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

/** `TCP_CHECK`: the server takes a connection. */
export interface TcpPlan {
  readonly kind: "tcp";
  readonly connection: ConnectionPlan;
}

/** What is asked of a server over the network. */
export type ProbePlan = TcpPlan;

/** `MISC_CHECK`: a command ends well. */
export interface CommandCheckPlan {
  readonly kind: "misc";
  readonly command: CommandPlan;
  /** `misc_dynamic`: a status from 2 to 255 is a weight of two less. */
  readonly dynamic: boolean;
}

/** `FILE_CHECK`: the number in a `track_file` changes the weight, or fails the server. */
export interface FileCheckPlan {
  readonly kind: "file";
  /** The name of the `track_file`. */
  readonly tracker: string;
  /** The number is multiplied by it; with 0 any number but 0 is a failure. */
  readonly weight: number;
  readonly reverse: boolean;
}

/** `BFD_CHECK`: a session is up. */
export interface SessionCheckPlan {
  readonly kind: "bfd";
  /** The name of the `bfd_instance`. */
  readonly tracker: string;
}

/** What a check looks at: something is asked or run, or somebody else's verdict is followed. */
export type SubjectPlan = ProbePlan | CommandCheckPlan | FileCheckPlan | SessionCheckPlan;

/** A check of one real server. The times mean nothing to those that follow somebody else. */
export interface CheckPlan {
  /** Virtual server, real server and number of the check. */
  readonly name: string;
  readonly virtualServer: string;
  readonly realServer: string;
  readonly subject: SubjectPlan;
  /** How long a connection, an answer or a command may take. */
  readonly limit: Duration;
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
