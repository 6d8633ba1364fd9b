/**
 * Questions about routes and their answers, octet by octet.
 */
import assert from "node:assert/strict";
import { formatIp, fromHex, ifIndex, toHex } from "../../../lib/base/mod.ts";
import { decodeRouteAnswer, encodeRouteQuestion } from "../../../lib/netlink/mod.ts";
import { ip } from "../../support/plan.ts";
import { test } from "../../support/test.ts";

function answer(hex: string): string[] {
  const payload = fromHex(hex.replaceAll(" ", ""));
  assert.ok(payload !== undefined);
  const found = decodeRouteAnswer({ type: 24, flags: 0, sequence: 1, portId: 0, payload });
  if (found === undefined) return [];
  const { destination, gateway, ifIndex: through, source } = found;
  return [
    `${formatIp(destination.address)}/${destination.prefixLength}`,
    gateway === undefined ? "none" : formatIp(gateway),
    String(through),
    source === undefined ? "none" : formatIp(source),
  ];
}

/** struct rtmsg of IPv4: a unicast route of the main table with a prefix of this length. */
function header(prefixLength: string, family = "02"): string {
  return `${family} ${prefixLength} 00 00 fe 03 00 01 00 00 00 00`;
}

test("a question names the address, and the interface when there is one", () => {
  const question = { address: ip("192.0.2.1"), match: true, through: ifIndex(3) };
  // nlmsghdr, rtmsg with RTM_F_FIB_MATCH, RTA_DST, RTA_OIF.
  assert.equal(
    toHex(encodeRouteQuestion(question, 7)),
    "2c0000001a0001000700000000000000" + "022000000000000000200000" + "08000100c0000201" +
      "0800040003000000",
  );
});

test("a default route with its gateway", () => {
  const octets = `${header("00")} 08000500 0a4d0009 08000400 02000000`;
  assert.deepEqual(answer(octets), ["0.0.0.0/0", "10.77.0.9", "2", "none"]);
});

test("a way to a neighbour has a source and no gateway", () => {
  const octets = `${header("20")} 08000100 0a4d0009 08000400 02000000 08000700 0a4d0001`;
  assert.deepEqual(answer(octets), ["10.77.0.9/32", "none", "2", "10.77.0.1"]);
});

test("of several next hops the first one counts", () => {
  const hop = (last: string, through: string): string =>
    `1000 00 00 ${through}000000 08000500 0a4d00${last}`;
  const octets = `${header("00")} 2400 0900 ${hop("09", "02")} ${hop("08", "03")}`;
  assert.deepEqual(answer(octets), ["0.0.0.0/0", "10.77.0.9", "2", "none"]);
});

test("a next hop of IPv6 for a route of IPv4", () => {
  const gateway = "fe800000000000000000000000000009";
  const octets = `${header("00")} 1600 1200 0a00 ${gateway} 0000 08000400 02000000`;
  assert.deepEqual(answer(octets), ["0.0.0.0/0", "fe80::9", "2", "none"]);
});

test("an answer that is cut short is none", () => {
  assert.deepEqual(answer("02 00"), []);
  assert.deepEqual(answer(`${header("00")} 0800 0500 0a`), []);
  assert.deepEqual(answer(header("00", "63")), []);
});
