/**
 * Options the way `getopt_long` of the C library reads them, because that is what keepalived's
 * users type: bundles of single letters (`-nlD`), values with or without a blank (`-fFILE`,
 * `-f FILE`, `--use-file=FILE`, `--use-file FILE`), optional values only without one (`-tFILE`,
 * `--config-test=FILE`), long names shortened as far as they stay unique, `--` before the rest.
 */

/** One option that is understood. */
export interface OptionSpec {
  /** Long name without dashes. */
  readonly name: string;
  /** Single letter, when it has one. */
  readonly letter?: string;
  readonly value: "none" | "required" | "optional";
}

/** One option that was given. */
export interface GivenOption<Spec extends OptionSpec> {
  readonly spec: Spec;
  readonly value?: string;
}

/** What the arguments say, or the first mistake in them. */
export type Options<Spec extends OptionSpec> =
  | {
    readonly kind: "options";
    readonly given: readonly GivenOption<Spec>[];
    /** Arguments that are no options. */
    readonly rest: readonly string[];
  }
  | { readonly kind: "unknown"; readonly option: string }
  | { readonly kind: "missing-value"; readonly option: string }
  | { readonly kind: "unexpected-value"; readonly option: string };

type Step<Spec extends OptionSpec> =
  | { readonly kind: "read"; readonly given: readonly GivenOption<Spec>[]; readonly used: number }
  | Exclude<Options<Spec>, { kind: "options" }>;

/** Reads all arguments. */
export function readOptions<Spec extends OptionSpec>(
  specs: readonly Spec[],
  args: readonly string[],
): Options<Spec> {
  const given: GivenOption<Spec>[] = [];
  const rest: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? "";
    if (word === "--") {
      rest.push(...args.slice(at + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      rest.push(word);
      continue;
    }
    const next = args[at + 1];
    const step = word.startsWith("--")
      ? readLong(specs, word, next)
      : readBundle(specs, word, next);
    if (step.kind !== "read") return step;
    given.push(...step.given);
    at += step.used;
  }
  return { kind: "options", given, rest };
}

/** `--name`, `--name=value`, or `--name` with the next argument as its value. */
function readLong<Spec extends OptionSpec>(
  specs: readonly Spec[],
  word: string,
  next: string | undefined,
): Step<Spec> {
  const equals = word.indexOf("=");
  const option = equals < 0 ? word : word.slice(0, equals);
  const spec = findLong(specs, option.slice(2));
  if (spec === undefined) return { kind: "unknown", option };
  if (equals >= 0) {
    if (spec.value === "none") return { kind: "unexpected-value", option };
    return { kind: "read", given: [{ spec, value: word.slice(equals + 1) }], used: 0 };
  }
  if (spec.value !== "required") return { kind: "read", given: [{ spec }], used: 0 };
  if (next === undefined) return { kind: "missing-value", option };
  return { kind: "read", given: [{ spec, value: next }], used: 1 };
}

function findLong<Spec extends OptionSpec>(specs: readonly Spec[], name: string): Spec | undefined {
  const exact = specs.find((spec) => spec.name === name);
  if (exact !== undefined) return exact;
  const longer = specs.filter((spec) => spec.name.startsWith(name));
  return longer.length === 1 ? longer[0] : undefined;
}

/** `-abc`: letters up to the first that takes a value, which is the rest or the next argument. */
function readBundle<Spec extends OptionSpec>(
  specs: readonly Spec[],
  word: string,
  next: string | undefined,
): Step<Spec> {
  const given: GivenOption<Spec>[] = [];
  for (let at = 1; at < word.length; at++) {
    const letter = word[at] ?? "";
    const spec = specs.find((candidate) => candidate.letter === letter);
    if (spec === undefined) return { kind: "unknown", option: `-${letter}` };
    if (spec.value === "none") {
      given.push({ spec });
      continue;
    }
    const attached = word.slice(at + 1);
    if (attached !== "") {
      return { kind: "read", given: [...given, { spec, value: attached }], used: 0 };
    }
    if (spec.value === "optional") return { kind: "read", given: [...given, { spec }], used: 0 };
    if (next === undefined) return { kind: "missing-value", option: `-${letter}` };
    return { kind: "read", given: [...given, { spec, value: next }], used: 1 };
  }
  return { kind: "read", given, used: 0 };
}
