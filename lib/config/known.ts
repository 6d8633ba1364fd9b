/**
 * What was read before the present place of a file, and what the machine has. keepalived looks
 * names up while it reads: a `track_script` line only finds a `vrrp_script` that stands before it.
 * What is not built yet is told once for each kind of keyword, however often it stands there. What
 * can only be judged when all was read is kept until then.
 */
import { IprouteNames } from "./iproute_names.ts";
import { LinePlans } from "./line_plans.ts";
import type { Family } from "../base/mod.ts";
import type { ConfigEnvironment, Place } from "./source.ts";

/** What a configuration may ask the machine. */
export type Machine =
  & Pick<ConfigEnvironment, "interfaces" | "isExecutable" | "readKeyFile">
  & Partial<Pick<ConfigEnvironment, "files">>;

/** A name that was used at a place. */
export interface Mention {
  readonly name: string;
  readonly place: Place;
  /** The block that uses it, in the words of the file. */
  readonly owner: string;
}

/** Names and kinds so far. */
export class Known {
  /** Interfaces that are named and absent. */
  readonly absentInterfaces: Mention[] = [];
  /** Instances that are spoken of, perhaps before they stand in the file. */
  readonly instances: Mention[] = [];
  /** Commands that would run. */
  readonly commands: Mention[] = [];
  readonly machine: Machine;
  /** Names that iproute2 has for numbers. */
  readonly iproute: IprouteNames;
  /** The preference that the next rule without one gets; each family counts by itself. */
  readonly nextPreference: Record<Family, number> = { ipv4: 16_384, ipv6: 16_384 };
  /** What lines of routes, rules and static addresses ask for. */
  readonly lines: LinePlans = new LinePlans();
  readonly #names = new Map<string, Set<string>>();
  readonly #told = new Set<string>();

  constructor(machine: Machine) {
    this.machine = machine;
    this.iproute = new IprouteNames(machine.files);
  }

  /** Notes a named block; false when the name was taken. */
  add(block: string, name: string): boolean {
    const names = this.#names.get(block);
    if (names === undefined) this.#names.set(block, new Set([name]));
    else if (names.has(name)) return false;
    else names.add(name);
    return true;
  }

  /** Whether there is a block of the name. */
  has(block: string, name: string): boolean {
    return this.#names.get(block)?.has(name) ?? false;
  }

  /** The names of a kind of block. */
  namesOf(block: string): Iterable<string> {
    return this.#names.get(block) ?? [];
  }

  /** How much was kept for later. */
  get kept(): number {
    const { addresses, routes, rules } = this.lines;
    return this.absentInterfaces.length + this.instances.length + this.commands.length +
      addresses.size + routes.size + rules.size;
  }

  /** Whether this is the first time that the kind is spoken of. */
  first(kind: string): boolean {
    if (this.#told.has(kind)) return false;
    this.#told.add(kind);
    return true;
  }

  /** Notes an interface if the machine does not have it. */
  noteInterface(mention: Mention): void {
    const { interfaces } = this.machine;
    if (interfaces === undefined || interfaces.includes(mention.name)) return;
    this.absentInterfaces.push(mention);
  }
}
