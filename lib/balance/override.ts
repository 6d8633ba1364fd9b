/**
 * What a person says of a server while the daemon runs, over what the configuration and the checks
 * say: no new connections, none at all, or another weight.
 */
/** What holds for one server until it is taken back. */
export interface ServerOverride {
  /** Drained: weight 0, so who is there stays. Disabled: as if it were down. */
  readonly state?: "drained" | "disabled";
  readonly weight?: number;
  /** Whether it outlives reloads and restarts. */
  readonly persistent: boolean;
}

/** An override and whom it is about. */
export interface OverriddenServer extends ServerOverride {
  readonly virtualServer: string;
  readonly server: string;
}

/** What is asked for. */
export type OverrideAction =
  | { readonly kind: "drain" | "disable" | "enable" | "reset" }
  | { readonly kind: "weight"; readonly weight: number };

/** What holds after an action; nothing when the configuration holds again. */
export function overriddenBy(
  before: ServerOverride | undefined,
  action: OverrideAction,
  persistent: boolean,
): ServerOverride | undefined {
  const { state, weight } = before ?? {};
  const kept = { ...weight === undefined ? {} : { weight }, persistent };
  switch (action.kind) {
    case "drain":
      return { ...kept, state: "drained" };
    case "disable":
      return { ...kept, state: "disabled" };
    case "weight":
      return { ...state === undefined ? {} : { state }, weight: action.weight, persistent };
    case "enable":
      return weight === undefined ? undefined : kept;
    case "reset":
      return undefined;
  }
}

/** The weight that a server has with an override. */
export function overriddenWeight(weight: number, override: ServerOverride | undefined): number {
  if (override?.state === "drained") return 0;
  return override?.weight ?? weight;
}

/** An override in words. */
export function describeOverride({ state, weight, persistent }: ServerOverride): string {
  return [
    ...state === undefined ? [] : [state],
    ...weight === undefined ? [] : [`weight ${weight}`],
    ...persistent ? ["persistent"] : [],
  ].join(", ");
}

/** The names of the servers that a person means: an address, with or without its port. */
export function serversMeant(
  { name, servers }: {
    readonly name: string;
    readonly servers: readonly { readonly name: string }[];
  },
  { server, virtualServer }: { readonly server: string; readonly virtualServer?: string },
): string[] {
  // A virtual server may be named without its protocol.
  if (virtualServer !== undefined && name !== virtualServer) {
    if (name.replace(/ (TCP|UDP|SCTP)$/, "") !== virtualServer) return [];
  }
  const names = servers.map((one) => one.name);
  return names.filter((one) =>
    one === server || one.replace(/:\d+$/, "").replaceAll(/[[\]]/g, "") === server
  );
}
