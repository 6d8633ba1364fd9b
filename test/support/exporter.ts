/**
 * What an exporter for Prometheus makes of keepalived's dump files: a reader with the rules of the
 * exporter by mehdy, strict where it is, so that a word which it does not know fails here, too. It
 * is the judge of our dumps, and of what `/metrics` says in its names.
 */
import { readStatistics } from "./lab/exporter.ts";

/** One virtual router, from either form. */
interface Router {
  readonly iname: string;
  readonly intf: string;
  readonly vrid: number;
  readonly state: number;
  readonly garpDelay: number;
  readonly vips: readonly string[];
  readonly excluded: readonly string[];
  readonly counters: Readonly<Record<string, number>>;
}

const states = ["INIT", "BACKUP", "MASTER", "FAULT"];
const scriptStates = ["idle", "running", "requested termination", "forcing termination"];

/** Its counters: name, section and line in the statistics, and field in JSON. */
const counters = [
  ["advertisements_received", "Advertisements Received", "advert_rcvd"],
  ["advertisements_sent", "Advertisements Sent", "advert_sent"],
  ["become_master", "Became master", "become_master"],
  ["release_master", "Released master", "release_master"],
  ["packet_length_errors", "Packet Errors Length", "packet_len_err"],
  [
    "advertisements_interval_errors",
    "Packet Errors Advertisement Interval",
    "advert_interval_err",
  ],
  ["ip_ttl_errors", "Packet Errors TTL", "ip_ttl_err"],
  ["invalid_type_received", "Packet Errors Invalid Type", "invalid_type_rcvd"],
  ["address_list_errors", "Packet Errors Address List", "addr_list_err"],
  ["authentication_invalid", "Authentication Errors Invalid Type", "invalid_authtype"],
  ["authentication_mismatch", "Authentication Errors Type Mismatch", "authtype_mismatch"],
  ["authentication_failure", "Authentication Errors Failure", "auth_failure"],
  ["priority_zero_received", "Priority Zero Received", "pri_zero_rcvd"],
  ["priority_zero_sent", "Priority Zero Sent", "pri_zero_sent"],
] as const;

/** The samples that it answers with when it reads the two text files, sorted. */
export function exportedFromText(data: string, statistics: string): string[] {
  const counted = readStatistics(statistics);
  const routers = readRouters(data).map((settings) => routerOf(settings, counted));
  if (routers.length !== Object.keys(counted).length) {
    throw new Error("the files are not of the same routers");
  }
  return [...routers.flatMap(samplesOf), ...scriptsIn(data)].sort();
}

/** The samples that it answers with when it reads the JSON file, sorted; scripts are not in it. */
export function exportedFromJson(text: string): string[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) throw new Error("not a list");
  return list.map(({ data, stats }): Router => ({
    iname: String(data.iname),
    intf: String(data.ifp_ifname),
    vrid: whole(data.vrid),
    state: whole(data.state),
    garpDelay: whole(data.garp_delay),
    vips: data.vips ?? [],
    excluded: data.evips ?? [],
    counters: Object.fromEntries(counters.map(([name, , field]) => [name, whole(stats[field])])),
  })).flatMap(samplesOf).sort();
}

function samplesOf(router: Router): string[] {
  const { iname, intf, vrid, state, vips, excluded, garpDelay } = router;
  const labels = `iname=${iname},intf=${intf},vrid=${vrid}`;
  const addresses = (metric: string, list: readonly string[]): string[] =>
    list.map((line) => {
      const [address, , link] = line.split(" ");
      return `keepalived_${metric}{iname=${iname},intf=${link},vrid=${vrid},` +
        `ip_address=${address}} ${state}`;
    });
  return [
    ...counters.map(([name]) => `keepalived_${name}_total{${labels}} ${router.counters[name]}`),
    `keepalived_gratuitous_arp_delay_total{${labels}} ${garpDelay}`,
    ...addresses("vrrp_state", vips),
    ...addresses("vrrp_excluded_state", excluded),
  ];
}

/** Its settings by their names, and its addresses, of each router in the data file. */
interface Settings {
  readonly iname: string;
  readonly vips: string[];
  readonly excluded: string[];
  readonly values: Map<string, string>;
}

function readRouters(data: string): Settings[] {
  const found = new Map<string, Settings>();
  let current: Settings | undefined;
  let key = "";
  for (const line of data.split("\n")) {
    if (line.startsWith(" VRRP Instance") && line.includes("=")) {
      const iname = line.split("=")[1]?.trim() ?? "";
      found.set(iname, current = { iname, vips: [], excluded: [], values: new Map() });
    } else if (line.startsWith("   ") && current !== undefined) {
      let value = line.trim();
      if (!line.startsWith("     ")) {
        const mark = line.includes("=") ? "=" : ":";
        // A line with neither leaves what follows to the setting before it.
        if (!line.includes(mark)) continue;
        [key = "", value = ""] = line.split(mark).map((word) => word.trim());
      }
      if (value === "") continue;
      if (/^Virtual IP( \(|$)/.test(key)) current.vips.push(value);
      if (key.startsWith("Virtual IP Excluded")) current.excluded.push(value);
      current.values.set(key, value);
    } else if (!/^ VRRP (Version|Script)/.test(line)) current = undefined;
  }
  return [...found.values()];
}

function routerOf(
  { iname, vips, excluded, values }: Settings,
  counted: ReturnType<typeof readStatistics>,
): Router {
  const word = (name: string): string => values.get(name) ?? "";
  const mine = counted[iname];
  if (mine === undefined) throw new Error(`no statistics of ${iname}`);
  for (const name of ["State", "Wantstate"]) {
    if (!states.includes(word(name))) throw new Error(`${name} of ${iname}: ${word(name)}`);
  }
  return {
    iname,
    intf: word("Interface"),
    vrid: whole(word("Virtual Router ID")),
    state: states.indexOf(word("State")),
    garpDelay: whole(word("Gratuitous ARP delay")),
    vips,
    excluded,
    counters: Object.fromEntries(counters.map(([name, line]) => [name, whole(mine[line])])),
  };
}

function scriptsIn(data: string): string[] {
  const found: string[] = [];
  let name: string | undefined;
  for (const line of data.split("\n")) {
    const [key = "", value = ""] = line.split("=").map((word) => word.trim());
    if (line.startsWith(" VRRP Script") && line.includes("=")) name = value;
    else if (!line.startsWith("   ")) name = undefined;
    else if (name !== undefined && key === "Status") {
      found.push(`keepalived_script_status{name=${name}} ${known(["BAD", "GOOD"], value)}`);
    } else if (name !== undefined && key === "State") {
      found.push(`keepalived_script_state{name=${name}} ${known(scriptStates, value)}`);
    }
  }
  return found;
}

function known(words: readonly string[], word: string): number {
  if (!words.includes(word)) throw new Error(`unknown word ${word}`);
  return words.indexOf(word);
}

/** It takes whole numbers only. */
function whole(value: unknown): number {
  if (!/^-?\d+$/.test(String(value))) throw new Error(`not a whole number: ${value}`);
  return Number(value);
}
