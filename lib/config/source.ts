/**
 * Where a configuration comes from. This room does no I/O: files are read through a `FileSource`
 * that the caller passes in, together with everything else about the world that a file may ask for
 * (the name of the host, environment variables, random numbers, which interfaces exist). With the
 * same environment the same files always give the same model.
 */
import type { Identity, Result } from "../base/mod.ts";

/** Why a file was not read. */
export type FileProblem =
  | { readonly kind: "missing" }
  /** A directory, a device, or a file with an executable bit: keepalived reads none of these. */
  | { readonly kind: "not-regular"; readonly detail: string }
  | { readonly kind: "unreadable"; readonly detail: string };

/** The files of a machine, or a few texts in memory. */
export interface FileSource {
  /** The bytes of a regular file that nobody may execute. */
  read(path: string): Result<Uint8Array, FileProblem>;
  /** Names of the entries of a directory in any order; none when there is no such directory. */
  list(directory: string): readonly string[];
}

/** What a machine has to say about scripts and the users that run them. */
export interface ScriptMachine {
  /** Whether the daemon itself is root. */
  readonly isRoot: boolean;
  /** The program that a word names: an absolute path, or one of the usual directories. */
  locate(word: string): string | undefined;
  /** The path without symbolic links. */
  realPath(path: string): string;
  /** As whom a command runs; a sentence when there is no such user or group. */
  identity(user: string, group: string | undefined, supplementary: boolean): Identity | string;
  /** Why somebody besides root could have written the file; absent when nobody could. */
  objectionTo(path: string): string | undefined;
}

/** The world as far as a configuration may ask for it. */
export interface ConfigEnvironment {
  readonly files: FileSource;
  /** Absolute directory that relative paths start from. */
  readonly workingDirectory: string;
  /** Name of this host: the default of `router_id`, its first label that of the config-id. */
  readonly hostName: string;
  /** What `@id` lines are compared with; the first label of the host's name when absent. */
  readonly configId?: string | undefined;
  /** Whether every include must find files that can be read, as `includea` does. */
  readonly allConfig?: boolean | undefined;
  /** Environment variables, for `${_ENV NAME}`. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** A number from 0 up to, not including, 1, for `${_RANDOM}`. */
  readonly random: () => number;
  /** Interfaces of this machine; absent when that is not to be checked. */
  readonly interfaces?: readonly string[] | undefined;
  /**
   * The octets of a key file, and whether its group or others have any access to it; the problem is
   * the end of a sentence. Absent when files of other nodes are looked at.
   */
  readonly readKeyFile?:
    | ((path: string) => Result<{ octets: Uint8Array; open: boolean }, string>)
    | undefined;
  /** Whether those are the interfaces of this network namespace; absent when nobody can say. */
  readonly isNetNamespace?: ((name: string) => boolean) | undefined;
  /** Whether a command can be run; absent when that is not to be checked. */
  readonly isExecutable?: ((command: string) => boolean) | undefined;
  /** Scripts and users of this machine; absent when nothing is asked of it. */
  readonly scripts?: ScriptMachine | undefined;
}

/** One line of a file exactly as the person wrote it, without its line end. */
export interface SourceLine {
  readonly file: string;
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** A stretch of a source line; the column counts from 1. */
export interface Place {
  readonly source: SourceLine;
  readonly column: number;
  readonly length: number;
}
