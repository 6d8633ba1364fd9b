/**
 * What the configuration says of a check: what is done, and when.
 */
import type { CommandPlan, Duration, IpAddress } from "../base/mod.ts";
import type { DnsQuestion } from "../wire/mod.ts";

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

/** The versions of `http_protocol`; `1.0C` and `1.1` say `Connection: close`. */
export type HttpVersion = "1.0" | "1.0C" | "1.1";

/** `regex` and what goes with it. */
export interface PatternPlan {
  /** In the language of PCRE2. */
  readonly text: string;
  /** `regex_options`, by their names. */
  readonly options: readonly string[];
  /** `regex_no_match`: a match is a failure. */
  readonly negated: boolean;
  /** `regex_min_offset` and `regex_max_offset`: where in the body a match may begin. */
  readonly from: number;
  readonly to?: number;
}

/** One `url` of `HTTP_GET` or `SSL_GET`. */
export interface UrlPlan {
  readonly path: string;
  /** What the request names as its host. */
  readonly host: string;
  /** MD5 of the body, hexadecimal. */
  readonly digest?: string;
  /** Ranges of status codes that are right. */
  readonly statuses: readonly (readonly [least: number, most: number])[];
  readonly pattern?: PatternPlan;
  /** The name that is said in the TLS greeting; absent for none. */
  readonly serverName?: string;
  /** `tls_compliant`: TLS is ended in due form. */
  readonly endsTls: boolean;
}

/** The root block `SSL`: files with what this client can prove. */
export interface TlsPlan {
  readonly authorities?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly password?: string;
}

/** `HTTP_GET` and, with `tls`, `SSL_GET`. */
export interface HttpPlan {
  readonly kind: "http";
  readonly connection: ConnectionPlan;
  readonly version: HttpVersion;
  readonly tls?: TlsPlan;
  readonly urls: readonly UrlPlan[];
  /** No pause between URLs while the server comes up. */
  readonly fastRecovery: boolean;
}

/** `SMTP_CHECK`: the server greets, and takes a greeting. */
export interface SmtpPlan {
  readonly kind: "smtp";
  readonly connection: ConnectionPlan;
  /** The name that is given in HELO. */
  readonly helo: string;
}

/** `AGENT_CHECK`: a program on the server says how it is. */
export interface AgentPlan {
  readonly kind: "agent";
  readonly connection: ConnectionPlan;
  /** What it is asked; absent when it speaks by itself. */
  readonly send?: string;
}

/** `DNS_CHECK`: the server answers a question without an error. */
export interface DnsPlan extends DnsQuestion {
  readonly kind: "dns";
  readonly connection: ConnectionPlan;
}

/** Octets of which some bits do not count. */
export interface MaskedOctets {
  readonly value: Uint8Array;
  readonly mask: Uint8Array;
}

/** `UDP_CHECK`: nobody says that the port is closed, or the reply is right. */
export interface UdpPlan {
  readonly kind: "udp";
  readonly connection: ConnectionPlan;
  /** Absent for a filler. */
  readonly payload?: Uint8Array;
  /** Absent when silence is right. */
  readonly reply?: {
    /** What it must begin with, as far as it goes. */
    readonly like: MaskedOctets;
    readonly lengthMin: number;
    readonly lengthMax: number;
  };
}

/** `PING_CHECK`: the address answers an echo request. */
export interface PingPlan {
  readonly kind: "ping";
  readonly connection: ConnectionPlan;
}

/** The question of one run of `HTTP_GET`: its URLs are asked for one at a time. */
export interface HttpProbe extends Omit<HttpPlan, "urls" | "fastRecovery"> {
  readonly url: UrlPlan;
}

/** What one run of a check asks of a server. */
export type Probe = Exclude<ProbePlan, HttpPlan> | HttpProbe;

/** What is asked of a server over the network. */
export type ProbePlan =
  | TcpPlan
  | HttpPlan
  | SmtpPlan
  | AgentPlan
  | DnsPlan
  | UdpPlan
  | PingPlan;

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
  /** `rise`: successes that bring a server up; one when absent. */
  readonly rise?: number;
  /** `fastinter`: pause while a server is neither surely up nor surely down. */
  readonly fastInterval?: Duration;
  /** Longest random wait before the first check. */
  readonly warmup: Duration;
  readonly delayLoop: Duration;
  /** Down until a check succeeded. */
  readonly alpha: boolean;
  /** `log_all_failures`: failures that are still being repeated are told, too. */
  readonly tellsAll: boolean;
}
