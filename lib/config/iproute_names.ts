/**
 * Names that iproute2 has for numbers: tables, protocols, scopes, realms, groups of interfaces and
 * types of service. They stand in files of the machine, which are only read when a configuration
 * uses a name that is not built in. A file of `/etc` wins over the vendor's.
 */
import type { FileSource } from "./source.ts";

/** The kinds of names, by the file that has them. */
export type NameKind =
  | "rt_tables"
  | "rt_protos"
  | "rt_scopes"
  | "rt_realms"
  | "rt_dsfield"
  | "group"
  | "protocols";

/** Names that hold on every machine; the kernel's own. */
const builtIn: Readonly<Record<NameKind, Readonly<Record<string, number>>>> = {
  rt_tables: { default: 253, main: 254, local: 255 },
  rt_protos: { redirect: 1, kernel: 2, boot: 3, static: 4, ra: 9, dhcp: 16, keepalived: 18 },
  rt_scopes: { global: 0, site: 200, link: 253, host: 254, nowhere: 255 },
  rt_realms: {},
  rt_dsfield: {},
  group: { default: 0 },
  protocols: { icmp: 1, tcp: 6, udp: 17, gre: 47, esp: 50, ah: 51, "ipv6-icmp": 58, sctp: 132 },
};

/** The largest number of each kind. */
const largest: Readonly<Record<NameKind, number>> = {
  rt_tables: 0xffff_ffff,
  rt_protos: 255,
  rt_scopes: 255,
  rt_realms: 0xffff,
  rt_dsfield: 255,
  group: 0xffff_ffff,
  protocols: 255,
};

/** The names of one machine. */
export class IprouteNames {
  readonly #files: FileSource | undefined;
  readonly #known = new Map<NameKind, ReadonlyMap<string, number>>();
  #directories = { usr: "/usr/share/iproute2", etc: "/etc/iproute2" };

  /** Without files there are only numbers and the kernel's own names. */
  constructor(files: FileSource | undefined) {
    this.#files = files;
  }

  /** Looks elsewhere from now on: `iproute_usr_dir`, the vendor's, and `iproute_etc_dir`. */
  useDirectories(directories: { readonly usr?: string; readonly etc?: string }): void {
    this.#directories = { ...this.#directories, ...directories };
    this.#known.clear();
  }

  /** The number that a word stands for; `undefined` when it stands for none. */
  number(kind: NameKind, word: string): number | undefined {
    const named = builtIn[kind][word] ?? this.#namesOf(kind, word);
    if (named !== undefined) return named;
    const octal = /^0[0-7]+$/.test(word);
    // A type of service is hexadecimal, with or without 0x, as `ip` has it.
    const text = kind === "rt_dsfield" && /^[\da-f]{1,2}$/i.test(word) ? `0x${word}` : word;
    if (!/^(?:0[xX][\da-fA-F]{1,8}|\d{1,10})$/.test(text)) return undefined;
    const value = octal && text === word ? Number.parseInt(word, 8) : Number(text);
    return value <= largest[kind] ? value : undefined;
  }

  #namesOf(kind: NameKind, word: string): number | undefined {
    if (/^\d/.test(word) || this.#files === undefined) return undefined;
    let names = this.#known.get(kind);
    if (names === undefined) {
      names = this.#read(kind, this.#files);
      this.#known.set(kind, names);
    }
    return names.get(word);
  }

  #read(kind: NameKind, files: FileSource): ReadonlyMap<string, number> {
    const names = new Map<string, number>();
    if (kind === "protocols") {
      takeNames(files, "/etc/protocols", names, (words) => [words[1], words[0]]);
      return names;
    }
    for (const directory of [this.#directories.usr, this.#directories.etc]) {
      takeNames(files, `${directory}/${kind}`, names);
      for (const name of [...files.list(`${directory}/${kind}.d`)].sort()) {
        if (name.endsWith(".conf")) takeNames(files, `${directory}/${kind}.d/${name}`, names);
      }
    }
    return names;
  }
}

type Order = (words: readonly string[]) => readonly (string | undefined)[];

function takeNames(
  files: FileSource,
  path: string,
  names: Map<string, number>,
  order: Order = (words) => words,
): void {
  const read = files.read(path);
  if (!read.ok) return;
  for (const line of new TextDecoder().decode(read.value).split("\n")) {
    const [number = "", name] = order(line.replace(/#.*/, "").trim().split(/\s+/));
    if (name !== undefined && /^(?:0x[\da-f]+|\d+)$/i.test(number)) names.set(name, Number(number));
  }
}
