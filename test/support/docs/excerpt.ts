/**
 * Parts of configurations, made whole, so that they can be checked: what a page leaves out with
 * `…`, and what it said above.
 */

const router = "interface eth0\nvirtual_router_id 51\nvirtual_ipaddress {\n192.0.2.100/24\n}";

/** What `…` stands for in a block. */
const leftOut: Readonly<Record<string, string>> = {
  vrrp_instance: router,
  virtual_server: "lvs_sched rr\nlvs_method NAT\nprotocol TCP",
};

/** The file that a reader would have who adds a part to all parts before it. */
export function wholeFile(part: string, before: readonly string[]): string {
  // Each part has routers of its own.
  const known = before.map((one) => one.replace(/^vrrp_instance [^]*?^\}$/gm, ""));
  let block = "";
  const filled = part.split("\n").map((line) => {
    block = /^\w+/.exec(line)?.[0] ?? block;
    return line.trim() === "…" ? leftOut[block] ?? "" : line;
  });
  const runs = /^(vrrp_instance|virtual_server) /m.test(part);
  const rest = runs ? "" : `vrrp_instance VI_1 {\n${router}\n}`;
  return `${[...known, ...filled, rest].join("\n")}\n`;
}
