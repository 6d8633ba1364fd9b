/**
 * The one configuration that both implementations run: VRRP version 3 over IPv4, one address for
 * each virtual router. Gratuitous ARP is sent once and once more after a second, so that the
 * bursts of a start are over before anything is measured.
 */

/** What differs between configurations. */
export interface RouterPlan {
  readonly state: "MASTER" | "BACKUP";
  readonly priority: number;
  /** How many virtual routers; each has a VRID of its own, from 1. */
  readonly routers: number;
  readonly intervalMs: number;
  readonly nopreempt?: boolean;
  /** The daemon goes before what else the machine does. */
  readonly realtime?: boolean;
  /** So many scripts that end well, each run once a second and tracked by a router of its own. */
  readonly scripts?: number;
  /** One router with a priority of its own. */
  readonly exception?: { readonly vrid: number; readonly priority: number };
  /** More blocks, as text. */
  readonly more?: string;
}

/** The text of a configuration. */
export function configurationText(plan: RouterPlan): string {
  const head = [
    "global_defs {",
    "  vrrp_version 3",
    "  vrrp_garp_master_delay 1",
    "  vrrp_garp_master_repeat 1",
    ...(plan.realtime === true ? ["  vrrp_rt_priority 1", "  vrrp_rlimit_rttime 1000000"] : []),
    ...(plan.scripts === undefined ? [] : ["  script_user root", "  enable_script_security"]),
    "}",
  ];
  const scripts = Array.from({ length: plan.scripts ?? 0 }, (_, at) => scriptText(at + 1));
  const instances = Array.from({ length: plan.routers }, (_, at) => instanceText(plan, at + 1));
  return [...head, ...scripts, ...instances, plan.more ?? "", ""].join("\n");
}

/** The virtual address of a router. */
export function virtualAddress(vrid: number): string {
  return `10.78.0.${vrid}`;
}

function scriptText(index: number): string {
  return `vrrp_script check_${index} {\n  script "/bin/true"\n  interval 1\n}`;
}

function instanceText(plan: RouterPlan, vrid: number): string {
  const { state, intervalMs, exception } = plan;
  const priority = exception?.vrid === vrid ? exception.priority : plan.priority;
  return [
    `vrrp_instance VI_${vrid} {`,
    `  state ${state}`,
    "  interface eth0",
    `  virtual_router_id ${vrid}`,
    `  priority ${priority}`,
    `  advert_int ${intervalMs / 1000}`,
    ...(plan.nopreempt === true ? ["  nopreempt"] : []),
    ...(vrid > (plan.scripts ?? 0) ? [] : [`  track_script {\n    check_${vrid}\n  }`]),
    "  virtual_ipaddress {",
    `    ${virtualAddress(vrid)}/32`,
    "  }",
    "}",
  ].join("\n");
}
