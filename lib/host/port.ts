/**
 * The port between the command line and a host: what it takes to run a daemon, and what a running
 * daemon offers to the apps that answer people. `lib/host/linux` implements `RunDaemon`; the
 * command line calls it and brings the apps. Neither side imports the other's insides: the status
 * room states its half of `StatusSource` and `Control` itself, and the compiler compares the two
 * where `lib/cli/run.ts` puts them together.
 */
import type { Diagnostic, PlannedReload } from "../config/mod.ts";
import type { EventRecord, Level, OverrideAction, Snapshot } from "../engine/mod.ts";

/** Where log lines go. `both` is keepalived's `-l` without `-G`. */
export type LogTarget = "stderr" | "syslog" | "both" | "none";

/** The parts of the daemon that keepalived runs as processes of their own (`-P`, `-C`, `-B`). */
export type Subsystem = "vrrp" | "check" | "bfd";

/** Everything that the command line decides about a daemon. */
export interface DaemonOptions {
  /** What `version` of the snapshot says. */
  readonly version: string;
  /** The configuration; whether it can be read is found out by the daemon. */
  readonly configFile: string;
  /** Whether a person named the file; otherwise it is the default place. */
  readonly configExplicit: boolean;
  /** Directory for the pid file, `control.sock` and what must survive a restart. */
  readonly runDir: string;
  /** Whether a person named it; otherwise each network namespace has one of its own in there. */
  readonly runDirExplicit?: boolean;
  readonly logFormat: "text" | "json";
  readonly logLevel: Level;
  readonly logTo: LogTarget;
  /** Facility of syslog messages, `daemon`, `user` or `local0` to `local7`. */
  readonly syslogFacility: string;
  /** A file that gets the log as well (`-g`). */
  readonly logFile?: string;
  /** Words that start this program once more; its file is then read outside of the daemon. */
  readonly self?: { readonly command: string; readonly args: readonly string[] };
  /** What to run; the parts that are not named stay asleep. */
  readonly subsystems: readonly Subsystem[];
  /** Pid files besides the one in the run directory: keepalived's `-p`, `-r`, `-c`, `-b`. */
  readonly extraPidFiles: readonly string[];
  /** keepalived's pid file, where nobody named another; apart for each network namespace. */
  readonly usualPidFile?: string;
  /** What `@word` lines are compared with (`-i`); the host's name up to its first dot if absent. */
  readonly configId?: string;
  /** Whether every include must find files that can be read (`-e`). */
  readonly allConfig?: boolean;
  /** Run in this network namespace (`-s`); wins over the configuration. */
  readonly netNamespace?: string;
  /** Mask for the files that are created (`-u`). */
  readonly umask?: number;
  /** Leave addresses and routes behind at the end, and send no priority 0 (`-V`). */
  readonly dontReleaseVrrp: boolean;
  /** Leave virtual servers behind at the end (`-I`). */
  readonly dontReleaseIpvs: boolean;
  /** Log what is configured, at the start and after each reload (`-d`). */
  readonly logsConfig?: boolean;
  /** Log every address that comes to an interface or leaves it (`-a`). */
  readonly reportsAddresses?: boolean;
  /** Write down everything that happens (`--record`), up to so many octets. */
  readonly record?: { readonly path: string; readonly limitBytes: number };
  /**
   * Nobody sits in front of it: after `onReady`, standard input, output and error are pointed at
   * `/dev/null` (error not, when `logTo` names it).
   */
  readonly background: boolean;
  /** Called once when the daemon has read its file, holds its sockets and handles packets. */
  readonly onReady?: () => void;
}

/** A signal that asks a daemon for something, and whose default would end it. */
export type AnsweredSignal = "SIGHUP" | "SIGUSR1" | "SIGUSR2";

/** The signals of a daemon from its first moment on. */
export interface Signals {
  /** From now on it is answered; at once when it came before. */
  answer(signal: AnsweredSignal, handler: () => void): void;
}

/** A request becomes a response. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

/** Which events somebody wants. */
export interface EventQuestion {
  /** Only those with a larger id. */
  readonly after: number;
  /** Only those that name this instance, group, tracker, session or server. */
  readonly about: string | undefined;
}

/** What was told, and what will be. */
export interface Events {
  /** The file that keeps them, one JSON record a line; its older part has `.1` behind it. */
  readonly path: string;
  /** Changes when an answer about what is kept may change. */
  readonly version: string;
  /** Whether all with a larger id are in memory. */
  remembers(after: number): boolean;
  /** The latest ones that are in memory, the oldest first. */
  since(question: EventQuestion): readonly EventRecord[];
  /** Calls for each event that is kept, also of daemons before this one, the oldest first. */
  history(visit: (record: EventRecord) => void): Promise<void>;
  /** Hears every further one, until the answer is called. */
  follow(listener: (record: EventRecord) => void): () => void;
}

/** What a daemon tells about itself. */
export interface StatusSource {
  /** Brings up to date what only the kernel counts. */
  gather(): Promise<void>;
  snapshot(): Snapshot;
  readonly events: Events;
  /** True from the moment the daemon was asked to end. */
  stopping(): boolean;
}

/** What a reload did, or why it was refused; in that case the old configuration stays. */
export interface ReloadAnswer {
  readonly applied: boolean;
  /** One line for each thing that is different. */
  readonly changes: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** Resources that it stops, as long as they are not stopped. */
  readonly stopping: readonly string[];
  /** Whether it is in effect only when these are stopped. */
  readonly pending: boolean;
}

/** What a reload of a file would do; nothing at all when the file stands in its way. */
export interface PlanAnswer extends PlannedReload {
  readonly file: string;
  /** Whether a reload would apply the file. */
  readonly possible: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a person wants of the servers with an address. */
export interface ServerRequest {
  /** The address, with or without a port. */
  readonly server: string;
  /** Only in this virtual server. */
  readonly virtualServer?: string;
  readonly action: OverrideAction;
  /** Whether it outlives reloads and restarts. */
  readonly persist: boolean;
}

/** A server that was meant, and what holds for it now. */
export interface ServerReport {
  readonly virtualServer: string;
  readonly server: string;
  readonly state: string;
}

/** What a person can ask of a running daemon. */
export interface Control {
  reload(): Promise<ReloadAnswer>;
  /** Says what a reload would do, of its own file or of another; changes nothing. */
  plan(file?: string): Promise<PlanAnswer>;
  /** Hands over what an instance or a group is master of; answers which instances were. */
  failover(name: string): readonly string[];
  /** Takes no part for so many milliseconds, or until it is ended; or takes part again. */
  maintenance(wanted: { readonly on: boolean; readonly forMs?: number }): void;
  /** Changes servers until the next reload, or for good; none when nobody is meant. */
  overrideServers(request: ServerRequest): readonly ServerReport[];
  stop(): void;
}

/** `status` is served on the network, `control` on the socket in the run directory. */
export interface Apps {
  readonly status: FetchHandler;
  readonly control: FetchHandler;
}

/** Makes the apps over a daemon. */
export type CreateApps = (source: StatusSource, control: Control) => Apps;

/** Runs a daemon in the foreground until it ends; resolves with the exit code. */
export type RunDaemon = (options: DaemonOptions, createApps: CreateApps) => Promise<number>;
