/**
 * Routes and rules as one line, in the words of `ip route` and `ip rule`: what people read, what
 * two plans are compared by, and, behind `del`, what a shell needs to remove them.
 */
import {
  type Family,
  formatIp,
  formatPrefix,
  type IpPrefix,
  type NumberRange,
  type RuleAction,
  type RuleWords,
} from "../base/mod.ts";
import type { EncapPlan, HopPlan, RoutePlan, Watched } from "./route_plan.ts";

/** What `ip route` has by itself. */
const usual = { table: 254, protocol: 18 } as const;

/** The line of a route. */
export function routeLine(plan: RoutePlan): string {
  const { metrics, expiresSeconds, preference, ttlPropagate, hops } = plan;
  return [
    ...placeWords(plan),
    ...given("src", plan.source && formatIp(plan.source)),
    ...(plan.scope === 0 ? [] : [`scope ${plan.scope}`]),
    ...(plan.protocol === usual.protocol ? [] : [`protocol ${plan.protocol}`]),
    ...hopWords(plan),
    ...metrics.map(({ name, value, locked }) => `${name} ${locked ? "lock " : ""}${value}`),
    ...given("expires", expiresSeconds),
    ...given("pref", preference),
    ...(ttlPropagate === undefined
      ? []
      : [`ttl-propagate ${ttlPropagate ? "enabled" : "disabled"}`]),
    ...(plan.insertion === "prepend" ? [] : [plan.insertion]),
    ...watchWords(plan),
    ...hops.map((hop) => ["nexthop", ...hopWords(hop)].join(" ")),
  ].join(" ");
}

/** What tells a route from others of its table, and where it leads: enough to remove it. */
export function routeSelector(plan: RoutePlan, table: number = plan.table): string {
  const { device, gateway } = plan;
  return [
    ...placeWords({ ...plan, table, vrf: undefined }),
    ...(gateway === undefined ? [] : viaWords(plan.family, { gateway })),
    ...given("dev", device),
    `proto ${plan.protocol}`,
  ].join(" ");
}

/** The line of a rule. */
export function ruleLine(rule: RuleWords): string {
  return [
    ruleSelector(rule),
    ...(rule.protocol === usual.protocol ? [] : [
      `protocol ${rule.protocol}`,
    ]),
  ].join(" ");
}

/** The line of a rule as the configuration has it, with what is not the kernel's. */
export function ruleLineWatched(plan: RuleWords & Watched): string {
  return [ruleLine(plan), ...watchWords(plan)].join(" ");
}

/** A rule in the words of `ip rule`; the family is that of the prefixes. */
export function ruleSelector(rule: RuleWords): string {
  const { from, to, mark, markMask, family } = rule;
  const all = family === "ipv6" && from === undefined && to === undefined ? "::/0" : undefined;
  const markText = mark === undefined
    ? undefined
    : `0x${mark.toString(16)}${markMask === undefined ? "" : `/0x${markMask.toString(16)}`}`;
  return [
    ...(rule.invert ? ["not"] : []),
    ...given("from", from === undefined ? all : formatPrefix(from)),
    ...given("to", to && formatPrefix(to)),
    ...(rule.tos === 0 ? [] : [`tos 0x${rule.tos.toString(16)}`]),
    ...given("fwmark", markText),
    ...given("iif", rule.inputInterface),
    ...given("oif", rule.outputInterface),
    ...given("tun_id", rule.tunnelId),
    ...given("uidrange", rangeText(rule.users)),
    ...given("ipproto", rule.ipProtocol),
    ...given("sport", rangeText(rule.sourcePorts)),
    ...given("dport", rangeText(rule.destinationPorts)),
    `priority ${rule.preference}`,
    ...actionWords(rule.action),
  ].join(" ");
}

function placeWords(
  plan: Pick<RoutePlan, "kind" | "destination" | "from" | "tos" | "table" | "metric"> & {
    readonly vrf?: string | undefined;
  },
): string[] {
  const from: IpPrefix | undefined = plan.from;
  return [
    ...(plan.kind === "unicast" ? [] : [plan.kind]),
    formatPrefix(plan.destination),
    ...given("from", from && formatPrefix(from)),
    ...(plan.tos === 0 ? [] : [`tos 0x${plan.tos.toString(16)}`]),
    ...given("vrf", plan.vrf),
    ...(plan.table === usual.table ? [] : [`table ${plan.table}`]),
    ...given("metric", plan.metric),
  ];
}

function hopWords(hop: HopPlan): string[] {
  const { gateway, encap, realms, weight } = hop;
  return [
    ...(gateway === undefined ? [] : [`via ${formatIp(gateway)}`]),
    ...given("dev", hop.device),
    ...(weight === undefined || weight === 1 ? [] : [`weight ${weight}`]),
    ...(hop.onLink ? ["onlink"] : []),
    ...(encap === undefined ? [] : [encapWords(encap)]),
    ...given("realms", realms && `${realms >>> 16}/${realms & 0xffff}`),
  ];
}

/** `ip route` asks for the family of a gateway that is not that of the route. */
function viaWords(family: Family, { gateway }: Required<Pick<HopPlan, "gateway">>): string[] {
  const other = gateway.family === "ipv6" ? "inet6 " : "inet ";
  return [`via ${gateway.family === family ? "" : other}${formatIp(gateway)}`];
}

function encapWords(encap: EncapPlan): string {
  switch (encap.kind) {
    case "mpls":
      return `encap mpls ${encap.labels.join("/")}`;
    case "ila": {
      const view = new DataView(encap.locator.buffer, encap.locator.byteOffset);
      const groups = [0, 2, 4, 6].map((at) => view.getUint16(at).toString(16));
      return `encap ila ${groups.join(":")}`;
    }
    default: {
      const six = encap.kind === "ip6";
      return [
        `encap ${encap.kind}`,
        ...given("id", encap.id),
        ...given("dst", encap.dst && formatIp(encap.dst)),
        ...given("src", encap.src && formatIp(encap.src)),
        ...given(six ? "tc" : "tos", encap.tos),
        ...given(six ? "hoplimit" : "ttl", encap.ttl),
        ...given("flags", encap.flags),
      ].join(" ");
    }
  }
}

function actionWords(action: RuleAction): string[] {
  switch (action.kind) {
    case "table": {
      const { realms } = action;
      return [
        `table ${action.table}`,
        ...given("suppress_prefixlength", action.suppressPrefixLength),
        ...given("suppress_ifgroup", action.suppressGroup),
        ...given("realms", realms && `${realms >>> 16}/${realms & 0xffff}`),
      ];
    }
    case "goto":
      return [`goto ${action.target}`];
    default:
      return [action.kind];
  }
}

function watchWords({ tracked, trackGroup }: Watched): string[] {
  return [...(tracked ? [] : ["no_track"]), ...given("track_group", trackGroup)];
}

function rangeText(range: NumberRange | undefined): string | undefined {
  return range === undefined ? undefined : `${range.first}-${range.last}`;
}

function given(word: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [`${word} ${value}`];
}
